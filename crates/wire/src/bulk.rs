//! Bulk jobs: people handed in piece by piece.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// What `POST /bulk` takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BulkCreate {
    /// The message: `event`, and what may stand beside it; or `message`, the `message` of a send.
    #[schema(value_type = Object)]
    pub message: Value,
}

/// What `POST /bulk` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BulkCreated {
    /// The job's id.
    #[serde(rename = "jobId")]
    pub job_id: String,
}

/// What `POST /bulk/{job_id}` takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BulkUsersWrite {
    /// The people: `{profile, recipient, data, preferences, to}` each.
    #[schema(value_type = Vec<Object>)]
    pub users: Vec<Value>,
}

/// What `POST /bulk/{job_id}` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BulkUsersAdded {
    /// How many were taken.
    pub total: usize,
    /// Who was not, and why.
    pub errors: Vec<BulkUserError>,
}

/// Somebody who was not taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BulkUserError {
    /// Why.
    #[schema(examples("Duplicate user"))]
    pub error: String,
    /// The entry.
    #[schema(value_type = Object)]
    pub user: Value,
}

/// What `GET /bulk/{job_id}` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BulkJobResponse {
    /// The job.
    pub job: BulkJob,
}

/// A bulk job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BulkJob {
    /// The message it was made with.
    #[schema(value_type = Object)]
    pub definition: Value,
    /// For how many people there is a message.
    pub enqueued: u64,
    /// How many cannot be sent to.
    pub failures: u64,
    /// How many were handed in.
    pub received: u64,
    /// `CREATED`, `PROCESSING`, `COMPLETED` or `ERROR`.
    #[schema(examples("COMPLETED"))]
    pub status: String,
}

/// Somebody in a bulk job: the entry as it was handed in, with these fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BulkUser {
    /// `PENDING`, `ENQUEUED` or `ERROR`.
    pub status: String,
    /// The message's id.
    #[serde(rename = "messageId", default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Why there is no message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Who it is.
    pub recipient: String,
}
