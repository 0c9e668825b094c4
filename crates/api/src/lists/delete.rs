//! `DELETE /lists/{list_id}`: take a list away.

use axum::extract::State;
use http::StatusCode;
use tidings_wire::error::ErrorBody;

use super::stored::not_found;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Take a list away. Its people are kept, in case it is restored.
#[utoipa::path(
    delete, path = "/lists/{list_id}", tag = "lists",
    params(("list_id" = String, Path)),
    responses((status = 204, description = "Gone."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn delete_list(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let services = state.services();
    let now = services.clock.now();
    if services.store.delete_list(caller.environment, &id, now).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(not_found(&id).into())
    }
}
