//! `POST /users/{user_id}/preference-page/unsubscribe-all`: opting out of all that may be left.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::preferences;
use tidings_wire::error::ErrorBody;
use tidings_wire::preference_page::PageChanged;

use super::changed;
use crate::AppState;
use crate::auth::{UserCaller, WritePreferences};
use crate::error::ApiResult;
use crate::query::Query;

/// Opt a person out of everything that may be left: of what is neither required nor transactional.
#[utoipa::path(
    post, path = "/users/{user_id}/preference-page/unsubscribe-all", tag = "preferences",
    params(
        ("user_id" = String, Path),
        ("tenant_id" = Option<String>, Query, description = "For this tenant only."),
    ),
    responses((status = 200, body = PageChanged), (status = 403, body = ErrorBody)),
)]
pub(super) async fn unsubscribe_from_all(
    caller: UserCaller<WritePreferences>,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<PageChanged>> {
    let speaker = caller.speaker(caller.tenant(&state, &query).await?, None);
    Ok(Json(changed(preferences::leave_all(state.services(), &speaker).await?)))
}
