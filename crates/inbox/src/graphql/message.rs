//! A message of a person's feed.

use async_graphql::{Object, SimpleObject, Union};
use serde_json::Value;
use tidings_store::FeedEntry;

use super::tracking_ids::TrackingIds;
use crate::message;

/// A message of a person's feed. Moments are in UTC with milliseconds, which clients compare letter by letter; a state is
/// the moment since when it holds, or null.
pub(super) struct InboxMessage(pub(super) FeedEntry);

#[Object]
impl InboxMessage {
    async fn message_id(&self) -> &str {
        self.0.message_id.as_str()
    }

    /// The tenant.
    async fn account_id(&self) -> Option<&str> {
        self.0.entry.tenant_id.as_deref()
    }

    async fn title(&self) -> Option<&str> {
        message::filled(&self.0.entry.content.title)
    }

    async fn preview(&self) -> Option<&str> {
        message::filled(&self.0.entry.content.preview)
    }

    /// The text again, for clients that show HTML; there is none.
    async fn body(&self) -> Option<&str> {
        None
    }

    async fn icon(&self) -> Option<&str> {
        self.0.entry.content.icon.as_deref()
    }

    async fn created(&self) -> String {
        self.0.entry.created.to_rfc3339()
    }

    async fn read(&self) -> Option<String> {
        self.0.read.map(tidings_types::Timestamp::to_rfc3339)
    }

    async fn opened(&self) -> Option<String> {
        self.0.opened.map(tidings_types::Timestamp::to_rfc3339)
    }

    async fn archived(&self) -> Option<String> {
        self.0.archived.map(tidings_types::Timestamp::to_rfc3339)
    }

    /// Values for the app.
    async fn data(&self) -> Option<Value> {
        let data = &self.0.entry.content.data;
        (!data.is_empty()).then(|| Value::Object(data.clone()))
    }

    async fn tags(&self) -> &[String] {
        &self.0.entry.content.tags
    }

    async fn tracking_ids(&self) -> TrackingIds {
        TrackingIds::of(&self.0.message_id)
    }

    async fn pinned(&self) -> Option<Pinned> {
        self.0.slot.clone().map(|slot_id| Pinned { slot_id })
    }

    /// Buttons. All versions are the same here.
    async fn actions(&self, version: Option<i32>) -> Vec<InboxAction> {
        let _ = version;
        self.buttons()
    }

    /// The message as one is shown that stands alone.
    async fn content(&self) -> InboxMessageContent {
        let content = &self.0.entry.content;
        let words = message::filled(&content.preview).map(|text| {
            Elemental::Text(TextElement {
                kind: "text",
                content: text.to_owned(),
            })
        });
        let buttons = content.actions.iter().map(|action| {
            Elemental::Action(ActionElement {
                kind: "action",
                content: action.content.clone(),
                href: message::filled(&action.href).map(str::to_owned),
            })
        });
        InboxMessageContent {
            html: None,
            title: message::filled(&content.title).map(str::to_owned),
            preview: message::filled(&content.preview).map(str::to_owned),
            actions: self.buttons(),
            elemental: words.into_iter().chain(buttons).collect(),
        }
    }
}

impl InboxMessage {
    fn buttons(&self) -> Vec<InboxAction> {
        let actions = self.0.entry.content.actions.iter();
        let button = |action: &tidings_types::rendered::InboxAction| InboxAction {
            content: action.content.clone(),
            href: message::filled(&action.href).map(str::to_owned),
            data: message::action_data(&self.0.message_id, action),
            background_color: action.background_color.clone(),
            style: action.style.clone(),
        };
        actions.map(button).collect()
    }
}

/// The place a message is pinned to.
#[derive(SimpleObject)]
struct Pinned {
    slot_id: String,
}

/// A button.
#[derive(SimpleObject)]
struct InboxAction {
    content: String,
    /// Null when it leads nowhere: the page does what it stands for.
    href: Option<String>,
    data: Value,
    #[graphql(name = "background_color")]
    background_color: Option<String>,
    style: Option<String>,
}

/// A message that stands alone.
#[derive(SimpleObject)]
struct InboxMessageContent {
    html: Option<String>,
    title: Option<String>,
    preview: Option<String>,
    actions: Vec<InboxAction>,
    elemental: Vec<Elemental>,
}

/// A part of a message.
#[derive(Union)]
enum Elemental {
    /// Words.
    Text(TextElement),
    /// A button.
    Action(ActionElement),
}

/// Words.
#[derive(SimpleObject)]
struct TextElement {
    #[graphql(name = "type")]
    kind: &'static str,
    content: String,
}

/// A button.
#[derive(SimpleObject)]
struct ActionElement {
    #[graphql(name = "type")]
    kind: &'static str,
    content: String,
    href: Option<String>,
}
