//! Profiles: what is known of a person.

use serde::{Deserialize, Serialize};
use tidings_types::Object;
use utoipa::ToSchema;

use crate::recipient_preferences::RecipientPreferences;

/// What `POST` and `PUT /profiles/{user_id}` take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProfileWrite {
    /// Addresses, names, locale, and anything the templates read.
    #[schema(value_type = Object)]
    pub profile: Object,
}

/// What `PATCH /profiles/{user_id}` takes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PatchRequest {
    /// RFC 6902 operations, carried out in order, all or none.
    pub patch: Vec<PatchOperation>,
}

/// One RFC 6902 operation.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PatchOperation {
    /// `add`, `remove`, `replace`, `move`, `copy` or `test`.
    pub op: String,
    /// Where, as a JSON pointer: `/email`.
    pub path: String,
    /// From where, for `move` and `copy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What, for `add`, `replace` and `test`. A null is a value.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub value: Option<serde_json::Value>,
}

/// Tells an explicit null from an absent field.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(deserializer).map(Some)
}

/// What `GET /profiles/{user_id}` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProfileResponse {
    /// The stored profile; empty when the person is known only by other things.
    #[schema(value_type = Object)]
    pub profile: Object,
    /// What they said of topics and templates, in the older form; absent when they said nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferences: Option<RecipientPreferences>,
}

/// The answer of calls that have nothing to say but that they worked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatusResponse {
    /// Always `SUCCESS`.
    #[schema(examples("SUCCESS"))]
    pub status: String,
}

impl StatusResponse {
    /// It worked.
    pub fn success() -> Self {
        Self {
            status: "SUCCESS".to_owned(),
        }
    }
}
