//! Replies kept so that a repeated call is answered, not repeated.

use async_trait::async_trait;
use tidings_types::{Environment, Result, Timestamp};

/// A call that may be repeated.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey {
    /// The environment of the API key.
    pub environment: Environment,
    /// Method and path, such as `POST /send`.
    pub operation: String,
    /// What the caller sent in `Idempotency-Key`.
    pub key: String,
}

/// A reply as it is replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReply {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// What to do with a call that carries a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// The first: carry it out, then finish or abandon.
    Fresh,
    /// The first is still being carried out.
    Running,
    /// It was carried out: replay.
    Done(StoredReply),
    /// The key was used with another body.
    Mismatch,
}

/// Replies kept for repeated calls.
#[async_trait]
pub trait Idempotency: Send + Sync + 'static {
    /// Asks what to do with a call. A first call that never finished stops counting `running_ms` milliseconds after
    /// it began. The expiry set by the first call stays.
    async fn begin(
        &self,
        key: &IdempotencyKey,
        fingerprint: &str,
        now: Timestamp,
        expires: Timestamp,
        running_ms: u64,
    ) -> Result<Begin>;

    /// Keeps the reply of a call that began. (Sends keep theirs with [`crate::Acceptance::idempotency`].)
    async fn finish(&self, key: &IdempotencyKey, reply: StoredReply) -> Result<()>;

    /// Forgets a call that began and was refused before it had any effect.
    async fn abandon(&self, key: &IdempotencyKey) -> Result<()>;
}
