//! Events that come in, and who changed what.

use serde::{Deserialize, Serialize};
use tidings_types::Object;
use utoipa::ToSchema;

/// What `POST /inbound/courier` takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrackEvent {
    /// What happened.
    pub event: String,
    /// The caller's id for it, by which it is taken once.
    #[serde(rename = "messageId", default)]
    pub message_id: Option<String>,
    /// Always `track`.
    #[serde(rename = "type")]
    #[schema(examples("track"))]
    pub kind: String,
    /// What there is to know of it.
    #[serde(default, deserialize_with = "crate::optional::null_default")]
    #[schema(value_type = Object)]
    pub properties: Object,
    /// Who did it.
    #[serde(rename = "userId", default)]
    pub user_id: Option<String>,
}

/// What `POST /inbound/courier` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrackTaken {
    /// The event's id.
    #[serde(rename = "messageId")]
    pub message_id: String,
}

/// An event as it was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrackedEvent {
    /// Its id.
    #[serde(rename = "messageId")]
    pub message_id: String,
    /// What happened.
    pub event: String,
    /// Always `track`.
    #[serde(rename = "type")]
    #[schema(examples("track"))]
    pub kind: String,
    /// What there is to know of it.
    #[schema(value_type = Object)]
    pub properties: Object,
    /// Who did it.
    #[serde(rename = "userId", default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// When it came in, ISO 8601.
    pub timestamp: String,
}

/// Something that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditEvent {
    /// Its id.
    #[serde(rename = "auditEventId")]
    pub audit_event_id: String,
    /// By whom.
    pub actor: AuditActor,
    /// What.
    #[schema(examples("/brands/main"))]
    pub target: String,
    /// From where.
    #[schema(examples("api"))]
    pub source: String,
    /// When, ISO 8601.
    pub timestamp: String,
    /// How.
    #[serde(rename = "type")]
    #[schema(examples("brands:update"))]
    pub kind: String,
}

/// Who changed something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditActor {
    /// The id of an API key, or of a person.
    pub id: String,
}
