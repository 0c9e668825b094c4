//! `PATCH /users/{user_id}/preference-page`: a pause or quiet hours for everything.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::preferences::{Hours, Pause, pause_everything};
use tidings_types::Error;
use tidings_wire::error::ErrorBody;
use tidings_wire::preference_page::{PageChange, PageChanged};

use super::{changed, speaker};
use crate::auth::{UserCaller, WritePreferences};
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::query::Query;
use crate::{AppState, moment};

/// Pause everything that may be paused, end such a pause, or set quiet hours for everything.
#[utoipa::path(
    patch, path = "/users/{user_id}/preference-page", tag = "preferences",
    params(("user_id" = String, Path)),
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
    let pause = match request.pause_until {
        None => None,
        Some(None) => Some(Pause::Over),
        Some(Some(text)) => {
            let until = moment::parse(&text).filter(|until| *until > services.clock.now());
            let until =
                until.ok_or_else(|| Error::invalid("pause_until: Expected an ISO 8601 moment that is to come"))?;
            Some(Pause::Until(until))
        }
    };
    let hours = request
        .quiet_hours
        .map(|hours| Pause::Hours(hours.map_or(Hours::Default, Hours::Own)));
    let speaker = speaker(caller.environment, &caller.user, &query);
    let mut written = None;
    for wish in pause.into_iter().chain(hours) {
        written = Some(pause_everything(services, &speaker, wish).await?);
    }
    let written = written.ok_or_else(|| Error::invalid("Expected `pause_until` or `quiet_hours`"))?;
    Ok(Json(changed(written)))
}
