//! Brands: how mail looks.

use serde::{Deserialize, Serialize};
use tidings_types::{Object, Timestamp};
use utoipa::ToSchema;

use crate::optional::null_default;

/// What `POST /brands` takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BrandCreate {
    /// Its id; one is made when absent.
    #[serde(default)]
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// Colours, logo, header, footer.
    #[serde(default, deserialize_with = "null_default")]
    #[schema(value_type = Object)]
    pub settings: Object,
    /// Texts templates can use by name.
    #[serde(default, deserialize_with = "null_default")]
    pub snippets: Snippets,
}

/// What `PUT /brands/{id}` takes. It replaces the whole brand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BrandWrite {
    /// Its name.
    pub name: String,
    /// Colours, logo, header, footer.
    #[serde(default, deserialize_with = "null_default")]
    #[schema(value_type = Object)]
    pub settings: Object,
    /// Texts templates can use by name.
    #[serde(default, deserialize_with = "null_default")]
    pub snippets: Snippets,
}

/// Texts templates can use by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Snippets {
    /// The texts.
    #[serde(default, deserialize_with = "null_default")]
    pub items: Vec<Snippet>,
}

/// A text templates can use by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Snippet {
    /// Its name.
    pub name: String,
    /// The text.
    pub value: String,
}

/// A brand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Brand {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Colours, logo, header, footer.
    #[schema(value_type = Object)]
    pub settings: Object,
    /// Texts templates can use by name.
    pub snippets: Snippets,
    /// When it was made, in epoch milliseconds.
    #[schema(value_type = i64)]
    pub created: Timestamp,
    /// When it was last changed; at first, when it was made.
    #[schema(value_type = i64)]
    pub updated: Timestamp,
    /// Since when it is in force as it stands.
    #[schema(value_type = i64)]
    pub published: Timestamp,
}
