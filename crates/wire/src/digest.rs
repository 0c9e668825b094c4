//! Digests: how a topic's messages are gathered and sent as one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tidings_types::digest::{Category, Frequency, Retain, Schedule, Weekday};
use tidings_types::quiet::TimeOfDay;
use utoipa::ToSchema;

/// A topic's digest, as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DigestWrite {
    /// The template that what was gathered is sent with.
    pub template_id: String,
    /// When; left out, those there are stay.
    #[serde(default)]
    pub schedules: Option<Vec<ScheduleWrite>>,
    /// What is kept; left out, those there are stay, at first one category `digest` that keeps the first.
    #[serde(default)]
    pub categories: Option<Vec<CategoryWrite>>,
    /// Whether it is sent though nothing was gathered.
    #[serde(default)]
    pub trigger_empty: Option<bool>,
    /// The audience whose members it is for: everybody else's messages go one by one.
    #[serde(default)]
    pub audience_id: Option<String>,
}

/// A rhythm, as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScheduleWrite {
    /// Which one it replaces; a new one otherwise.
    #[serde(default)]
    pub schedule_id: Option<String>,
    /// How often.
    #[schema(value_type = String, examples("daily"))]
    pub frequency: Frequency,
    /// At what time of day, `HH:MM`; needed for all but `instant`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub time: Option<TimeOfDay>,
    /// Needed for `weekly`.
    #[serde(default)]
    pub day_of_week: Option<String>,
    /// Needed for `custom_days`.
    #[serde(default)]
    pub days_of_week: Option<Vec<String>>,
    /// Needed for `monthly`: 1 to 31.
    #[serde(default)]
    pub day_of_month: Option<u8>,
    /// The IANA zone; UTC when left out.
    #[serde(default)]
    pub timezone: Option<String>,
    /// Whether it holds for who did not choose.
    #[serde(default)]
    pub is_default: Option<bool>,
    /// Whether it is no longer offered.
    #[serde(default)]
    pub disabled: Option<bool>,
}

/// A category, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryWrite {
    /// The key of the data by which a message belongs here.
    pub category_key: String,
    /// `FIRST`, `LAST`, `HIGHEST`, `LOWEST` or `NONE`, in any case.
    #[serde(default)]
    pub retain: Option<String>,
    /// How many are kept, 1 to 100; 10 when left out.
    #[serde(default)]
    pub limit: Option<u32>,
    /// The field they are ordered by; needed for `HIGHEST` and `LOWEST`.
    #[serde(default)]
    pub sort_key: Option<String>,
}

/// A topic's digest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Digest {
    /// The template that what was gathered is sent with.
    pub template_id: String,
    /// When.
    #[schema(value_type = Vec<Object>)]
    pub schedules: Vec<Schedule>,
    /// What is kept.
    #[schema(value_type = Vec<Object>)]
    pub categories: Vec<Category>,
    /// Whether it is sent though nothing was gathered.
    pub trigger_empty: bool,
    /// The audience whose members it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_id: Option<String>,
    /// When it was set up, ISO 8601.
    pub created: String,
    /// When it was last changed, ISO 8601.
    pub updated: String,
}

impl From<tidings_types::digest::Digest> for Digest {
    fn from(stored: tidings_types::digest::Digest) -> Self {
        Self {
            template_id: stored.template_id,
            schedules: stored.schedules,
            categories: stored.categories,
            trigger_empty: stored.trigger_empty,
            audience_id: stored.audience_id,
            created: stored.created.to_rfc3339(),
            updated: stored.updated.to_rfc3339(),
        }
    }
}

/// What `POST .../topics/{topic_id}/digest/release` takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseRequest {
    /// The person.
    pub user_id: String,
    /// The tenant the messages were for, if they were for one.
    #[serde(default)]
    pub tenant_id: Option<String>,
}

/// What is or was gathered for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Instance {
    /// Its id.
    pub digest_instance_id: String,
    /// The person.
    pub user_id: String,
    /// The tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// `IN_PROGRESS` or `COMPLETED`.
    pub status: String,
    /// How many messages.
    pub event_count: u32,
    /// How many in each category.
    pub category_key_counts: BTreeMap<String, u32>,
    /// The categories.
    pub categories: Vec<InstanceCategory>,
    /// When it began, ISO 8601.
    pub created_at: String,
    /// Whether its rhythm is no longer offered.
    pub disabled: bool,
}

/// A category of what is gathered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstanceCategory {
    /// The key of the data.
    pub category_key: String,
    /// Which are kept, in small letters.
    pub retain: String,
    /// The field they are ordered by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_key: Option<String>,
}

impl From<&Category> for InstanceCategory {
    fn from(category: &Category) -> Self {
        let retain = match category.retain {
            Retain::First => "first",
            Retain::Last => "last",
            Retain::Highest => "highest",
            Retain::Lowest => "lowest",
            Retain::None => "none",
        };
        Self {
            category_key: category.category_key.clone(),
            retain: retain.to_owned(),
            sort_key: category.sort_key.clone(),
        }
    }
}

/// Reads a day of the week, in any case.
pub fn weekday(text: &str) -> Option<Weekday> {
    Weekday::ALL
        .into_iter()
        .find(|day| day.as_str().eq_ignore_ascii_case(text))
}

/// Reads which are kept, in any case.
pub fn retain(text: &str) -> Option<Retain> {
    match text.to_ascii_uppercase().as_str() {
        "FIRST" => Some(Retain::First),
        "LAST" => Some(Retain::Last),
        "HIGHEST" => Some(Retain::Highest),
        "LOWEST" => Some(Retain::Lowest),
        "NONE" => Some(Retain::None),
        _ => None,
    }
}
