//! `POST /send`: accept a message.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use http::StatusCode;
use tidings_pipeline::accept;
use tidings_store::IdempotencyKey;
use tidings_wire::error::ErrorBody;
use tidings_wire::send::{MessageIdResponse, SendResponse};

use super::body::{Form, SendBody};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::idempotency::ReplyKept;
use crate::query::Query;

/// Send a message.
///
/// Answers once the message is durably stored; what becomes of it is told by `GET /messages/{message_id}`. With
/// `dry_run=true` nothing is stored or sent: the answer is the plan, why it is so, and what would be rendered.
#[utoipa::path(
    post, path = "/send", tag = "send",
    params(("dry_run" = Option<bool>, Query, description = "Only say what would happen.")),
    request_body(content = Object, description = "`{\"message\": {\"to\": ..., \"content\" or \"template\": ..., ...}}`"),
    responses(
        (status = 202, description = "Accepted.", body = SendResponse),
        (status = 200, description = "What would happen, for a dry run.", body = Object),
        (status = 400, description = "The message is wrong; nothing was stored.", body = ErrorBody),
        (status = 409, description = "A call with the same idempotency key is under way.", body = ErrorBody),
        (status = 413, description = "The body is too large.", body = ErrorBody),
        (status = 422, description = "The idempotency key was used with another body.", body = ErrorBody),
    ),
)]
pub(super) async fn send(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
    key: Option<Extension<IdempotencyKey>>,
    SendBody { form, value }: SendBody,
) -> ApiResult<Response> {
    let services = state.services();
    if query.flag("dry_run")? == Some(true) {
        return Ok(Json(accept::dry_run(services, &caller, value).await?).into_response());
    }
    let key = key.map(|Extension(key)| key);
    let kept = key.is_some();
    let mut response = match form {
        Form::Message => {
            let accepted = accept::send(services, &caller, value, key).await?;
            let reply = SendResponse {
                request_id: accepted.request_id.into_string(),
            };
            (StatusCode::ACCEPTED, Json(reply)).into_response()
        }
        Form::Event => {
            let accepted = accept::send_v1(services, &caller, value, key).await?;
            let reply = MessageIdResponse {
                message_id: accepted.request_id.into_string(),
            };
            (StatusCode::ACCEPTED, Json(reply)).into_response()
        }
    };
    if kept {
        response.extensions_mut().insert(ReplyKept);
    }
    Ok(response)
}
