//! What every failed call answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The body of every answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorBody {
    /// The kind of failure, for programs.
    #[serde(rename = "type")]
    #[schema(examples("invalid_request_error"))]
    pub kind: String,
    /// What is wrong, for people. Validation messages name the field: `message.to: Required`.
    #[schema(examples("profile: Required"))]
    pub message: String,
}
