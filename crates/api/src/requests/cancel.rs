//! `POST /requests/{request_id}/cancel`: call a request off.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::requests;
use tidings_types::{Error, RequestId};
use tidings_wire::error::ErrorBody;
use tidings_wire::request::RequestDetails;

use super::get::details;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Call a request off: nothing more is expanded, and nothing is handed over that has not been.
///
/// The messages get their status in the background; calling off twice is no mistake.
#[utoipa::path(
    post, path = "/requests/{request_id}/cancel", tag = "messages",
    params(("request_id" = String, Path)),
    responses((status = 200, description = "As it stands.", body = RequestDetails), (status = 404, body = ErrorBody)),
)]
pub(super) async fn cancel_request(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<RequestId>,
) -> ApiResult<Json<RequestDetails>> {
    let (services, environment) = (state.services(), caller.environment);
    if !requests::cancel(services, environment, &id).await? {
        return Err(Error::not_found("Request not found").into());
    }
    Ok(Json(details(services, environment, &id).await?))
}
