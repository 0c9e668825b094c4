//! `PUT /lists/{list_id}/restore`: bring a list back.

use axum::extract::State;
use http::StatusCode;
use tidings_wire::error::ErrorBody;

use super::stored::not_found;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Bring a deleted list back, with its people.
#[utoipa::path(
    put, path = "/lists/{list_id}/restore", tag = "lists",
    params(("list_id" = String, Path)),
    responses((status = 204, description = "It is there."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn restore_list(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let services = state.services();
    let now = services.clock.now();
    if services.store.restore_list(caller.environment, &id, now).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(not_found(&id).into())
    }
}
