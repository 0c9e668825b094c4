//! Gathering a topic's messages and sending them as one.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::quiet::TimeOfDay;

/// How a topic's messages are gathered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// The template the gathered messages are sent with.
    pub template_id: String,
    /// When; at least one.
    pub schedules: Vec<Schedule>,
    /// What is kept, and how much of it.
    pub categories: Vec<Category>,
    /// Whether it is sent though nothing was gathered.
    #[serde(default)]
    pub trigger_empty: bool,
    /// The audience whose members it is for; everybody without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_id: Option<String>,
    /// When it was first set up.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// A rhythm of a digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Its id, `sch_...`.
    pub schedule_id: String,
    /// How often.
    pub frequency: Frequency,
    /// At what time of day; absent only where nothing is gathered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeOfDay>,
    /// On which day of the week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_of_week: Option<Weekday>,
    /// On which days of the week.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days_of_week: Vec<Weekday>,
    /// On which day of the month, 1 to 31; the last one where the month is shorter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_of_month: Option<u8>,
    /// The IANA zone of its wall clock; UTC where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Whether it holds for who did not choose.
    #[serde(default)]
    pub is_default: bool,
    /// Whether it is no longer offered.
    #[serde(default)]
    pub disabled: bool,
}

/// How often a digest is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// Nothing is gathered.
    Instant,
    /// Each day.
    Daily,
    /// Monday to Friday.
    Weekdays,
    /// Once a week.
    Weekly,
    /// On some days of the week.
    CustomDays,
    /// Once a month.
    Monthly,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// All of them, Monday first.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// As it is spelled.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }
}

/// One kind of what is gathered: a key of the data, and how much of it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// The key of the data by which a message belongs here.
    pub category_key: String,
    /// Which are kept.
    pub retain: Retain,
    /// How many, 1 to 100.
    pub limit: u32,
    /// The field they are ordered by, for the highest and the lowest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_key: Option<String>,
}

/// The category of digests that name none: it takes every message, and its data whole.
pub const DEFAULT_CATEGORY: &str = "digest";

/// Which of the gathered are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Retain {
    /// The first to come.
    First,
    /// The last to come.
    Last,
    /// Those with the highest value.
    Highest,
    /// Those with the lowest value.
    Lowest,
    /// None: they are only counted.
    None,
}

impl Digest {
    /// The rhythm for who chose `chosen`: theirs where it is still offered, else the default one, else the first.
    pub fn schedule(&self, chosen: Option<&str>) -> Option<&Schedule> {
        let offered = || self.schedules.iter().filter(|one| !one.disabled);
        chosen
            .and_then(|id| offered().find(|one| one.schedule_id == id))
            .or_else(|| offered().find(|one| one.is_default))
            .or_else(|| offered().next())
    }
}
