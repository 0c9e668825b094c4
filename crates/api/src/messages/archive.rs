//! `POST /messages/{message_id}/archive`: the older name of archiving a request.

use axum::extract::State;
use http::StatusCode;
use tidings_types::RequestId;
use tidings_wire::error::ErrorBody;

use super::archive_request::hide;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Hide a message from listings.
#[utoipa::path(
    post, path = "/messages/{message_id}/archive", tag = "messages",
    params(("message_id" = String, Path)),
    responses((status = 204, description = "Hidden."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn archive(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<RequestId>,
) -> ApiResult<StatusCode> {
    Ok(hide(&state, caller.environment, &id).await?)
}
