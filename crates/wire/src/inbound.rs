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

/// What `POST /inbound/segment` takes: a call of Segment's specification, as its webhooks deliver it. What else they bring,
/// such as `context` and `timestamp`, is not looked at.
///
/// Source: <https://segment.com/docs/connections/spec/>.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SegmentEvent {
    /// `identify`, `group`, `track`, `page`, `screen` or `alias`.
    #[serde(rename = "type")]
    #[schema(examples("identify"))]
    pub kind: String,
    /// Segment's id for it, by which it is taken once.
    #[serde(rename = "messageId", default)]
    pub message_id: Option<String>,
    /// Who it is about. Of somebody who is known by `anonymousId` alone nothing changes.
    #[serde(rename = "userId", default)]
    pub user_id: Option<String>,
    /// Of `track`: what happened.
    #[serde(default)]
    pub event: Option<String>,
    /// Of `page` and `screen`: which one.
    #[serde(default)]
    pub name: Option<String>,
    /// Of `track`, `page` and `screen`: what there is to know of it.
    #[serde(default, deserialize_with = "crate::optional::null_default")]
    #[schema(value_type = Object)]
    pub properties: Object,
    /// Of `identify` and `group`: what there is to know of the person, or of the group.
    #[serde(default, deserialize_with = "crate::optional::null_default")]
    #[schema(value_type = Object)]
    pub traits: Object,
    /// Of `group`: the tenant.
    #[serde(rename = "groupId", default)]
    pub group_id: Option<String>,
    /// Of `alias`: the id they had before.
    #[serde(rename = "previousId", default)]
    pub previous_id: Option<String>,
}

/// An event as it was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrackedEvent {
    /// Its id.
    #[serde(rename = "messageId")]
    pub message_id: String,
    /// What happened. Of `identify` and `alias` that word, of `group` the tenant, of `page` and `screen` which one.
    pub event: String,
    /// `track`, `identify`, `group`, `page`, `screen` or `alias`.
    #[serde(rename = "type")]
    #[schema(examples("track"))]
    pub kind: String,
    /// What there is to know of it; of `identify` and `group` the traits, of `alias` the
    /// `previousId`.
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
