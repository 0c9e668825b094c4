//! Device tokens: where push notifications go.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A token to be registered.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TokenWrite {
    /// The token. Where the path names it, it may be left out, and must not differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// `firebase-fcm`, `apn`, `expo`, `onesignal` or `pusher-beams`. Any other name is kept, and never sent to.
    pub provider_key: String,
    /// The device: `app_id`, `ad_id`, `device_id`, `platform`, `manufacturer`, `model`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub device: Option<Value>,
    /// Where it was last seen: `ip`, `lat`, `long`, `os_version`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub tracking: Option<Value>,
    /// When it stops being used: an ISO 8601 moment, or false for never. Sixty days after registration when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, examples("2027-01-01T00:00:00.000Z"))]
    pub expiry_date: Option<Value>,
    /// The app's own values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub properties: Option<Value>,
}

/// A registered token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// The token.
    pub token: String,
    /// Whose push service it belongs to.
    pub provider_key: String,
    /// The device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub device: Option<Value>,
    /// Where it was last seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub tracking: Option<Value>,
    /// When it stops being used: an ISO 8601 moment, or false for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub expiry_date: Option<Value>,
    /// The app's own values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub properties: Option<Value>,
    /// `active`, `unknown`, `failed` or `revoked`. Only where a single token is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Why it stands so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
}

/// A person's tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TokenList {
    /// Oldest registration first.
    pub tokens: Vec<Token>,
}
