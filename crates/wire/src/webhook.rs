//! Endpoints that are told what happens, and what came of telling them. Our own addition to the API.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_types::Timestamp;
use utoipa::ToSchema;

use crate::optional::null_default;

/// What `POST` and `PUT /webhooks` take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WebhookWrite {
    /// Where deliveries are posted to: `https` or `http`, on a public host.
    #[schema(examples("https://example.com/hooks/tidings"))]
    pub url: String,
    /// What people say of it.
    #[serde(default)]
    pub description: Option<String>,
    /// Which events it wants; empty for all.
    #[serde(default, deserialize_with = "null_default")]
    #[schema(examples(json!(["message:updated"])))]
    pub events: Vec<String>,
    /// Deliveries are signed with it; without one they are not signed. A mask keeps what is stored.
    #[serde(default)]
    pub secret: Option<String>,
    /// Whether it is told anything.
    #[serde(default)]
    pub enabled: Option<bool>,
}

/// An endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// Where deliveries are posted to.
    pub url: String,
    /// What people say of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Which events it wants; empty for all.
    pub events: Vec<String>,
    /// A mask when one is set.
    pub secret: Option<String>,
    /// Whether it is told anything.
    pub enabled: bool,
    /// Why it was disabled, when it was not by hand: it said that it is gone, or took nothing for a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_reason: Option<String>,
    /// When that was, in epoch milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub disabled_at: Option<Timestamp>,
    /// When it last took a delivery.
    #[schema(value_type = Option<i64>)]
    pub last_success: Option<Timestamp>,
    /// When it last did not.
    #[schema(value_type = Option<i64>)]
    pub last_failure: Option<Timestamp>,
    /// Since when it has taken nothing; null while it works.
    #[schema(value_type = Option<i64>)]
    pub failing_since: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = i64)]
    pub created: Timestamp,
    /// When it was last changed.
    #[schema(value_type = Option<i64>)]
    pub updated: Option<Timestamp>,
}

/// Something that is told, or was told, to one endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WebhookDelivery {
    /// Its id.
    pub id: String,
    /// What is told.
    #[schema(examples("message:updated"))]
    pub event: String,
    /// The id of what it is about, such as a message.
    pub resource: String,
    /// `pending`, `delivered` or `failed`.
    pub state: String,
    /// When it was made, in epoch milliseconds.
    #[schema(value_type = i64)]
    pub created: Timestamp,
    /// When it is tried next.
    #[schema(value_type = Option<i64>)]
    pub next_attempt: Option<Timestamp>,
    /// How often it was tried since it was made or last asked for again; `attempts` holds earlier ones, too.
    pub tries: u32,
    /// The latest attempts, oldest first.
    pub attempts: Vec<WebhookAttempt>,
    /// The body, as it is sent. Only where a single delivery is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub payload: Option<Value>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WebhookAttempt {
    /// When it began, in epoch milliseconds.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The beginning of the answer.
    pub answer: String,
    /// Why there was no answer.
    pub error: Option<String>,
}
