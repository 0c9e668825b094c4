//! Audiences, and who belongs to them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// What `PUT /audiences/{audience_id}` takes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AudienceWrite {
    /// Its name; absent leaves it.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is for; absent leaves it.
    #[serde(default)]
    pub description: Option<String>,
    /// Who belongs: a condition `{operator, path, value}`, or a group `{operator, filters}`; absent leaves it.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub filter: Option<Value>,
    /// `AND` or `OR`, for a filter that does not say it itself.
    #[serde(default)]
    pub operator: Option<String>,
}

/// An audience.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Audience {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Who belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub filter: Option<Value>,
    /// How the filter's conditions are joined, when it was said beside the filter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// When it was made, ISO 8601.
    pub created_at: String,
    /// When it was last changed, ISO 8601.
    pub updated_at: String,
}

/// What `PUT /audiences/{audience_id}` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AudienceResponse {
    /// The audience as it is now.
    pub audience: Audience,
}

/// Somebody in an audience.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AudienceMember {
    /// The audience.
    pub audience_id: String,
    /// The version of the filter the person passed.
    pub audience_version: i64,
    /// The person.
    pub member_id: String,
    /// Since when, ISO 8601.
    pub added_at: String,
    /// Why: the conditions that held.
    #[schema(examples("EQ('title', 'Software Engineer') => true"))]
    pub reason: String,
}
