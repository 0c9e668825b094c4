//! The outbox: what was caught instead of leaving.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tidings_types::{Environment, MessageId, Rendered, Result, Timestamp};

use crate::{Page, PageRequest};

/// A delivery that was caught instead of leaving, written with the step that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewCaught {
    /// The provider it would have gone through; `outbox` when none is configured.
    pub provider: String,
    /// The address, as a person reads it.
    pub to: String,
    /// What would have been sent.
    pub rendered: Rendered,
    /// What a provider call would have carried besides, for webhooks: the JSON body.
    pub payload: Option<serde_json::Value>,
    /// When.
    pub at: Timestamp,
}

/// A caught delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Caught {
    /// Its number, growing.
    pub number: i64,
    /// Its environment.
    pub environment: Environment,
    /// The message.
    pub message_id: MessageId,
    /// The provider it would have gone through.
    pub provider: String,
    /// The address, as a person reads it.
    pub to: String,
    /// What would have been sent.
    pub rendered: Rendered,
    /// The JSON body of a webhook call.
    pub payload: Option<serde_json::Value>,
    /// When.
    pub at: Timestamp,
}

/// The outbox.
#[async_trait]
pub trait Shelves: Send + Sync + 'static {
    /// The outbox, newest first; `environment` none for both.
    async fn outbox(&self, environment: Option<Environment>, page: PageRequest) -> Result<Page<Caught>>;

    /// Entries of the outbox with a number above `after`, oldest first, at most `limit`.
    async fn outbox_since(&self, environment: Option<Environment>, after: i64, limit: u32) -> Result<Vec<Caught>>;

    /// One entry.
    async fn caught(&self, number: i64) -> Result<Option<Caught>>;

    /// Empties the outbox.
    async fn clear_outbox(&self, environment: Option<Environment>) -> Result<()>;
}
