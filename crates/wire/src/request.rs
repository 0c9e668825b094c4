//! Requests: what became of one API call with all its messages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What `GET /requests/{request_id}` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RequestDetails {
    /// Its id.
    pub id: String,
    /// `EXPANDING`, `EXPANDED` or `CANCELED`; `FAILED` when a part of it was given up after very many failures.
    #[schema(examples("EXPANDED"))]
    pub status: String,
    /// When it was accepted, in epoch milliseconds.
    pub enqueued: i64,
    /// When it was called off, in epoch milliseconds.
    #[serde(rename = "canceledAt", default, skip_serializing_if = "Option::is_none")]
    pub canceled_at: Option<i64>,
    /// How many messages it has by now.
    pub messages: u64,
    /// How many of them stand where; counted when asked, or a few seconds before when there are very many.
    pub counts: BTreeMap<String, u64>,
    /// The lists, patterns, audiences and tenants it is sent to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<RequestRecipient>,
}

/// An entry of `to` that stands for many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestRecipient {
    /// `list`, `pattern`, `audience` or `tenant`.
    #[schema(examples("list"))]
    pub kind: String,
    /// Its id, or the pattern.
    pub id: String,
    /// What there is to say of it, such as that there is none by that id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}
