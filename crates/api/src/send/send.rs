//! `POST /send`: accept a message.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use http::StatusCode;
use tidings_pipeline::accept;
use tidings_store::IdempotencyKey;
use tidings_types::{ErrorKind, RequestId};
use tidings_wire::error::ErrorBody;
use tidings_wire::send::{MessageIdResponse, SendResponse};

use super::body::{Form, SendBody};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::{ApiError, ApiResult};
use crate::idempotency::ReplyKept;
use crate::query::Query;

/// Send a message.
///
/// Answers once the message is durably stored; what becomes of it is told by `GET /messages/{message_id}`. With
/// `dry_run=true` nothing is stored or sent: the answer is the plan, why it is so, and what would be rendered.
#[utoipa::path(
    post, path = "/send", tag = "send",
    params(("dry_run" = Option<bool>, Query, description = "Only say what would happen.")),
    request_body(
        content = Object,
        description = "`{\"message\": {\"to\": ..., \"content\" or \"template\": ..., ...}}`",
        example = json!({"message": {
            "to": {"email": "ada@example.com"},
            "content": {"title": "Hi, {{name}}!", "body": "Your code is **{{code}}**."},
            "data": {"name": "Ada", "code": "123456"},
        }}),
    ),
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
    let accepted = match form {
        Form::Message => accept::send(services, &caller, value, key).await,
        Form::Event => accept::send_v1(services, &caller, value, key).await,
    };
    // After a fault of ours it is not known whether the reply was kept; it must not be replaced then.
    let settled = kept
        && accepted
            .as_ref()
            .map_or_else(|error| error.kind() == ErrorKind::Internal, |_| true);
    let mut response = match accepted {
        Ok(accepted) => reply(form, accepted.request_id),
        Err(error) => ApiError::from(error).into_response(),
    };
    if settled {
        response.extensions_mut().insert(ReplyKept);
    }
    Ok(response)
}

fn reply(form: Form, id: RequestId) -> Response {
    let id = id.into_string();
    match form {
        Form::Message => (StatusCode::ACCEPTED, Json(SendResponse { request_id: id })).into_response(),
        Form::Event => (StatusCode::ACCEPTED, Json(MessageIdResponse { message_id: id })).into_response(),
    }
}
