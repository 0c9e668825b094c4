//! Messages as the log shows them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_types::{Object, Reason, Status, Timestamp, TraceEntry};
use utoipa::ToSchema;

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MessageDetails {
    /// Its id.
    pub id: String,
    /// Where it stands.
    #[schema(value_type = String, examples("DELIVERED"))]
    pub status: Status,
    /// When it was accepted, in epoch milliseconds.
    #[schema(value_type = i64)]
    pub enqueued: Timestamp,
    /// When a provider first took it over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub sent: Option<Timestamp>,
    /// When delivery was first confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub delivered: Option<Timestamp>,
    /// When it was first opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub opened: Option<Timestamp>,
    /// When something in it was first clicked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub clicked: Option<Timestamp>,
    /// Since when the person has it marked as read, in the inbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub read: Option<Timestamp>,
    /// Since when the person has put it away, in the inbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub archived: Option<Timestamp>,
    /// When it was called off.
    #[serde(rename = "canceledAt", default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub canceled_at: Option<Timestamp>,
    /// The event it was sent for; the template's id when none was named.
    pub event: String,
    /// The template's id; empty for inline content.
    pub notification: String,
    /// The recipient.
    pub recipient: String,
    /// The recipient's user id, where known.
    #[serde(rename = "recipientId", default, skip_serializing_if = "Option::is_none")]
    pub recipient_id: Option<String>,
    /// Why it ended without reaching the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, examples("UNSUBSCRIBED"))]
    pub reason: Option<Reason>,
    /// The same in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The caller's correlation string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// What each provider made of it. Only where a single message is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    pub providers: Option<Vec<Value>>,
}

/// A line of a message's history: `type`, `ts` in epoch milliseconds, and what belongs to that type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistoryEntry {
    /// What happened.
    #[serde(rename = "type")]
    pub kind: String,
    /// When, in epoch milliseconds.
    pub ts: i64,
    /// What else is known of it.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub fields: Object,
}

/// A rendering of a message for one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OutputEntry {
    /// The channel key, such as `email:smtp`.
    pub channel: String,
    /// The id of the channel's block.
    pub channel_id: String,
    /// What was rendered.
    pub content: OutputContent,
}

/// What was rendered. Clients demand every field, so those a channel does not have are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct OutputContent {
    /// The HTML part of a mail.
    pub html: String,
    /// The heading.
    pub title: String,
    /// The text of channels without parts.
    pub body: String,
    /// The subject of a mail.
    pub subject: String,
    /// The text part of a mail.
    pub text: String,
    /// Blocks, in order.
    #[schema(value_type = Vec<Object>)]
    pub blocks: Vec<Value>,
}

/// Why a person did, or did not, get a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MessageTrace {
    /// Where the message stands.
    #[schema(value_type = String)]
    pub status: Status,
    /// Why it ended without reaching the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub reason: Option<Reason>,
    /// What the latest decision considered, in order.
    #[schema(value_type = Vec<Object>)]
    pub considered: Vec<TraceEntry>,
    /// What happened since acceptance, in order.
    #[schema(value_type = Vec<Object>)]
    pub happened: Vec<TraceEntry>,
}
