//! The older form of preferences: by topic and by template, on a profile.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tidings_types::{Channel, PreferenceStatus};
use utoipa::ToSchema;

use crate::optional::null_default;

/// What a person said, in the older form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecipientPreferences {
    /// By topic.
    #[serde(default, deserialize_with = "null_default")]
    pub categories: BTreeMap<String, OlderPreference>,
    /// By template.
    #[serde(default, deserialize_with = "null_default")]
    pub notifications: BTreeMap<String, OlderPreference>,
}

/// What a person said of a topic or a template.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OlderPreference {
    /// Whether messages reach them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub status: Option<PreferenceStatus>,
    /// Times during which nothing is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Vec<OlderRule>>,
    /// Channels in the order they prefer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_preferences: Option<Vec<OlderChannel>>,
}

/// A time during which nothing is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OlderRule {
    /// When it begins, ISO 8601; absent means it has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// When it ends, ISO 8601.
    pub until: String,
}

/// A channel that is preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OlderChannel {
    /// Which.
    #[schema(value_type = String)]
    pub channel: Channel,
}

/// What `PUT` and `PATCH /preferences/{recipient_id}` take: the preferences, or an object that holds them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecipientPreferencesWrite {
    /// Where clients put them one level deeper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferences: Option<RecipientPreferences>,
    /// By topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categories: Option<BTreeMap<String, OlderPreference>>,
    /// By template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notifications: Option<BTreeMap<String, OlderPreference>>,
}

impl RecipientPreferencesWrite {
    /// The preferences, wherever they stood.
    pub fn into_preferences(self) -> RecipientPreferences {
        let mut all = self.preferences.unwrap_or_default();
        all.categories.extend(self.categories.unwrap_or_default());
        all.notifications.extend(self.notifications.unwrap_or_default());
        all
    }
}
