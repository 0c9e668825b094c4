//! Handing out due work.
//!
//! This runs in the writing thread, although it writes nothing: only there are the table and the claims in memory
//! known to agree. A finished message leaves the table and its claim in one job, so it is never handed out again.

use std::sync::LazyLock;

use rusqlite::{OptionalExtension, params};
use tidings_store::{Claim, Claimed, Lane};
use tidings_types::{Environment, MessageId, Timestamp};

use super::row;
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::leases::{Leases, WorkKey};
use crate::writer::Write;

static CLAIMED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT w.lane, w.deadline, {}, {}
         FROM work AS w
         JOIN messages AS m ON m.environment = w.environment AND m.id = w.id
         JOIN requests AS r ON r.environment = m.environment AND r.id = m.request_id
         WHERE w.environment = ?1 AND w.id = ?2",
        row::MESSAGE,
        row::REQUEST
    )
});

pub(super) fn claim(write: &mut Write<'_>, claim: Claim) -> Outcome<Vec<Claimed>> {
    let limit = usize::try_from(claim.limit).unwrap_or(usize::MAX);
    let due = unclaimed(write, claim.lane, claim.now, limit)?;
    let mut statement = write.sql.prepare_cached(&CLAIMED)?;
    let mut claimed = Vec::with_capacity(due.len());
    for key in due {
        let found = statement
            .query_row(params![codec::environment(key.0), key.1.as_str()], |found| {
                let mut cells = Cells::new(found);
                Ok(Claimed {
                    lane: Lane::from_i16(cells.take()?),
                    deadline: cells.moment()?,
                    message: row::message(&mut cells)?,
                    request: row::request(&mut cells)?,
                    token: 0,
                })
            })
            .optional();
        match found {
            Ok(Some(work)) => claimed.push(Claimed {
                token: write.leases.claim(key),
                ..work
            }),
            // One row that cannot be read must not keep its lane from everyone else.
            Ok(None) => tracing::error!(message = %key.1, "work without its message or request"),
            Err(error) if is_broken(&error) => tracing::error!(message = %key.1, %error, "work that cannot be read"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(claimed)
}

/// When the earliest unclaimed work of a lane is due.
pub(super) fn next_due(write: &Write<'_>, lane: Lane) -> Outcome<Option<Timestamp>> {
    let mut statement = write
        .sql
        .prepare_cached("SELECT environment, id, due FROM work WHERE lane = ?1 ORDER BY due, environment, id")?;
    let mut rows = statement.query([lane.as_i16()])?;
    while let Some(found) = rows.next()? {
        let mut cells = Cells::new(found);
        let key = key(&mut cells)?;
        if !write.leases.is_held(&key) {
            return Ok(Some(cells.moment()?));
        }
    }
    Ok(None)
}

/// Due work that nobody holds, oldest due first. Reads nothing but the index.
fn unclaimed(write: &Write<'_>, lane: Lane, now: Timestamp, limit: usize) -> Outcome<Vec<WorkKey>> {
    let leases: &Leases<WorkKey> = write.leases;
    let mut statement = write.sql.prepare_cached(
        "SELECT environment, id FROM work WHERE lane = ?1 AND due <= ?2 ORDER BY due, environment, id",
    )?;
    let mut rows = statement.query(params![lane.as_i16(), now.as_millis()])?;
    let mut keys = Vec::new();
    while keys.len() < limit
        && let Some(found) = rows.next()?
    {
        let key = key(&mut Cells::new(found))?;
        if !leases.is_held(&key) {
            keys.push(key);
        }
    }
    Ok(keys)
}

fn key(cells: &mut Cells<'_>) -> rusqlite::Result<(Environment, MessageId)> {
    Ok((cells.environment()?, cells.take::<String>()?.into()))
}

/// Whether a row holds what this program never writes, as opposed to the engine failing.
fn is_broken(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
    )
}
