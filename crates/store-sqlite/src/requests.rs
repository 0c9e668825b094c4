//! Requests with many messages: how far they are, and calling them off.

mod archive;

use async_trait::async_trait;
use rusqlite::{Connection, params};
use tidings_store::jobs::{EXPAND, EXPAND_BULK};
use tidings_store::{ArchivedPage, CancelResult, CanceledPage, JobKey, RequestNote, RequestProgress, Requests};
use tidings_types::{Environment, MessageId, RequestId, Result, Status, Timestamp};

use crate::SqliteStore;
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::messages::cancel;
use crate::writer::Write;

#[async_trait]
impl Requests for SqliteStore {
    async fn request_progress(&self, environment: Environment, id: &RequestId) -> Result<RequestProgress> {
        let id = id.clone();
        self.read(move |sql| progress(sql, environment, &id)).await
    }

    async fn count_messages(&self, environment: Environment, id: &RequestId) -> Result<Vec<(Status, u64)>> {
        let id = id.clone();
        self.read(move |sql| count_messages(sql, environment, &id)).await
    }

    async fn archive_messages(
        &self,
        environment: Environment,
        id: &RequestId,
        after: Option<&MessageId>,
        limit: u32,
    ) -> Result<ArchivedPage> {
        let (id, after) = (id.clone(), after.cloned());
        self.write_later(usize::try_from(limit).unwrap_or(usize::MAX), move |write| {
            archive::archive_messages(write.sql, environment, &id, after.as_ref(), limit)
        })
        .await
    }

    async fn cancel_request(&self, environment: Environment, id: &RequestId, now: Timestamp) -> Result<bool> {
        let id = id.clone();
        self.write(move |write| cancel_request(write, environment, &id, now))
            .await
    }

    async fn cancel_messages(
        &self,
        environment: Environment,
        id: &RequestId,
        after: Option<&MessageId>,
        now: Timestamp,
        limit: u32,
    ) -> Result<CanceledPage> {
        let (id, after) = (id.clone(), after.cloned());
        self.write_later(usize::try_from(limit).unwrap_or(usize::MAX), move |write| {
            cancel_messages(write, environment, &id, after.as_ref(), now, limit)
        })
        .await
    }
}

/// The keys of a request's jobs stand between these two: a slash follows the id, and `0` follows the slash.
fn range(id: &RequestId) -> (String, String) {
    (format!("{id}/"), format!("{id}0"))
}

/// A request has one message of its own id, or several of others. Each has a query of its own: read together they take
/// twice as long.
fn count_messages(sql: &Connection, environment: Environment, id: &RequestId) -> Outcome<Vec<(Status, u64)>> {
    const ONE: &str = "SELECT status, 1 FROM messages WHERE environment = ?1 AND id = ?2 AND request_id = id";
    const SEVERAL: &str = "SELECT status, COUNT(*) FROM messages
         WHERE environment = ?1 AND request_id = ?2 AND request_id <> id GROUP BY status ORDER BY status";
    for query in [ONE, SEVERAL] {
        let counts = sql
            .prepare_cached(query)?
            .query_map(params![codec::environment(environment), id.as_str()], |row| {
                let mut cells = Cells::new(row);
                let status = cells.name(Status::parse)?;
                Ok((status, u64::try_from(cells.take::<i64>()?).unwrap_or(0)))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        if !counts.is_empty() {
            return Ok(counts);
        }
    }
    Ok(Vec::new())
}

fn progress(sql: &Connection, environment: Environment, id: &RequestId) -> Outcome<RequestProgress> {
    let environment = codec::environment(environment);
    let (from, to) = range(id);
    let (expanding, given_up): (i64, i64) = sql
        .prepare_cached(
            "SELECT COUNT(*) FILTER (WHERE dead_since IS NULL), COUNT(dead_since) FROM jobs
             WHERE environment = ?1 AND kind IN (?2, ?5) AND key > ?3 AND key < ?4",
        )?
        .query_row(params![environment, EXPAND, from, to, EXPAND_BULK], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let notes = sql
        .prepare_cached(
            "SELECT entry, note FROM request_notes WHERE environment = ?1 AND request_id = ?2 ORDER BY entry, note",
        )?
        .query_map(params![environment, id.as_str()], |row| {
            Ok(RequestNote {
                request_id: id.clone(),
                entry: row.get(0)?,
                note: row.get(1)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(RequestProgress {
        expanding: u64::try_from(expanding).unwrap_or(0),
        given_up: u64::try_from(given_up).unwrap_or(0),
        notes,
    })
}

/// Writes what is to be said of requests; what was said before is said once.
pub(crate) fn note(sql: &Connection, environment: Environment, notes: &[RequestNote]) -> Outcome<()> {
    for note in notes {
        sql.prepare_cached(
            "INSERT OR IGNORE INTO request_notes (environment, request_id, entry, note) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            codec::environment(environment),
            note.request_id.as_str(),
            note.entry,
            note.note
        ])?;
    }
    Ok(())
}

fn cancel_request(write: &mut Write<'_>, environment: Environment, id: &RequestId, now: Timestamp) -> Outcome<bool> {
    let found = write
        .sql
        .prepare_cached(
            "UPDATE requests SET canceled_at = COALESCE(canceled_at, ?3) WHERE environment = ?1 AND id = ?2",
        )?
        .execute(params![codec::environment(environment), id.as_str(), now.as_millis()])?;
    let (from, to) = range(id);
    let keys = write
        .sql
        .prepare_cached(
            "DELETE FROM jobs WHERE environment = ?1 AND kind IN (?2, ?5) AND key > ?3 AND key < ?4 RETURNING kind, key",
        )?
        .query_map(
            params![codec::environment(environment), EXPAND, from, to, EXPAND_BULK],
            |row| Ok(JobKey::new(environment, row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for key in keys {
        write.jobs.revoke(&key);
    }
    Ok(found > 0)
}

fn cancel_messages(
    write: &mut Write<'_>,
    environment: Environment,
    id: &RequestId,
    after: Option<&MessageId>,
    now: Timestamp,
    limit: u32,
) -> Outcome<CanceledPage> {
    let ids = write
        .sql
        .prepare_cached(
            "SELECT id FROM messages WHERE environment = ?1 AND request_id = ?2 AND request_id <> id AND id > ?3
             ORDER BY id LIMIT ?4",
        )?
        .query_map(
            params![
                codec::environment(environment),
                id.as_str(),
                after.map_or("", MessageId::as_str),
                limit
            ],
            |row| Ok(MessageId::from(row.get::<_, String>(0)?)),
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let full = ids.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let mut canceled = 0;
    for id in &ids {
        if matches!(cancel::cancel(write, environment, id, now)?, CancelResult::Canceled(_)) {
            canceled += 1;
        }
    }
    Ok(CanceledPage {
        next: ids.into_iter().next_back().filter(|_| full),
        canceled,
    })
}
