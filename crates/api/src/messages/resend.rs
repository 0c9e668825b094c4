//! `POST /messages/{message_id}/resend`: the same message again.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::accept;
use tidings_types::MessageId;
use tidings_wire::error::ErrorBody;
use tidings_wire::send::MessageIdResponse;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Send a stored message again, to the same recipient, as a new message.
#[utoipa::path(
    post, path = "/messages/{message_id}/resend", tag = "messages",
    params(("message_id" = String, Path)),
    responses(
        (status = 200, body = MessageIdResponse),
        (status = 404, body = ErrorBody),
        (status = 409, description = "Its data was redacted, so it cannot be sent again.", body = ErrorBody),
    ),
)]
pub(super) async fn resend(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<MessageIdResponse>> {
    let message_id = accept::resend(state.services(), &caller, &id).await?;
    Ok(Json(MessageIdResponse {
        message_id: message_id.into_string(),
    }))
}
