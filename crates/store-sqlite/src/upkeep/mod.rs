//! What runs now and then, and whether the store works at all.

mod redact;

use async_trait::async_trait;
use tidings_store::Upkeep;
use tidings_types::{Result, Timestamp};

use crate::{SqliteStore, outbox};

#[async_trait]
impl Upkeep for SqliteStore {
    async fn ping(&self) -> Result<()> {
        self.read(|sql| {
            Ok(sql
                .prepare_cached("SELECT 1 FROM documents LIMIT 1")?
                .exists([])
                .map(drop)?)
        })
        .await?;
        // A write that commits: storing the version that is there touches the file's first page and nothing else.
        self.write(|write| {
            let version: i64 = write.sql.pragma_query_value(None, "user_version", |row| row.get(0))?;
            Ok(write.sql.pragma_update(None, "user_version", version)?)
        })
        .await
    }

    async fn redact_one_time(&self, before: Timestamp, limit: u32) -> Result<u32> {
        self.write(move |write| redact::one_time(write.sql, before, limit))
            .await
    }

    async fn redact_bulk_jobs(&self, before: Timestamp, limit: u32) -> Result<u32> {
        self.write(move |write| redact::bulk_job(write.sql, before, limit))
            .await
    }

    async fn prune_replies(&self, now: Timestamp) -> Result<u64> {
        self.write(move |write| {
            let gone = write
                .sql
                .prepare_cached("DELETE FROM replies WHERE expires <= ?1")?
                .execute([now.as_millis()])?;
            Ok(u64::try_from(gone).unwrap_or(u64::MAX))
        })
        .await
    }

    async fn prune_outbox(&self, keep: u32) -> Result<u64> {
        self.write(move |write| outbox::prune(write.sql, keep)).await
    }

    async fn close(&self) -> Result<()> {
        self.shut().await;
        Ok(())
    }
}
