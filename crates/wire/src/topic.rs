//! Subscription topics: what people can choose to hear of.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_types::quiet::QuietHours;
use tidings_types::topic_rules::Limit;
use tidings_types::{Channel, Classification, Object, PreferenceStatus};
use utoipa::ToSchema;

use crate::digest::{Digest, DigestWrite};
use crate::optional::{null_default, present};

/// What `POST` and `PUT /preferences/sections/{section_id}/topics` take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TopicWrite {
    /// Its name.
    #[schema(examples("Password resets"))]
    pub name: String,
    /// Shown beneath the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What holds for people who said nothing.
    #[schema(value_type = String, examples("OPTED_IN"))]
    pub default_status: PreferenceStatus,
    /// The channels people may choose from.
    #[serde(default, deserialize_with = "null_default")]
    #[schema(value_type = Vec<String>)]
    pub routing_options: Vec<Channel>,
    /// What people may set besides the status.
    #[serde(default, deserialize_with = "null_default")]
    pub allowed_preferences: Vec<AllowedPreference>,
    /// Whether mails of this topic carry `List-Unsubscribe`.
    #[serde(default, deserialize_with = "null_default")]
    pub include_unsubscribe_header: bool,
    /// The owner's own values.
    #[serde(default, deserialize_with = "null_default")]
    #[schema(value_type = Object)]
    pub topic_data: Object,
    /// `transactional`, `product` or `marketing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub classification: Option<Classification>,
    /// Whether opting in must be confirmed by mail before anything is sent. Marketing only.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub double_opt_in: bool,
    /// What you call the words that people agree to, as they are now, such as `2026-09`. The consent ledger names them by
    /// it; without it, by a fingerprint of name and description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_wording: Option<String>,
    /// When its messages wait, unless the person says otherwise: `{"start": "22:00", "end": "07:00"}` on their own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub quiet_hours: Option<QuietHours>,
    /// How many of its messages one person gets: `[{"max": 3, "per": "day"}]`; `hour`, `day`, `week` or `month`.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub limits: Vec<Limit>,
    /// How its messages are gathered. Left out, a stored one stays; null turns it off.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<DigestWrite>)]
    pub digest: Option<Option<Value>>,
}

/// What people may set for a topic besides the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AllowedPreference {
    /// A time of silence.
    Snooze,
    /// Which channels.
    ChannelPreferences,
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Topic {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Shown beneath the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What holds for people who said nothing.
    #[schema(value_type = String)]
    pub default_status: PreferenceStatus,
    /// The channels people may choose from.
    #[schema(value_type = Vec<String>)]
    pub routing_options: Vec<Channel>,
    /// What people may set besides the status.
    pub allowed_preferences: Vec<AllowedPreference>,
    /// Whether mails of this topic carry `List-Unsubscribe`.
    pub include_unsubscribe_header: bool,
    /// The owner's own values.
    #[schema(value_type = Object)]
    pub topic_data: Object,
    /// `transactional`, `product` or `marketing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub classification: Option<Classification>,
    /// Whether opting in must be confirmed by mail before anything is sent. Marketing only.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub double_opt_in: bool,
    /// What you call the words that people agree to, as they are now, such as `2026-09`. The consent ledger names them by
    /// it; without it, by a fingerprint of name and description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_wording: Option<String>,
    /// When its messages wait, unless the person says otherwise: `{"start": "22:00", "end": "07:00"}` on their own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub quiet_hours: Option<QuietHours>,
    /// How many of its messages one person gets: `[{"max": 3, "per": "day"}]`; `hour`, `day`, `week` or `month`.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub limits: Vec<Limit>,
    /// How its messages are gathered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// When it was made, ISO 8601.
    pub created: String,
    /// By whom.
    pub creator: String,
    /// When it was last changed, or else made, ISO 8601.
    pub updated: String,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updater: Option<String>,
}
