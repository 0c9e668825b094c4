//! Notifications: templates with drafts, versions and aliases.

mod change;
mod content;
mod metrics;
mod preview;
mod submission;
mod write;

pub use change::{
    BlockContent, BlockContents, BlockLocale, BlockLocales, ChannelContent, ChannelContents, ChannelLocale,
    ChannelLocales, ElementPut, LocalePut,
};

pub use content::{Content, ContentPut, ContentWrite, ElementChecksum, Mutation};
pub use metrics::{Metrics, MetricsBucket, MetricsEntry};
pub use preview::{ChannelPreview, Preview, PreviewRequest, PreviewSize, SmsSize, TestRequest};
use serde::{Deserialize, Serialize};
pub use submission::{Check, CheckStatus, CheckWrite, Checks, ChecksPut, Submission};
use tidings_types::{Object, Timestamp};
use utoipa::ToSchema;
pub use write::{
    BrandRef, EmailHeaders, NotificationPayload, NotificationWrite, PublishRequest, RoutingRef, SubscriptionRef,
};

use crate::paging::Paging;

/// Whether what is shown, or written, is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum NotificationState {
    /// Only seen by keys that send drafts.
    Draft,
    /// In force.
    Published,
}

/// A notification in one version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Notification {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// The brand it is rendered with.
    pub brand: Option<BrandRef>,
    /// The topic it belongs to.
    pub subscription: Option<SubscriptionRef>,
    /// How it is routed.
    pub routing: Option<RoutingRef>,
    /// What it says.
    #[schema(value_type = Object)]
    pub content: Object,
    /// Headers of its mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailHeaders>,
    /// The name it is also sent by, or all of them when events name it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<Alias>,
    /// Whether this version is published.
    pub state: NotificationState,
    /// When it was made, in epoch milliseconds.
    #[schema(value_type = i64)]
    pub created: Timestamp,
    /// By whom.
    pub creator: String,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub updated: Option<Timestamp>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updater: Option<String>,
}

/// The names a notification is also sent by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Alias {
    /// The only one.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Alias {
    /// From all names; none when there are none.
    pub fn of(mut names: Vec<String>) -> Option<Self> {
        if names.len() > 1 {
            return Some(Self::Several(names));
        }
        names.pop().map(Self::One)
    }
}

/// A notification in listings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NotificationSummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether a version of it is published.
    pub state: NotificationState,
    /// When it was made, in epoch milliseconds.
    #[schema(value_type = i64)]
    pub created: Timestamp,
    /// By whom.
    pub creator: String,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub updated: Option<Timestamp>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updater: Option<String>,
    /// The topic of the published version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_topic_id: Option<String>,
    /// The topic it belongs to, as older clients call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic_id: Option<String>,
}

/// What `GET /notifications/{id}/versions` answers.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Versions {
    /// The draft, then the published versions, newest first.
    pub versions: Vec<Version>,
    /// Where the listing stands.
    pub paging: Paging,
}

/// One version of a notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Version {
    /// `draft`, `published:v003` for the one in force, or `v002`.
    #[schema(examples("published:v003"))]
    pub version: String,
    /// When it was written, in epoch milliseconds.
    #[schema(value_type = i64)]
    pub created: Timestamp,
    /// By whom.
    pub creator: String,
    /// Of the draft: whether it differs from what is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_changes: Option<bool>,
}
