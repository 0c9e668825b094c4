//! A message as sockets carry it.

use serde_json::{Value, json};
use tidings_store::FeedEntry;
use tidings_types::rendered::InboxAction;
use tidings_types::{MessageId, Timestamp};

use crate::graphql::tracking_ids::TrackingIds;
use crate::tracking::{Happening, TrackingId};

/// A text, unless it is empty: clients show words of their own for a text that is missing.
pub(crate) fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// What a button carries: its own values, and beside them what clients report when it was clicked.
pub(crate) fn action_data(message: &MessageId, action: &InboxAction) -> Value {
    let mut data = action.data.clone();
    let clicked = TrackingId::new(Happening::Clicked, message).to_string();
    data.insert("trackingId".to_owned(), Value::from(clicked));
    Value::Object(data)
}

/// A message as JSON. Tracking ids stand in it twice, because some clients look for them among the message's values and
/// others beside them.
pub(crate) fn on_the_wire(entry: &FeedEntry) -> Value {
    let content = &entry.entry.content;
    let tracking_ids = json!(TrackingIds::of(&entry.message_id));
    let mut data = content.data.clone();
    data.insert("trackingIds".to_owned(), tracking_ids.clone());
    let actions = content.actions.iter().map(|action| {
        json!({
            "content": action.content,
            "href": filled(&action.href),
            "data": action_data(&entry.message_id, action),
            "style": action.style,
            "background_color": action.background_color,
        })
    });
    json!({
        "messageId": entry.message_id,
        "accountId": entry.entry.tenant_id,
        "title": filled(&content.title),
        "preview": filled(&content.preview),
        "icon": content.icon,
        "created": entry.entry.created.to_rfc3339(),
        "read": entry.read.map(Timestamp::to_rfc3339),
        "opened": entry.opened.map(Timestamp::to_rfc3339),
        "archived": entry.archived.map(Timestamp::to_rfc3339),
        "data": data,
        "tags": content.tags,
        "trackingIds": tracking_ids,
        "pinned": entry.slot.as_ref().map(|slot| json!({ "slotId": slot })),
        "actions": actions.collect::<Vec<_>>(),
    })
}
