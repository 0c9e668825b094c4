//! The consent ledger.

use serde::{Deserialize, Serialize};
use tidings_types::consent::ConsentAction;
use utoipa::ToSchema;

/// A line of the consent ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsentLine {
    /// The topic.
    pub topic_id: String,
    /// For this tenant only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// `granted`, or with double opt-in `pending` and then `confirmed`; `withdrawn`; `reset` where what was
    /// said for a tenant counts no more; `erased`.
    #[schema(value_type = String)]
    pub action: ConsentAction,
    /// When, ISO 8601.
    pub at: String,
    /// Where: `page`, `api`, ...
    pub source: String,
    /// Which version of which words the person saw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
    /// The message it began in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
}

/// What an erasure left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErasedPerson {
    /// What stands in place of the person. The same person comes to the same one again.
    pub pseudonym: String,
    /// How many lines of the consent ledger stay as proof.
    pub proof: u64,
}
