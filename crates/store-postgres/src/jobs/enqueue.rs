//! Asking for jobs.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tidings_store::{JobKey, NewJob};
use tidings_types::{Result, Timestamp};

use crate::PostgresStore;
use crate::codec::{self, column, try_column};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// Asks for jobs in a transaction of their own.
pub(super) struct Ask<'a>(pub(super) &'a [NewJob]);

#[async_trait]
impl Operation for Ask<'_> {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        enqueue(sql, self.0).await
    }
}

/// Asks for jobs, within the caller's transaction. A namesake that waits stays as it is and remembers what was asked
/// for; a dead one makes way.
pub(crate) async fn enqueue<'j>(sql: &Sql<'_>, jobs: impl IntoIterator<Item = &'j NewJob> + Send) -> Outcome<()> {
    // Each name once, since a statement cannot meet a row twice, and in one order, so that two never wait for each other.
    let mut named: BTreeMap<&JobKey, &NewJob> = BTreeMap::new();
    for job in jobs {
        named.entry(&job.name).or_insert(job);
    }
    if named.is_empty() {
        return Ok(());
    }
    let jobs: Vec<&NewJob> = named.into_values().collect();
    sql.execute(
        "INSERT INTO jobs AS j (environment, kind, key, lane, due, body)
         SELECT * FROM unnest($1::int2[], $2::text[], $3::text[], $4::int2[], $5::int8[], $6::text[])
         ON CONFLICT (environment, kind, key) DO UPDATE SET asked = j.asked + 1,
             again_due = excluded.due, again_body = excluded.body,
             lane = CASE WHEN j.dead_since IS NULL THEN j.lane ELSE excluded.lane END,
             due = CASE WHEN j.dead_since IS NULL THEN j.due ELSE excluded.due END,
             body = CASE WHEN j.dead_since IS NULL THEN j.body ELSE excluded.body END,
             attempts = CASE WHEN j.dead_since IS NULL THEN j.attempts ELSE 0 END,
             error = CASE WHEN j.dead_since IS NULL THEN j.error END,
             begun = CASE WHEN j.dead_since IS NULL THEN j.begun END,
             dead_since = NULL",
        &[
            &column(&jobs, |job| codec::environment(job.name.environment)),
            &column(&jobs, |job| job.name.kind.as_str()),
            &column(&jobs, |job| job.name.key.as_str()),
            &column(&jobs, |job| job.lane.as_i16()),
            &column(&jobs, |job| job.due.as_millis()),
            &try_column(&jobs, |job| codec::json(&job.body))?,
        ],
    )
    .await?;
    Ok(())
}

/// Makes a dead job due now.
pub(super) async fn revive(store: &PostgresStore, name: &JobKey, now: Timestamp) -> Result<bool> {
    let revived = store
        .execute(
            "UPDATE jobs SET due = $4, attempts = 0, error = NULL, dead_since = NULL
             WHERE environment = $1 AND kind = $2 AND key = $3 AND dead_since IS NOT NULL RETURNING 1",
            &[
                &codec::environment(name.environment),
                &name.kind,
                &name.key,
                &now.as_millis(),
            ],
        )
        .await?;
    Ok(!revived.is_empty())
}
