//! Routing strategies: which channels, in which order, shared by many templates.

use serde::{Deserialize, Serialize};
use tidings_types::{Object, Timestamp};
use utoipa::ToSchema;

use crate::optional::null_default;

/// What `POST` and `PUT /routing-strategies` take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RoutingStrategyWrite {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its tags.
    #[serde(default, deserialize_with = "null_default")]
    pub tags: Vec<String>,
    /// `{method, channels}`, as in a message.
    #[schema(value_type = Object)]
    pub routing: Object,
    /// Settings per channel, as in a message.
    #[serde(default, deserialize_with = "null_default")]
    #[schema(value_type = Object)]
    pub channels: Object,
    /// Settings per provider, as in a message.
    #[serde(default, deserialize_with = "null_default")]
    #[schema(value_type = Object)]
    pub providers: Object,
}

/// A routing strategy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RoutingStrategy {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// `{method, channels}`.
    #[schema(value_type = Object)]
    pub routing: Object,
    /// Settings per channel.
    #[schema(value_type = Object)]
    pub channels: Object,
    /// Settings per provider.
    #[schema(value_type = Object)]
    pub providers: Object,
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

/// A routing strategy in listings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RoutingStrategySummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
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
