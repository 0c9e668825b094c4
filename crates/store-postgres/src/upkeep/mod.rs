//! What runs now and then, and whether the store works at all.

mod redact;

use async_trait::async_trait;
use tidings_store::Upkeep;
use tidings_types::{Result, Timestamp};

use crate::PostgresStore;
use crate::codec::Cells;
use crate::outbox;

#[async_trait]
impl Upkeep for PostgresStore {
    async fn ping(&self) -> Result<()> {
        self.database.read("SELECT 1 FROM documents LIMIT 1", &[]).await?;
        // A write that commits: a standby, a full disk and a database set to read-only refuse it.
        self.execute("UPDATE heartbeat SET at = now()", &[]).await.map(drop)
    }

    async fn redact_one_time(&self, before: Timestamp, limit: u32) -> Result<u32> {
        self.write(redact::OneTime { before, limit }).await
    }

    async fn redact_bulk_jobs(&self, before: Timestamp, limit: u32) -> Result<u32> {
        self.write(redact::BulkJob { before, limit }).await
    }

    async fn prune_replies(&self, now: Timestamp) -> Result<u64> {
        let rows = self
            .execute(
                "WITH gone AS (DELETE FROM replies WHERE expires <= $1 RETURNING 1) SELECT COUNT(*) FROM gone",
                &[&now.as_millis()],
            )
            .await?;
        Ok(rows.first().map_or(Ok(0), |row| Cells::new(row).count())?)
    }

    async fn prune_outbox(&self, keep: u32) -> Result<u64> {
        outbox::prune(self, keep).await
    }

    async fn close(&self) -> Result<()> {
        self.shut().await;
        Ok(())
    }
}
