//! Tokens for browsers and phones.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// What `POST /auth/issue-token` takes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct IssueTokenRequest {
    /// What the token may do, separated by spaces: `user_id:alice inbox:read:messages`.
    pub scope: String,
    /// How long it holds: `2 hours`, `1d`, or a number of seconds. One hour when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, examples("2 hours"))]
    pub expires_in: Option<Value>,
}

/// What `POST /auth/issue-token` answers.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct IssueTokenResponse {
    /// The token, to be sent as `Authorization: Bearer`.
    pub token: String,
}
