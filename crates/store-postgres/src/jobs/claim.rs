//! Handing out due jobs, and taking them back.

use std::sync::LazyLock;

use async_trait::async_trait;
use tidings_store::{ClaimedJob, JobClaim, JobKey, JobProof, Lane};
use tidings_types::{Result, Timestamp};

use super::read::{JOB, job};
use crate::codec::{self, Cells, column};
use crate::database::Database;
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// A lease is never longer than this: a year, in milliseconds.
const LONGEST_LEASE: u64 = 365 * 24 * 3_600_000;

static LEASE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "WITH taken AS MATERIALIZED (
             SELECT environment, kind, key FROM jobs
             WHERE kind = $1 AND lane = $2 AND dead_since IS NULL AND due <= $3
                 AND (leased_until IS NULL OR leased_until <= now())
             ORDER BY due, environment, key LIMIT $4
             FOR UPDATE SKIP LOCKED
         ), claimed AS (
             UPDATE jobs AS j
             SET token = j.token + 1, lease_ms = $5::int8, leased_until = now() + $5 * interval '1 millisecond'
             FROM taken AS t WHERE j.environment = t.environment AND j.kind = t.kind AND j.key = t.key
             RETURNING j.*
         )
         SELECT {JOB}, token, asked FROM claimed ORDER BY due, environment, key"
    )
});

/// Takes due jobs.
pub(super) struct Take(pub(super) JobClaim);

#[async_trait]
impl Operation for Take {
    type Output = Vec<ClaimedJob>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Vec<ClaimedJob>> {
        let lease = i64::try_from(self.0.lease_ms.min(LONGEST_LEASE)).unwrap_or(i64::MAX);
        let limit = usize::try_from(self.0.limit).unwrap_or(usize::MAX);
        let mut claimed = Vec::new();
        for lane in Lane::ALL {
            let wanted = i64::try_from(limit.saturating_sub(claimed.len())).unwrap_or(i64::MAX);
            if wanted == 0 {
                break;
            }
            let (lane, now) = (lane.as_i16(), self.0.now.as_millis());
            let rows = sql.rows(&LEASE, &[&self.0.kind, &lane, &now, &wanted, &lease]).await?;
            for row in &rows {
                let mut cells = Cells::new(row);
                let job = job(&mut cells)?;
                let proof = JobProof {
                    token: cells.take()?,
                    asked: cells.take()?,
                };
                claimed.push(ClaimedJob { job, proof });
            }
        }
        Ok(claimed)
    }
}

/// Gives claimed jobs back, as far as they are still held.
pub(super) struct Release(pub(super) Vec<(JobKey, JobProof)>);

#[async_trait]
impl Operation for Release {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        sql.execute(
            "UPDATE jobs AS j SET leased_until = NULL
             FROM unnest($1::int2[], $2::text[], $3::text[], $4::int8[]) AS c (environment, kind, key, token)
             WHERE j.environment = c.environment AND j.kind = c.kind AND j.key = c.key AND j.token = c.token",
            &[
                &column(&self.0, |claim| codec::environment(claim.0.environment)),
                &column(&self.0, |claim| claim.0.kind.as_str()),
                &column(&self.0, |claim| claim.0.key.as_str()),
                &column(&self.0, |claim| claim.1.token),
            ],
        )
        .await?;
        Ok(())
    }
}

/// When the earliest job of a kind is due that nobody holds, or no longer holds.
pub(super) async fn next_due(database: &Database, kind: &str) -> Result<Option<Timestamp>> {
    let row = database
        .read_one(
            "SELECT MIN(first.due) FROM unnest(ARRAY[0, 1, 2]::int2[]) AS l (lane), LATERAL (
                 SELECT due FROM jobs WHERE kind = $1 AND lane = l.lane AND dead_since IS NULL
                     AND (leased_until IS NULL OR leased_until <= now())
                 ORDER BY due LIMIT 1
             ) AS first",
            &[&kind],
        )
        .await?;
    Ok(row.map_or(Ok(None), |row| Cells::new(&row).maybe_moment())?)
}
