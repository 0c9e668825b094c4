//! A message in the channel's own form, ready to be handed to a provider.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Object;

/// A message rendered for one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "channel", rename_all = "snake_case")]
pub enum Rendered {
    /// Mail.
    Email(Email),
    /// Text message.
    Sms(Sms),
    /// Push notification.
    Push(Push),
    /// In-app feed entry.
    Inbox(Inbox),
    /// Chat message.
    DirectMessage(Chat),
    /// JSON for an HTTP call.
    Webhook(Webhook),
}

/// A mailbox: address and optional display name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// `local@domain`.
    pub email: String,
    /// The display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A file that goes with a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The file's name as the reader sees it.
    pub filename: String,
    /// Its media type, such as `application/pdf`.
    pub content_type: String,
    /// Its bytes in base64, standard alphabet.
    pub data: String,
}

/// A mail.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Email {
    /// One line; never holds a line break.
    pub subject: String,
    /// The HTML part: a whole document.
    pub html: String,
    /// The plain text part.
    pub text: String,
    /// Overrides the account's sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Mailbox>,
    /// Where answers go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Mailbox>,
    /// Copies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<Mailbox>,
    /// Blind copies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bcc: Vec<Mailbox>,
    /// Further headers, in order. Names and values hold no line breaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// A text message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sms {
    /// The whole text.
    pub body: String,
}

/// A push notification.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Push {
    /// The heading.
    pub title: String,
    /// The text.
    pub body: String,
    /// What opens when it is tapped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub click_action: Option<String>,
    /// An icon's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Values for the app.
    #[serde(default)]
    pub data: Object,
}

/// A button of an in-app message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxAction {
    /// The label.
    pub content: String,
    /// Where it leads; empty when it leads nowhere, and the app does what it stands for.
    #[serde(default)]
    pub href: String,
    /// `button`, `secondary`, `tertiary` or `link`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
    /// A CSS colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background_color: Option<String>,
    /// Values for the app, when it is pressed.
    #[serde(default, skip_serializing_if = "Object::is_empty")]
    pub data: Object,
}

/// An entry of the in-app feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inbox {
    /// The heading.
    pub title: String,
    /// The text.
    pub preview: String,
    /// Buttons, in order.
    #[serde(default)]
    pub actions: Vec<InboxAction>,
    /// Values for the app.
    #[serde(default)]
    pub data: Object,
    /// The message's tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The place it is pinned to: one of the brand's slots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// An icon's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
}

/// A chat program with a form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatForm {
    /// Slack: `text` and Block Kit `blocks`, as `chat.postMessage` takes them.
    Slack,
    /// Microsoft Teams: an Adaptive Card.
    Msteams,
    /// Discord: `content`, `embeds` and `components`, as a new message takes them.
    Discord,
    /// `WhatsApp`: `text` with its marks of emphasis.
    Whatsapp,
}

impl ChatForm {
    /// The form a provider wants, by its key.
    pub fn of_provider(key: &str) -> Option<Self> {
        match key {
            "slack" => Some(Self::Slack),
            "msteams" => Some(Self::Msteams),
            "discord" => Some(Self::Discord),
            "whatsapp" => Some(Self::Whatsapp),
            _ => None,
        }
    }
}

/// A chat message: plain text, blocks, and where the chat program is known its own form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chat {
    /// The heading.
    pub title: String,
    /// The text, in plain words.
    pub text: String,
    /// `{"type":"text","text":..}` and `{"type":"action","text":..,"url":..}` in order.
    #[serde(default)]
    pub blocks: Vec<Value>,
    /// Which chat program `payload` is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<ChatForm>,
    /// The message in that program's own form.
    #[serde(default, skip_serializing_if = "Object::is_empty")]
    pub payload: Object,
}

/// Content for an HTTP call to the application's own address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Webhook {
    /// The heading.
    pub title: String,
    /// The text, blocks joined by line breaks.
    pub body: String,
    /// `{"type":"text","text":..}` and `{"type":"action","text":..,"url":..}` in order.
    #[serde(default)]
    pub blocks: Vec<Value>,
}
