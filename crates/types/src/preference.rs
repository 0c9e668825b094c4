//! Topics, and what a person says of them.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::quiet::QuietHours;
use crate::topic_rules::Limit;
use crate::{Channel, TopicId};

/// In place of a topic's id: what a person said of all topics at once, such as a pause of everything.
pub const EVERYTHING: &str = "*";

/// Before a template's id, in place of a topic's: what a person said of that one template (an older form of choice).
pub const OF_TEMPLATE: &str = "notifications/";

/// Whether an id under which something is said names a topic, and not everything at once or a template.
pub fn names_a_topic(id: &str) -> bool {
    id != EVERYTHING && !id.starts_with(OF_TEMPLATE)
}

/// Whether messages of a topic reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PreferenceStatus {
    /// They do.
    OptedIn,
    /// They do not.
    OptedOut,
    /// They do, and nobody can opt out. Only a topic's or a tenant's default can say so.
    Required,
}

/// What kind of mail a topic is, in the eyes of the law and of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Classification {
    /// An answer to what the person just did: codes, receipts. Urgent, and its data is redacted after a day.
    Transactional,
    /// About the product the person uses.
    Product,
    /// Advertising.
    Marketing,
}

/// A subscription topic as sending sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    /// Its id.
    pub id: TopicId,
    /// Its name.
    pub name: String,
    /// What holds for people who said nothing.
    pub default_status: PreferenceStatus,
    /// Its kind, when the owner said so.
    #[serde(default)]
    pub classification: Option<Classification>,
    /// Whether mails of this topic carry `List-Unsubscribe`.
    #[serde(default)]
    pub include_unsubscribe_header: bool,
    /// Whether opting in must be confirmed by mail before anything is sent. Marketing only.
    #[serde(default)]
    pub double_opt_in: bool,
    /// How its owner calls the words that people agree to, as they are now.
    #[serde(default)]
    pub consent_wording: Option<String>,
    /// When its messages wait, unless the person says otherwise.
    #[serde(default)]
    pub quiet_hours: Option<QuietHours>,
    /// How many of its messages one person gets.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// Gathering its messages.
    #[serde(default)]
    pub digest: Option<Digest>,
    /// Whether people may choose channels: its section or the topic itself says so. What they chose does not hold where
    /// they may not, since they could neither see it nor take it back.
    #[serde(default = "yes", skip_serializing)]
    pub offers_channels: bool,
}

const fn yes() -> bool {
    true
}

impl Topic {
    /// A topic of which nothing but this is said.
    pub fn new(id: TopicId, name: impl Into<String>, default_status: PreferenceStatus) -> Self {
        Self {
            id,
            name: name.into(),
            default_status,
            classification: None,
            include_unsubscribe_header: false,
            double_opt_in: false,
            consent_wording: None,
            quiet_hours: None,
            limits: Vec::new(),
            digest: None,
            offers_channels: true,
        }
    }

    /// Its kind: what the owner said, else transactional where nobody can opt out, else product.
    pub fn class(&self) -> Classification {
        self.classification.unwrap_or(match self.default_status {
            PreferenceStatus::Required => Classification::Transactional,
            PreferenceStatus::OptedIn | PreferenceStatus::OptedOut => Classification::Product,
        })
    }

    /// Whether its mails carry the headers of one-click unsubscribe: where its owner wants them, and marketing always.
    pub fn offers_one_click(&self) -> bool {
        self.may_be_left() && (self.include_unsubscribe_header || self.class() == Classification::Marketing)
    }

    /// Whether its messages offer a link to leave it.
    pub fn may_be_left(&self) -> bool {
        self.default_status != PreferenceStatus::Required && self.class() != Classification::Transactional
    }

    /// Whether messages of this topic are one-time messages: urgent, redacted after a day, their data never in a trace.
    pub fn is_one_time(&self) -> bool {
        self.default_status == PreferenceStatus::Required || self.classification == Some(Classification::Transactional)
    }
}

/// What a person said of one topic, or what holds after all layers were merged. Absent fields say nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preference {
    /// Whether messages reach the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PreferenceStatus>,
    /// Whether `custom_routing` holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_custom_routing: Option<bool>,
    /// The channels chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom_routing: Vec<Channel>,
    /// Times during which nothing is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub snooze: Vec<Snooze>,
    /// Channels in the order the person prefers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channel_preferences: Vec<Channel>,
    /// The digest rhythm chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_schedule_id: Option<String>,
    /// The person's own quiet hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
}

/// A time during which nothing is sent: from `start` (or always) until `until`, excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snooze {
    /// When it begins; absent means it has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<crate::Timestamp>,
    /// When it ends.
    pub until: crate::Timestamp,
}

impl Preference {
    /// Takes over what `above` says explicitly; routing goes over as a pair.
    pub fn merge(&mut self, above: &Self) {
        if above.status.is_some() {
            self.status = above.status;
        }
        if above.has_custom_routing.is_some() {
            self.has_custom_routing = above.has_custom_routing;
            self.custom_routing.clone_from(&above.custom_routing);
        }
        if !above.snooze.is_empty() {
            self.snooze.clone_from(&above.snooze);
        }
        if !above.channel_preferences.is_empty() {
            self.channel_preferences.clone_from(&above.channel_preferences);
        }
        if above.digest_schedule_id.is_some() {
            self.digest_schedule_id.clone_from(&above.digest_schedule_id);
        }
        if above.quiet_hours.is_some() {
            self.quiet_hours = above.quiet_hours;
        }
    }

    /// Whether it says nothing at all.
    pub fn is_silent(&self) -> bool {
        *self == Self::default()
    }
}
