//! Broadcasts: messages prepared for a list or an audience.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What `POST /broadcasts` takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BroadcastCreate {
    /// Its name.
    pub name: String,
    /// `email`, `sms`, `push`, `inbox`, `slack` or `msteams`.
    #[schema(examples("email"))]
    pub channel: String,
}

/// What `PUT /broadcasts/{broadcast_id}` takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BroadcastRename {
    /// Its name.
    pub name: String,
}

/// A broadcast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Broadcast {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its channel.
    pub channel: String,
    /// `draft`, `scheduled`, `sending` or `sent`.
    #[schema(examples("draft"))]
    pub status: String,
    /// To whom it goes, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<BroadcastSchedule>,
    /// When it was made, ISO 8601.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
    /// When it was last changed, ISO 8601.
    pub updated_at: String,
    /// By whom.
    pub updated_by: String,
    /// When it was archived, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<String>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_by: Option<String>,
    /// The request it is sent as: our own addition, for `GET /requests/{request_id}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// To whom a broadcast goes, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BroadcastSchedule {
    /// The list or audience.
    pub recipient_id: String,
    /// `list` or `audience`.
    pub recipient_type: String,
    /// When: a wall clock without offset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_to: Option<String>,
    /// In which zone; UTC unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}
