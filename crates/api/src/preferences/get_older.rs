//! `GET /preferences/{recipient_id}`: what a person said, in the older form.

use axum::Json;
use axum::extract::State;
use tidings_types::UserId;
use tidings_wire::recipient_preferences::RecipientPreferences;

use super::older;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read what a person said of topics and templates, in the older form.
#[utoipa::path(
    get, path = "/preferences/{recipient_id}", tag = "preferences",
    params(("recipient_id" = String, Path)),
    responses((status = 200, body = RecipientPreferences)),
)]
pub(super) async fn get_recipient_preferences(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
) -> ApiResult<Json<RecipientPreferences>> {
    let stored = state
        .services()
        .store
        .preferences(caller.environment, &user, None)
        .await?;
    Ok(Json(older::shown(stored).unwrap_or_default()))
}
