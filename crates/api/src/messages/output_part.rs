//! `GET /messages/{message_id}/output/{channel_id}/{part}`: one part of a rendering, as it is.
//!
//! These are the paths that `RENDERED` lines of the history name.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};
use serde_json::Value;
use tidings_types::{Error, MessageId};
use tidings_wire::error::ErrorBody;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read one part of a rendering: `html`, `title`, `body`, `subject`, `text` or `blocks`.
#[utoipa::path(
    get, path = "/messages/{message_id}/output/{channel_id}/{part}", tag = "messages",
    params(("message_id" = String, Path), ("channel_id" = String, Path), ("part" = String, Path)),
    responses(
        (status = 200, description = "The part alone.", body = String, content_type = "text/html"),
        (status = 404, body = ErrorBody),
    ),
)]
pub(super) async fn output_part(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((id, channel_id, part)): Path<(MessageId, String, String)>,
) -> ApiResult<Response> {
    let outputs = state.services().store.outputs(caller.environment, &id).await?;
    let output = outputs.into_iter().find(|output| output.channel_id == channel_id);
    let value = output.and_then(|output| output.content.get(&part).cloned());
    let (content_type, body) = match (part.as_str(), value) {
        ("html", Some(Value::String(text))) => ("text/html; charset=utf-8", text),
        ("title" | "body" | "subject" | "text", Some(Value::String(text))) => ("text/plain; charset=utf-8", text),
        ("blocks", Some(blocks @ Value::Array(_))) => ("application/json", blocks.to_string()),
        _ => return Err(Error::not_found("Output not found").into()),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        // A mail's HTML is somebody else's: shown here, it may run nothing and reach nothing of this origin.
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox")),
    ];
    Ok((headers, body).into_response())
}
