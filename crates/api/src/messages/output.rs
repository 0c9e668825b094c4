//! `GET /messages/{message_id}/output`: what was rendered.

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tidings_store::Output;
use tidings_types::MessageId;
use tidings_wire::error::ErrorBody;
use tidings_wire::message::{OutputContent, OutputEntry};
use tidings_wire::paging::Whole;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read what was rendered for each channel.
#[utoipa::path(
    get, path = "/messages/{message_id}/output", tag = "messages",
    params(("message_id" = String, Path)),
    responses((status = 200, body = Whole<OutputEntry>), (status = 404, body = ErrorBody)),
)]
pub(super) async fn output(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<Whole<OutputEntry>>> {
    super::find(&state, caller.environment, &id).await?;
    let outputs = state.services().store.outputs(caller.environment, &id).await?;
    Ok(Json(Whole {
        results: outputs.into_iter().map(entry).collect(),
    }))
}

fn entry(output: Output) -> OutputEntry {
    let text = |name: &str| {
        output
            .content
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let content = OutputContent {
        html: text("html"),
        title: text("title"),
        body: text("body"),
        subject: text("subject"),
        text: text("text"),
        blocks: output
            .content
            .get("blocks")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default(),
    };
    OutputEntry {
        channel: output.channel,
        channel_id: output.channel_id,
        content,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_there() {
        let output = Output {
            channel: "sms:twilio".to_owned(),
            channel_id: "elem_1".to_owned(),
            content: serde_json::json!({"body": "hi", "title": null}),
        };
        let expected = serde_json::json!({
            "channel": "sms:twilio", "channel_id": "elem_1",
            "content": {"html": "", "title": "", "body": "hi", "subject": "", "text": "", "blocks": []},
        });
        assert_eq!(serde_json::to_value(entry(output)).unwrap(), expected);
    }
}
