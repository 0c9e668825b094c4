//! Submitting a draft for approval.

use serde::{Deserialize, Serialize};
use tidings_types::Timestamp;
use utoipa::ToSchema;

use crate::optional::null_default;

/// Whether a check was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum CheckStatus {
    /// Passed.
    Resolved,
    /// Not passed.
    Failed,
    /// Not decided.
    Pending,
}

/// What a submission waits for, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckWrite {
    /// Its id, given by whoever checks.
    pub id: String,
    /// How it stands.
    pub status: CheckStatus,
    /// Always `custom`.
    #[serde(rename = "type", default = "custom")]
    pub kind: String,
}

fn custom() -> String {
    "custom".to_owned()
}

/// What a submission waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// Its id.
    pub id: String,
    /// How it stands.
    pub status: CheckStatus,
    /// Always `custom`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was last written, in epoch milliseconds.
    #[schema(value_type = i64)]
    pub updated: Timestamp,
}

/// What `GET` and `PUT /notifications/{id}/{submission_id}/checks` answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Checks {
    /// All checks.
    pub checks: Vec<Check>,
}

/// What `PUT /notifications/{id}/{submission_id}/checks` and `POST /notifications/{id}/submissions` take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChecksPut {
    /// All checks: what is left out is gone.
    #[serde(default, deserialize_with = "null_default")]
    pub checks: Vec<CheckWrite>,
}

/// What `POST /notifications/{id}/submissions` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Submission {
    /// The notification.
    pub id: String,
    /// The submission: the moment it was made, in epoch milliseconds, as text.
    pub submission_id: String,
    /// What it waits for.
    pub checks: Vec<Check>,
}
