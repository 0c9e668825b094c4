//! Configured providers, and the catalog of those that can be configured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tidings_types::{Object, Timestamp};
use utoipa::ToSchema;

use crate::optional::{null_default, present};

/// What `POST` and `PUT /providers` take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProviderWrite {
    /// The provider's key. It cannot be changed later.
    #[schema(examples("smtp"))]
    pub provider: String,
    /// Its settings; the catalog lists them.
    #[serde(default, deserialize_with = "null_default")]
    #[schema(value_type = Object)]
    pub settings: Object,
    /// What people call it. `Default Configuration` when absent.
    #[serde(default)]
    pub title: Option<String>,
    /// A name by which routing finds this account rather than another of the same provider.
    #[serde(default)]
    pub alias: Option<String>,
}

/// What `PATCH /providers/{id}` takes. What is absent stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProviderPatch {
    /// When given, it must be the stored one.
    #[serde(default)]
    pub provider: Option<String>,
    /// Merged into the stored settings (RFC 7396): null removes.
    #[serde(default, deserialize_with = "null_default")]
    #[schema(value_type = Object)]
    pub settings: Object,
    /// What people call it.
    #[serde(default)]
    pub title: Option<String>,
    /// Null takes it away.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub alias: Option<Option<String>>,
}

/// A configured provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Provider {
    /// Its id.
    pub id: String,
    /// The provider's key.
    pub provider: String,
    /// What people call it.
    pub title: String,
    /// A name by which routing finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Its settings. Secrets are masked; a mask written back keeps what is stored.
    #[schema(value_type = Object)]
    pub settings: Object,
    /// When it was made, in epoch milliseconds.
    #[schema(value_type = i64)]
    pub created: Timestamp,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub updated: Option<Timestamp>,
}

/// A provider that can be configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CatalogEntry {
    /// Its key.
    pub provider: String,
    /// Its name as people know it.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The class of channel it serves.
    pub channel: String,
    /// Its settings by name.
    pub settings: BTreeMap<String, CatalogSetting>,
}

/// A setting of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CatalogSetting {
    /// `string`, `boolean`, `number` or `enum`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether an account cannot be without it.
    pub required: bool,
    /// What an `enum` admits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
    /// What it is for.
    pub description: String,
    /// Whether it is masked once stored.
    pub secret: bool,
}
