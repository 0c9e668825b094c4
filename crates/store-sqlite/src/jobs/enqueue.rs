//! Asking for jobs.

use rusqlite::{Connection, params};
use tidings_store::{JobKey, NewJob};
use tidings_types::Timestamp;

use crate::codec;
use crate::fault::Outcome;
use crate::writer::Write;

/// Asks for jobs, within the caller's transaction.
pub(crate) fn enqueue(write: &Write<'_>, jobs: &[NewJob]) -> Outcome<()> {
    jobs.iter().try_for_each(|job| insert(write.sql, job))
}

/// A namesake that waits stays as it is and remembers what was asked for; a dead one makes way.
pub(crate) fn insert(sql: &Connection, job: &NewJob) -> Outcome<()> {
    sql.prepare_cached(
        "INSERT INTO jobs AS j (environment, kind, key, lane, due, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET asked = j.asked + 1,
             again_due = excluded.due, again_body = excluded.body,
             lane = IIF(j.dead_since IS NULL, j.lane, excluded.lane),
             due = IIF(j.dead_since IS NULL, j.due, excluded.due),
             body = IIF(j.dead_since IS NULL, j.body, excluded.body),
             attempts = IIF(j.dead_since IS NULL, j.attempts, 0),
             error = IIF(j.dead_since IS NULL, j.error, NULL),
             begun = IIF(j.dead_since IS NULL, j.begun, NULL),
             dead_since = NULL",
    )?
    .execute(params![
        codec::environment(job.name.environment),
        job.name.kind,
        job.name.key,
        job.lane.as_i16(),
        job.due.as_millis(),
        codec::json(&job.body)?,
    ])?;
    Ok(())
}

/// Makes a dead job due now.
pub(super) fn revive(sql: &Connection, name: &JobKey, now: Timestamp) -> Outcome<bool> {
    let revived = sql
        .prepare_cached(
            "UPDATE jobs SET due = ?4, attempts = 0, error = NULL, dead_since = NULL
             WHERE environment = ?1 AND kind = ?2 AND key = ?3 AND dead_since IS NOT NULL",
        )?
        .execute(params![
            codec::environment(name.environment),
            name.kind,
            name.key,
            now.as_millis()
        ])?;
    Ok(revived > 0)
}
