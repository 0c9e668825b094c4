//! Handing out due work, and taking it back.

use std::sync::LazyLock;

use async_trait::async_trait;
use tidings_store::{Claim, Claimed, Lane};
use tidings_types::{Environment, MessageId};
use tokio_postgres::Row;

use super::row;
use crate::codec::{self, Cells, column};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// A lease is never longer than this: a year, in milliseconds.
const LONGEST_LEASE: u64 = 365 * 24 * 3_600_000;

/// Claims the oldest due work that nobody holds and nobody else is just claiming.
const LEASE: &str = "
    WITH due AS MATERIALIZED (
        SELECT environment, id FROM work
        WHERE lane = $1 AND due <= $2 AND (leased_until IS NULL OR leased_until <= now())
        ORDER BY due, environment, id LIMIT $3
        FOR UPDATE SKIP LOCKED
    )
    UPDATE work AS w SET token = w.token + 1, lease_ms = $4::int8, leased_until = now() + $4 * interval '1 millisecond'
    FROM due WHERE w.environment = due.environment AND w.id = due.id
    RETURNING w.environment, w.id";

/// Reads what was claimed. A statement of its own, so that it sees what the last holder wrote: the one above sees
/// messages as they were when it began, and work as it is.
static CLAIMED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT w.lane, w.deadline, w.token, {}, {}
         FROM unnest($1::int2[], $2::text[]) AS c (environment, id)
         JOIN work AS w ON w.environment = c.environment AND w.id = c.id
         JOIN messages AS m ON m.environment = w.environment AND m.id = w.id
         JOIN requests AS r ON r.environment = m.environment AND r.id = m.request_id
         ORDER BY w.due, w.environment, w.id",
        row::MESSAGE,
        row::REQUEST
    )
});

/// Takes due work.
pub(super) struct Take(pub(super) Claim);

#[async_trait]
impl Operation for Take {
    type Output = Vec<Claimed>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Vec<Claimed>> {
        let lease = i64::try_from(self.0.lease_ms.min(LONGEST_LEASE)).unwrap_or(i64::MAX);
        let (lane, now, limit) = (self.0.lane.as_i16(), self.0.now.as_millis(), i64::from(self.0.limit));
        let keys = sql.rows(LEASE, &[&lane, &now, &limit, &lease]).await?;
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let (mut environments, mut ids) = (Vec::new(), Vec::new());
        for key in &keys {
            let mut cells = Cells::new(key);
            environments.push(cells.take::<i16>()?);
            ids.push(cells.take::<&str>()?);
        }
        let rows = sql.rows(&CLAIMED, &[&environments, &ids]).await?;
        if rows.len() < keys.len() {
            tracing::error!(count = keys.len() - rows.len(), "work without its message or request");
        }
        Ok(rows.iter().filter_map(readable).collect())
    }
}

/// One row that cannot be read must not keep its lane from everyone else: it stays leased until it is looked at again.
fn readable(row: &Row) -> Option<Claimed> {
    claimed(&mut Cells::new(row))
        .inspect_err(|fault| tracing::error!(?fault, "work that cannot be read"))
        .ok()
}

fn claimed(cells: &mut Cells<'_>) -> Outcome<Claimed> {
    Ok(Claimed {
        lane: Lane::from_i16(cells.take()?),
        deadline: cells.moment()?,
        token: cells.take()?,
        message: row::message(cells)?,
        request: row::request(cells)?,
    })
}

/// Gives claimed work back, as far as it is still held.
pub(super) struct Release(pub(super) Vec<(Environment, MessageId, i64)>);

#[async_trait]
impl Operation for Release {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        sql.execute(
            "UPDATE work AS w SET leased_until = NULL
             FROM unnest($1::int2[], $2::text[], $3::int8[]) AS c (environment, id, token)
             WHERE w.environment = c.environment AND w.id = c.id AND w.token = c.token",
            &[
                &column(&self.0, |claim| codec::environment(claim.0)),
                &column(&self.0, |claim| claim.1.as_str()),
                &column(&self.0, |claim| claim.2),
            ],
        )
        .await?;
        Ok(())
    }
}
