//! `GET /messages/{message_id}`: where a message stands.

use axum::Json;
use axum::extract::State;
use tidings_types::MessageId;
use tidings_wire::error::ErrorBody;
use tidings_wire::message::MessageDetails;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use tidings_pipeline::webhooks::details;

/// Read a message.
#[utoipa::path(
    get, path = "/messages/{message_id}", tag = "messages",
    params(("message_id" = String, Path)),
    responses((status = 200, body = MessageDetails), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<MessageDetails>> {
    let row = super::find(&state, caller.environment, &id).await?;
    Ok(Json(details(row)?))
}
