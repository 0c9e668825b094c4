//! Seeing a template before anyone gets it, and trying it out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_types::Object;
use tidings_types::message::ChannelOptions;
use utoipa::ToSchema;

use super::ContentWrite;
use crate::optional::null_default;

/// What `POST /notifications/{id}/preview` takes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PreviewRequest {
    /// `published` (the default), `draft` or `v001`.
    #[schema(examples("draft"))]
    pub version: Option<String>,
    /// Content to show in place of the template's; it is not stored.
    pub content: Option<ContentWrite>,
    /// Whose stored profile to read.
    pub user_id: Option<String>,
    /// Profile values, laid over the stored ones.
    #[serde(deserialize_with = "null_default")]
    #[schema(value_type = Object)]
    pub profile: Object,
    /// The values of the content.
    #[serde(deserialize_with = "null_default")]
    #[schema(value_type = Object)]
    pub data: Object,
    /// The language, in place of the profile's.
    #[schema(examples("es-MX"))]
    pub locale: Option<String>,
    /// The tenant on whose behalf it would be sent.
    pub tenant_id: Option<String>,
    /// The brand, in place of the template's.
    pub brand_id: Option<String>,
    /// Only these channels; all that have content when absent.
    pub channels: Option<Vec<String>>,
    /// Overrides per channel, as a send has them in `channels`.
    #[serde(deserialize_with = "null_default")]
    #[schema(value_type = Object)]
    pub overrides: BTreeMap<String, ChannelOptions>,
}

/// What `POST /notifications/{id}/preview` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Preview {
    /// The notification.
    pub id: String,
    /// The version that is shown: `v002`, `draft`, `unsaved`, or one of a tenant's own.
    pub version: String,
    /// The person's language, if known.
    pub locale: Option<String>,
    /// The brand it is rendered with.
    pub brand_id: Option<String>,
    /// One rendering for each channel.
    pub channels: Vec<ChannelPreview>,
}

/// How one channel would look.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChannelPreview {
    /// The channel, such as `email`.
    pub channel: String,
    /// The provider that would be called first.
    pub provider: String,
    /// `{html, title, body, subject, text, blocks}`, as `GET /messages/{message_id}/output` shows it. Null when it cannot
    /// be rendered.
    #[schema(value_type = Option<Object>)]
    pub content: Option<Value>,
    /// Exactly what would be handed over.
    #[schema(value_type = Option<Object>)]
    pub rendered: Option<Value>,
    /// What was adjusted, or is worth knowing: missing values, links that were removed, a mail that is too long.
    pub notes: Vec<String>,
    /// Why it cannot be rendered.
    pub error: Option<String>,
    /// How large it is.
    pub size: PreviewSize,
}

/// How large a rendering is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PreviewSize {
    /// The HTML part, in bytes.
    pub html: u64,
    /// The text, in bytes.
    pub text: u64,
    /// Of a text message: how it is charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<SmsSize>,
}

/// How a text message is charged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SmsSize {
    /// `GSM-7` or `UCS-2`.
    pub encoding: String,
    /// How many characters of that encoding.
    pub characters: u64,
    /// How many messages it is sent as.
    pub segments: u64,
}

/// What `POST /notifications/{id}/test` takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestRequest {
    /// To whom: one recipient as in a send, or a list of them.
    #[schema(value_type = Object)]
    pub to: Value,
    /// `published` (the default), `draft` or `v001`.
    #[serde(default)]
    #[schema(examples("draft"))]
    pub version: Option<String>,
    /// The values of the content.
    #[serde(default, deserialize_with = "null_default")]
    #[schema(value_type = Object)]
    pub data: Object,
    /// The language, in place of the profiles'.
    #[serde(default)]
    pub locale: Option<String>,
    /// The tenant on whose behalf it is sent.
    #[serde(default)]
    pub tenant_id: Option<String>,
    /// The brand, in place of the template's.
    #[serde(default)]
    pub brand_id: Option<String>,
    /// All of these channels, instead of what the template says.
    #[serde(default)]
    pub channels: Option<Vec<String>>,
}
