//! `PUT /requests/{request_id}/archive`: hide a request's messages from listings.

use axum::extract::State;
use http::StatusCode;
use tidings_pipeline::requests;
use tidings_types::{Environment, RequestId, Result};
use tidings_wire::error::ErrorBody;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Hide a request's messages from listings, and put them away in people's feeds.
///
/// The first 256 are hidden when this is answered, the others of a larger request in the background.
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
    if requests::archive(state.services(), environment, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(super::not_found())
    }
}
