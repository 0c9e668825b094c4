//! `PUT /requests/{request_id}/archive`: hide a request's messages from listings.

use axum::extract::State;
use http::StatusCode;
use tidings_types::{Environment, RequestId, Result};
use tidings_wire::error::ErrorBody;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Hide a request's messages from listings.
#[utoipa::path(
    put, path = "/requests/{request_id}/archive", tag = "messages",
    params(("request_id" = String, Path)),
    responses((status = 204, description = "Hidden."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn archive_request(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<RequestId>,
) -> ApiResult<StatusCode> {
    Ok(hide(&state, caller.environment, &id).await?)
}

pub(super) async fn hide(state: &AppState, environment: Environment, id: &RequestId) -> Result<StatusCode> {
    if state.services().store.archive_request(environment, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(super::not_found())
    }
}
