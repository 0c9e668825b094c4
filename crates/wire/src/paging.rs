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
