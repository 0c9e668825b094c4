//! `GET /messages/{message_id}/trace`: why this person did, or did not, get it.

use axum::Json;
use axum::extract::State;
use tidings_types::MessageId;
use tidings_wire::error::ErrorBody;
use tidings_wire::message::MessageTrace;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read why a person did, or did not, get a message.
///
/// Every channel and provider that was considered, and why it was used or not. No value of the message stands in it.
#[utoipa::path(
    get, path = "/messages/{message_id}/trace", tag = "messages",
    params(("message_id" = String, Path)),
    responses((status = 200, body = MessageTrace), (status = 404, body = ErrorBody)),
)]
pub(super) async fn trace(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<MessageTrace>> {
    let row = super::find(&state, caller.environment, &id).await?;
    Ok(Json(MessageTrace {
        status: row.status,
        reason: row.reason,
        considered: row.trace.considered,
        happened: row.trace.happened,
    }))
}
