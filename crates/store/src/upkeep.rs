//! What runs now and then, and whether the store works at all.

use async_trait::async_trait;
use tidings_types::{Result, Timestamp};

/// Upkeep.
#[async_trait]
pub trait Upkeep: Send + Sync + 'static {
    /// Whether the store can be read and written now.
    async fn ping(&self) -> Result<()>;

    /// Redacts the data of finished one-time messages accepted before a moment: in requests, recipients, history,
    /// renderings, feed and outbox. At most `limit` messages a call; returns how many. A message waits until all
    /// messages of its request are finished, since they share the request's data. See [`crate::redact`].
    async fn redact_one_time(&self, before: Timestamp, limit: u32) -> Result<u32>;

    /// Redacts the data of one-time bulk jobs that were set going before a moment, or made before it and never set going:
    /// also of those people for whom there is no message. A job waits until its messages are there. At most `limit` people
    /// a call; returns how many, and one more for a job that is done with.
    async fn redact_bulk_jobs(&self, before: Timestamp, limit: u32) -> Result<u32>;

    /// Forgets expired replies. Returns how many.
    async fn prune_replies(&self, now: Timestamp) -> Result<u64>;

    /// Keeps only the newest entries of the outbox. Returns how many went.
    async fn prune_outbox(&self, keep: u32) -> Result<u64>;

    /// Flushes what is buffered and stops background work.
    async fn close(&self) -> Result<()>;
}
