//! Writing what doing a job came to.

use async_trait::async_trait;
use serde_json::Value;
use tidings_store::{JobDone, JobKey, JobNext, Lane};
use tidings_types::{Result, Timestamp};

use super::enqueue;
use crate::PostgresStore;
use crate::codec;
use crate::fault::Outcome;
use crate::messages::accept;
use crate::notification::Notification;
use crate::sql::Sql;
use crate::transaction::Operation;
use crate::{bulk, requests};

/// What other nodes should know of it.
pub(super) fn news(done: &JobDone) -> Vec<Notification> {
    let messages = || done.follow_ups.messages.iter().flat_map(|page| &page.messages);
    let has = |lane: &Lane| messages().any(|message| message.lane == *lane);
    let work = Lane::ALL.into_iter().filter(has).map(Notification::Work);
    work.chain(super::news(&done.follow_ups.jobs)).collect()
}

/// Completes a job.
pub(super) struct Complete(pub(super) JobDone);

#[async_trait]
impl Operation for Complete {
    type Output = bool;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<bool> {
        let done = &self.0;
        if !self.lock(sql).await? {
            return Ok(false);
        }
        match &done.next {
            JobNext::Finished => self.finish(sql).await?,
            JobNext::KeepClaim(body) => self.go_on(sql, None, body).await?,
            JobNext::At(due, body) => self.go_on(sql, Some(*due), body).await?,
            JobNext::Retry { at, error } => self.fail(sql, Some(*at), None, error).await?,
            JobNext::Dead { at, error } => self.fail(sql, None, Some(*at), error).await?,
        }
        let pages = &done.follow_ups.messages;
        let rows: Vec<_> = pages
            .iter()
            .flat_map(|page| page.messages.iter().map(|message| (&page.request, message)))
            .collect();
        accept::add(sql, &rows).await?;
        enqueue(sql, &done.follow_ups.jobs).await?;
        requests::note(sql, done.name.environment, &done.follow_ups.notes).await?;
        bulk::settle(sql, done.name.environment, &done.follow_ups.bulk).await?;
        Ok(true)
    }
}

impl Complete {
    /// Whether the claim still holds; keeps everyone else from the job until the transaction ends. A lease that has ended
    /// while nobody else claimed the job still holds.
    async fn lock(&self, sql: &Sql<'_>) -> Outcome<bool> {
        let name = &self.0.name;
        let row = sql
            .row(
                "SELECT 1 FROM jobs WHERE environment = $1 AND kind = $2 AND key = $3 AND token = $4
                     AND leased_until IS NOT NULL FOR UPDATE",
                &[
                    &codec::environment(name.environment),
                    &name.kind,
                    &name.key,
                    &self.0.proof.token,
                ],
            )
            .await?;
        Ok(row.is_some())
    }

    /// The row goes, unless the job was asked for again since it was begun.
    async fn finish(&self, sql: &Sql<'_>) -> Outcome<()> {
        let name = &self.0.name;
        let environment = codec::environment(name.environment);
        let gone = sql
            .execute(
                "DELETE FROM jobs
                 WHERE environment = $1 AND kind = $2 AND key = $3 AND asked = COALESCE(begun, $4)",
                &[&environment, &name.kind, &name.key, &self.0.proof.asked],
            )
            .await?;
        if gone == 0 {
            sql.execute(
                "UPDATE jobs SET due = again_due, body = again_body, attempts = 0, error = NULL, begun = NULL,
                     leased_until = NULL
                 WHERE environment = $1 AND kind = $2 AND key = $3",
                &[&environment, &name.kind, &name.key],
            )
            .await?;
        }
        Ok(())
    }

    /// It came further: kept with the lease renewed, or put back until then.
    async fn go_on(&self, sql: &Sql<'_>, due: Option<Timestamp>, body: &Value) -> Outcome<()> {
        let name = &self.0.name;
        sql.execute(
            "UPDATE jobs SET due = COALESCE($5, due), body = $6, attempts = 0, error = NULL,
                 begun = COALESCE(begun, $4),
                 leased_until = CASE WHEN $5::int8 IS NULL THEN now() + lease_ms * interval '1 millisecond' END
             WHERE environment = $1 AND kind = $2 AND key = $3",
            &[
                &codec::environment(name.environment),
                &name.kind,
                &name.key,
                &self.0.proof.asked,
                &due.map(Timestamp::as_millis),
                &codec::json(body)?,
            ],
        )
        .await?;
        Ok(())
    }

    /// It failed: until then, or for good.
    async fn fail(&self, sql: &Sql<'_>, due: Option<Timestamp>, dead: Option<Timestamp>, error: &str) -> Outcome<()> {
        let name = &self.0.name;
        sql.execute(
            "UPDATE jobs SET due = COALESCE($5, due), dead_since = $6, error = $7, attempts = attempts + 1,
                 begun = COALESCE(begun, $4), leased_until = NULL
             WHERE environment = $1 AND kind = $2 AND key = $3",
            &[
                &codec::environment(name.environment),
                &name.kind,
                &name.key,
                &self.0.proof.asked,
                &due.map(Timestamp::as_millis),
                &dead.map(Timestamp::as_millis),
                &codec::lenient(error).as_ref(),
            ],
        )
        .await?;
        Ok(())
    }
}

/// Forgets a job, whoever holds it.
pub(super) async fn cancel(store: &PostgresStore, name: &JobKey) -> Result<bool> {
    let gone = store
        .execute(
            "DELETE FROM jobs WHERE environment = $1 AND kind = $2 AND key = $3 RETURNING 1",
            &[&codec::environment(name.environment), &name.kind, &name.key],
        )
        .await?;
    Ok(!gone.is_empty())
}
