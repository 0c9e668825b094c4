//! The preference page: publishing it, its log, and everything it does for apps that draw their own.

use serde::{Deserialize, Serialize};
use tidings_types::quiet::QuietHours;
use tidings_types::{Channel, Classification, PreferenceStatus};
use utoipa::ToSchema;

use crate::optional::present;

/// What `POST /preferences/publish` takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublishRequest {
    /// `default`, `none`, or a brand's id.
    #[serde(default)]
    #[schema(examples("default"))]
    pub brand_id: Option<String>,
    /// The page's heading.
    #[serde(default)]
    pub heading: Option<String>,
    /// The sentence beneath.
    #[serde(default)]
    pub description: Option<String>,
}

/// What `POST /preferences/publish` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PublishResponse {
    /// The page.
    pub page_id: String,
    /// When, ISO 8601.
    pub published_at: String,
    /// The same in milliseconds: later versions have higher numbers.
    pub published_version: i64,
    /// Where the page is seen as it will be after the next publishing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview_url: Option<String>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_by: Option<String>,
}

/// A line of the preference log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LogEntry {
    /// Its id.
    pub id: String,
    /// Whose preference.
    pub user_id: String,
    /// For this tenant only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// For messages to this list only. Our own addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_id: Option<String>,
    /// The topic; `*` for everything at once, `notifications/` and an id for one template.
    pub topic_id: String,
    /// Its name.
    pub topic_name: String,
    /// What has held since.
    #[schema(value_type = String)]
    pub status: PreferenceStatus,
    /// Whether channels were chosen.
    pub has_custom_routing: bool,
    /// The channels chosen.
    #[schema(value_type = Vec<String>)]
    pub custom_routing: Vec<Channel>,
    /// Channels in the order the person prefers, as the older form has it. Our own addition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub channel_preferences: Vec<Channel>,
    /// Times during which nothing is sent. Our own addition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<LogPause>,
    /// The person's own quiet hours. Our own addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub quiet_hours: Option<QuietHours>,
    /// The digest rhythm that was chosen. Our own addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_schedule_id: Option<String>,
    /// When, ISO 8601.
    pub timestamp: String,
    /// What held before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<LogValue>,
    /// Where the change came from, such as `page` or `one-click`. Our own addition.
    pub source: String,
    /// The message it began in. Our own addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
}

/// What held before a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LogValue {
    /// Whether messages reached the person.
    #[schema(value_type = String)]
    pub status: PreferenceStatus,
    /// Whether channels were chosen.
    pub has_custom_routing: bool,
    /// The channels chosen.
    #[schema(value_type = Vec<String>)]
    pub custom_routing: Vec<Channel>,
    /// Channels in the order the person prefers, as the older form has it. Our own addition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub channel_preferences: Vec<Channel>,
    /// Times during which nothing is sent. Our own addition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<LogPause>,
    /// The person's own quiet hours. Our own addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub quiet_hours: Option<QuietHours>,
    /// The digest rhythm that was chosen. Our own addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_schedule_id: Option<String>,
}

/// A time during which nothing is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogPause {
    /// When it begins, ISO 8601; absent means at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// When it ends, ISO 8601.
    pub until: String,
}

/// Opt-outs by mail that look like a scanner that follows links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OptOutWave {
    /// The mail domain.
    pub mail_domain: String,
    /// How many different people.
    pub people: u32,
    /// When the first was, ISO 8601.
    pub first: String,
    /// When the last was, ISO 8601.
    pub last: String,
}

/// A link to a person's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkResponse {
    /// Where it leads.
    pub url: String,
    /// Until when it is good, ISO 8601.
    pub expires_at: String,
}

/// The page as it stands for a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonPage {
    /// Its heading.
    pub heading: Option<String>,
    /// The sentence beneath.
    pub description: Option<String>,
    /// Until when everything is paused, ISO 8601; null when it is not.
    pub pause_until: Option<String>,
    /// The person's quiet hours; null when they chose none.
    #[schema(value_type = Option<Object>)]
    pub quiet_hours: Option<QuietHours>,
    /// Its sections.
    pub sections: Vec<PersonSection>,
}

/// A section of a person's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonSection {
    /// Its id.
    pub section_id: String,
    /// Its heading.
    pub name: String,
    /// The sentence beneath.
    pub description: Option<String>,
    /// Its topics.
    pub topics: Vec<PersonTopic>,
}

/// A topic of a person's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonTopic {
    /// Its id.
    pub topic_id: String,
    /// Its name.
    pub name: String,
    /// The sentence beneath.
    pub description: Option<String>,
    /// What kind of message.
    #[schema(value_type = String, examples("product"))]
    pub classification: Classification,
    /// What holds.
    #[schema(value_type = String)]
    pub status: PreferenceStatus,
    /// What holds for who says nothing.
    #[schema(value_type = String)]
    pub default_status: PreferenceStatus,
    /// Whether it cannot be turned off.
    pub locked: bool,
    /// The channels to choose from; none where channels cannot be chosen.
    #[schema(value_type = Vec<String>)]
    pub channels: Vec<Channel>,
    /// The channels chosen; null where any will do.
    #[schema(value_type = Option<Vec<String>>)]
    pub chosen_channels: Option<Vec<Channel>>,
    /// Whether it may be paused for a time.
    pub may_pause: bool,
    /// Until when it is paused, ISO 8601.
    pub pause_until: Option<String>,
    /// The person's quiet hours for it; null when they chose none of its own.
    #[schema(value_type = Option<Object>)]
    pub quiet_hours: Option<QuietHours>,
    /// Whether the person opted in and has yet to confirm it by mail.
    pub awaits_confirmation: bool,
    /// The digest rhythms to choose from, as the topic has them.
    #[schema(value_type = Vec<Object>)]
    pub digest_schedules: Vec<serde_json::Value>,
    /// The rhythm that holds.
    pub digest_schedule_id: Option<String>,
}

/// What `PATCH /users/{user_id}/preference-page` takes. What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PageChange {
    /// Nothing until then, ISO 8601; null ends the pause.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub pause_until: Option<Option<String>>,
    /// Quiet hours for everything: `{"start": "22:00", "end": "07:00"}`; both alike for none; null for the topics' own.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub quiet_hours: Option<Option<QuietHours>>,
    /// What is chosen of topics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<PersonTopicChange>,
    /// Which version of which words the person agreed to; the topics' own where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
}

/// What is chosen of one topic. What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonTopicChange {
    /// The topic.
    pub topic_id: String,
    /// `OPTED_IN` or `OPTED_OUT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub status: Option<PreferenceStatus>,
    /// These channels only; null for any.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub channels: Option<Option<Vec<Channel>>>,
    /// In this rhythm; null for the topic's own.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub digest_schedule_id: Option<Option<String>>,
    /// Nothing of it until then, ISO 8601; null ends the pause.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub pause_until: Option<Option<String>>,
    /// Quiet hours of its own, both alike for none; null for the topic's.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub quiet_hours: Option<Option<QuietHours>>,
}

/// What a change of a person's page answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PageChanged {
    /// The moment by which it can be undone, in milliseconds.
    pub at: i64,
    /// The topics that were changed.
    pub topics: Vec<String>,
}

/// What `POST /users/{user_id}/preference-page/undo` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UndoRequest {
    /// The moment of the change.
    pub at: i64,
}
