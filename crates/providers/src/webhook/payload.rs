//! The JSON a webhook receives.

use serde_json::{Value, json};
use tidings_types::rendered::Webhook;

use crate::Call;

/// `{event, recipient, profile, data, messageId, content}`. The profile is what the send gave, or all that is stored.
pub(super) fn build(call: &Call<'_>, content: &Webhook, expanded: bool) -> Value {
    let message = call.message;
    json!({
        "event": message.event,
        "recipient": message.recipient,
        "profile": if expanded { message.profile } else { message.given_profile },
        "data": message.data,
        "messageId": message.message_id,
        "content": { "title": content.title, "body": content.body, "blocks": content.blocks },
    })
}
