//! Preference sections: what the preference page is made of.

use serde::{Deserialize, Serialize};
use tidings_types::Channel;
use utoipa::ToSchema;

use crate::optional::null_default;
use crate::topic::Topic;

/// What `POST` and `PUT /preferences/sections` take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SectionWrite {
    /// Its heading.
    #[schema(examples("Account"))]
    pub name: String,
    /// Shown beneath the heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The channels people may choose from.
    #[serde(default, deserialize_with = "null_default")]
    #[schema(value_type = Vec<String>)]
    pub routing_options: Vec<Channel>,
    /// Whether people may choose channels for the section as a whole.
    #[serde(default, deserialize_with = "null_default")]
    pub has_custom_routing: bool,
}

/// A section with its topics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Section {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub name: String,
    /// Shown beneath the heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The channels people may choose from.
    #[schema(value_type = Vec<String>)]
    pub routing_options: Vec<Channel>,
    /// Whether people may choose channels for the section as a whole.
    pub has_custom_routing: bool,
    /// Its topics, oldest first.
    pub topics: Vec<Topic>,
    /// When it was made, ISO 8601.
    pub created: String,
    /// By whom.
    pub creator: String,
    /// When it was last changed, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updater: Option<String>,
}
