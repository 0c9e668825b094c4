//! `POST /send/list`: the older form of a send to a list.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use http::StatusCode;
use tidings_pipeline::accept;
use tidings_store::IdempotencyKey;
use tidings_types::{ErrorKind, RequestId};
use tidings_wire::error::ErrorBody;
use tidings_wire::send::MessageIdResponse;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonValue;
use crate::error::{ApiError, ApiResult};
use crate::idempotency::ReplyKept;

/// Send a template to a list, or to lists by pattern: `{"event", "list" or "pattern", "data", "brand", "override"}`.
#[utoipa::path(
    post, path = "/send/list", tag = "send",
    request_body(content = Object, example = json!({"event": "weekly", "list": "news"})),
    responses((status = 202, body = MessageIdResponse), (status = 400, body = ErrorBody)),
)]
pub(super) async fn send_list(
    caller: ApiCaller,
    State(state): State<AppState>,
    key: Option<Extension<IdempotencyKey>>,
    JsonValue(body): JsonValue,
) -> ApiResult<Response> {
    let key = key.map(|Extension(key)| key);
    let kept = key.is_some();
    let accepted = accept::send_list(state.services(), &caller, &body, key).await;
    // After a fault of ours it is not known whether the reply was kept; it must not be replaced then.
    let settled = kept
        && accepted
            .as_ref()
            .map_or_else(|error| error.kind() == ErrorKind::Internal, |_| true);
    let mut response = match accepted {
        Ok(accepted) => reply(accepted.request_id),
        Err(error) => ApiError::from(error).into_response(),
    };
    if settled {
        response.extensions_mut().insert(ReplyKept);
    }
    Ok(response)
}

fn reply(id: RequestId) -> Response {
    let message_id = id.into_string();
    (StatusCode::ACCEPTED, Json(MessageIdResponse { message_id })).into_response()
}
