//! What a send answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The answer to an accepted send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SendResponse {
    /// The request's id. With a single recipient it is also the message's id.
    #[serde(rename = "requestId")]
    #[schema(examples("1-65f240a0-47a6a120c8374de9bcf9f22c"))]
    pub request_id: String,
}

/// The answer to a resend, and to a send in the older form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageIdResponse {
    /// The new message's id.
    #[serde(rename = "messageId")]
    #[schema(examples("1-65f240a0-47a6a120c8374de9bcf9f22c"))]
    pub message_id: String,
}
