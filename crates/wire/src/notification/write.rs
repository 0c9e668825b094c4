//! What writing a notification takes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ContentWrite;
use crate::optional::{null_default, present};

/// What `POST` and `PUT /notifications` take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationWrite {
    /// The template.
    pub notification: NotificationPayload,
    /// `DRAFT` (the default) or `PUBLISHED`, in any case.
    #[serde(default)]
    pub state: Option<String>,
}

/// A template as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationPayload {
    /// Its name.
    #[schema(examples("Password reset"))]
    pub name: String,
    /// Its tags.
    #[serde(default, deserialize_with = "null_default")]
    pub tags: Vec<String>,
    /// The brand to render with.
    #[serde(default)]
    pub brand: Option<BrandRef>,
    /// The topic it belongs to.
    #[serde(default)]
    pub subscription: Option<SubscriptionRef>,
    /// How to route it.
    #[serde(default)]
    pub routing: Option<RoutingRef>,
    /// What it says.
    pub content: ContentWrite,
    /// Headers of its mails. Absent keeps what is stored, null clears.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<EmailHeaders>)]
    pub email: Option<Option<EmailHeaders>>,
    /// A name it can also be sent by. Absent keeps what is stored, null takes all away.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub alias: Option<Option<String>>,
}

/// A brand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BrandRef {
    /// Its id.
    pub id: String,
}

/// A subscription topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubscriptionRef {
    /// Its id.
    pub topic_id: String,
}

/// A routing strategy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoutingRef {
    /// Its id.
    pub strategy_id: String,
}

/// Headers of a template's mails. They may hold variables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailHeaders {
    /// The sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Where answers go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// Who gets a copy.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<String>,
    /// Who gets a copy unseen.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    pub bcc: Vec<String>,
}

/// What `POST /notifications/{id}/publish` takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublishRequest {
    /// An older version to put in force again. The draft when absent.
    #[serde(default)]
    #[schema(examples("v001"))]
    pub version: Option<String>,
}
