//! How listings continue.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a listing stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Paging {
    /// Whether another page follows.
    pub more: bool,
    /// What to pass as `cursor` for the next page; null on the last one.
    pub cursor: Option<String>,
}

/// A listing whose entries stand in `results`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Results<T> {
    /// Where the listing stands.
    pub paging: Paging,
    /// The entries.
    pub results: Vec<T>,
}

/// A listing whose entries stand in `items`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Items<T> {
    /// Where the listing stands.
    pub paging: Paging,
    /// The entries.
    pub items: Vec<T>,
}

/// A listing that always comes whole.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Whole<T> {
    /// The entries.
    pub results: Vec<T>,
}

/// A listing of the older form, which brings the path of its next page.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LinkedList<T> {
    /// Always `list`.
    #[serde(rename = "type")]
    #[schema(examples("list"))]
    pub kind: String,
    /// The entries.
    pub items: Vec<T>,
    /// Whether another page follows.
    pub has_more: bool,
    /// The path of this page.
    pub url: String,
    /// The path of the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_url: Option<String>,
    /// What to pass as `cursor` for the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
