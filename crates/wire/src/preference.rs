//! What people chose to hear of.

use serde::{Deserialize, Serialize};
use tidings_types::quiet::QuietHours;
use tidings_types::{Channel, PreferenceStatus};
use utoipa::ToSchema;

use crate::optional::present;

/// What holds for a person and a topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TopicPreference {
    /// The topic.
    pub topic_id: String,
    /// Its name.
    pub topic_name: String,
    /// What holds.
    #[schema(value_type = String, examples("OPTED_IN"))]
    pub status: PreferenceStatus,
    /// What holds for people who said nothing.
    #[schema(value_type = String, examples("OPTED_IN"))]
    pub default_status: PreferenceStatus,
    /// Whether the person chose channels.
    pub has_custom_routing: bool,
    /// The channels chosen.
    #[schema(value_type = Vec<String>)]
    pub custom_routing: Vec<Channel>,
    /// The digest rhythm chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_schedule_id: Option<String>,
    /// The section the topic stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section_id: Option<String>,
    /// That section's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section_name: Option<String>,
    /// Until when the person paused it, ISO 8601. Our own addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause_until: Option<String>,
    /// The person's quiet hours for it. Our own addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub quiet_hours: Option<QuietHours>,
}

/// What `GET /users/{user_id}/preferences/{topic_id}` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TopicPreferenceResponse {
    /// What holds.
    pub topic: TopicPreference,
}

/// What `PUT /users/{user_id}/preferences/{topic_id}` takes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TopicPreferenceWrite {
    /// The choice.
    pub topic: TopicChoice,
}

/// A person's choice for one topic.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TopicChoice {
    /// Whether messages reach the person.
    #[schema(value_type = String, examples("OPTED_OUT"))]
    pub status: PreferenceStatus,
    /// Whether `custom_routing` holds.
    #[serde(default)]
    pub has_custom_routing: Option<bool>,
    /// The channels chosen.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    pub custom_routing: Option<Vec<Channel>>,
    /// The digest rhythm: absent keeps it, null goes back to the topic's own.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub digest_schedule_id: Option<Option<String>>,
    /// Nothing of it until then, ISO 8601, where the topic allows `snooze`: absent keeps it, null ends it. Our own addition.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub pause_until: Option<Option<String>>,
    /// Quiet hours of its own, `{"start": "22:00", "end": "07:00"}`, both alike for none: absent keeps them, null goes back
    /// to the topic's. Our own addition.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub quiet_hours: Option<Option<QuietHours>>,
    /// Which version of which words the person agreed to; the topic's own where absent. Our own addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
}

/// What `POST` and `PUT /users/{user_id}/preferences` take.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BulkPreferenceWrite {
    /// The choices.
    pub topics: Vec<BulkTopicChoice>,
    /// Which version of which words the person agreed to; the topics' own where absent. Our own addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
}

/// A person's choice for one of several topics.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BulkTopicChoice {
    /// The topic.
    pub topic_id: String,
    /// Whether messages reach the person.
    #[schema(value_type = String, examples("OPTED_OUT"))]
    pub status: PreferenceStatus,
    /// Whether `custom_routing` holds.
    #[serde(default)]
    pub has_custom_routing: Option<bool>,
    /// The channels chosen.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    pub custom_routing: Option<Vec<Channel>>,
}

/// A choice as it was stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StoredChoice {
    /// The topic.
    pub topic_id: String,
    /// Whether messages reach the person.
    #[schema(value_type = String)]
    pub status: PreferenceStatus,
    /// Whether `custom_routing` holds.
    pub has_custom_routing: bool,
    /// The channels chosen.
    #[schema(value_type = Vec<String>)]
    pub custom_routing: Vec<Channel>,
}

/// What `POST /users/{user_id}/preferences` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BulkUpdateResponse {
    /// What was stored.
    pub items: Vec<StoredChoice>,
    /// What was not, and why.
    pub errors: Vec<BulkError>,
}

/// A choice that was not stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BulkError {
    /// The topic.
    pub topic_id: String,
    /// Why.
    pub reason: String,
}

/// What `PUT /users/{user_id}/preferences` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BulkReplaceResponse {
    /// What was stored.
    pub items: Vec<StoredChoice>,
    /// The topics for which the person's choice was taken back.
    pub deleted: Vec<String>,
}

/// The answer to a stored choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageResponse {
    /// Always `success`.
    #[schema(examples("success"))]
    pub message: String,
}

impl MessageResponse {
    /// It worked.
    pub fn success() -> Self {
        Self {
            message: "success".to_owned(),
        }
    }
}
