//! `PATCH /users/{user_id}/preference-page`: what the page's form does.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::preferences::{Pause, change_page, view};
use tidings_types::Error;
use tidings_wire::error::ErrorBody;
use tidings_wire::preference_page::{PageChange, PageChanged};

use super::changed;
use super::choices::choices;
use crate::auth::{UserCaller, WritePreferences};
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::query::Query;
use crate::user_preferences::choice::{hours, pause};
use crate::{AppState, validation};

/// Change what the preference page offers: of topics whether, through which channels, in which rhythm, not until when and
/// in which hours; of everything a pause and quiet hours. All or none, and undone together.
#[utoipa::path(
    patch, path = "/users/{user_id}/preference-page", tag = "preferences",
    params(
        ("user_id" = String, Path),
        ("tenant_id" = Option<String>, Query, description = "What is chosen of topics holds for this tenant only."),
    ),
    request_body = PageChange,
    responses((status = 200, body = PageChanged), (status = 400, body = ErrorBody)),
)]
pub(super) async fn change_preference_page(
    caller: UserCaller<WritePreferences>,
    State(state): State<AppState>,
    query: Query,
    JsonBody(request): JsonBody<PageChange>,
) -> ApiResult<Json<PageChanged>> {
    let services = state.services();
    let now = services.clock.now();
    let mut everything = Vec::new();
    if let Some(pauses) = pause("pause_until", request.pause_until, now)? {
        everything.push(pauses.first().map_or(Pause::Over, |pause| Pause::Until(pause.until)));
    }
    everything.extend(request.quiet_hours.map(|own| Pause::Hours(hours(own))));
    if everything.is_empty() && request.topics.is_empty() {
        return Err(Error::invalid("Expected `topics`, `pause_until` or `quiet_hours`").into());
    }
    if let Some(wording) = &request.wording {
        validation::wording("wording", wording)?;
    }
    let tenant = caller.tenant(&state, &query).await?;
    let page = view(services, caller.environment, &caller.user, tenant, false).await?;
    let choices = choices(request.topics, &page, now)?;
    let speaker = caller.speaker(tenant, request.wording.as_deref());
    let written = change_page(services, &speaker, choices, &everything).await?;
    let written = written.map_err(|refusal| Error::invalid(format!("topics: {}", refusal.told())))?;
    Ok(Json(changed(written)))
}
