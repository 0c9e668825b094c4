//! `POST /users/{user_id}/preference-page/undo`: what was said before is said again.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::preferences;
use tidings_types::Timestamp;
use tidings_wire::error::ErrorBody;
use tidings_wire::preference_page::{PageChanged, UndoRequest};

use super::changed;
use crate::AppState;
use crate::auth::{UserCaller, WritePreferences};
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::query::Query;

/// Take a change back that was made through these operations. What was changed again since stays.
#[utoipa::path(
    post, path = "/users/{user_id}/preference-page/undo", tag = "preferences",
    params(
        ("user_id" = String, Path),
        ("tenant_id" = Option<String>, Query, description = "As it was given with the change."),
    ),
    request_body = UndoRequest,
    responses((status = 200, body = PageChanged), (status = 403, body = ErrorBody)),
)]
pub(super) async fn undo_preference_change(
    caller: UserCaller<WritePreferences>,
    State(state): State<AppState>,
    query: Query,
    JsonBody(request): JsonBody<UndoRequest>,
) -> ApiResult<Json<PageChanged>> {
    let speaker = caller.speaker(caller.tenant(&state, &query).await?, None);
    let at = Timestamp::from_millis(request.at);
    Ok(Json(changed(preferences::undo(state.services(), &speaker, at).await?)))
}
