//! Writing what doing a job came to.

use rusqlite::{Connection, params};
use serde_json::Value;
use tidings_store::{JobDone, JobKey, JobNext, JobProof};
use tidings_types::Timestamp;

use super::enqueue;
use crate::fault::Outcome;
use crate::messages::accept::add_messages;
use crate::writer::Write;
use crate::{bulk, codec, requests};

pub(super) fn complete(write: &mut Write<'_>, done: &JobDone) -> Outcome<bool> {
    let name = &done.name;
    if !write.jobs.holds(name, done.proof.token) {
        return Ok(false);
    }
    match &done.next {
        JobNext::Finished => finish(write.sql, name, done.proof)?,
        JobNext::KeepClaim(body) => go_on(write.sql, done, None, body)?,
        JobNext::At(due, body) => go_on(write.sql, done, Some(*due), body)?,
        JobNext::Retry { at, error } => fail(write.sql, done, Some(*at), None, error)?,
        JobNext::Dead { at, error } => fail(write.sql, done, None, Some(*at), error)?,
    }
    for page in &done.follow_ups.messages {
        add_messages(write, &page.request, &page.messages)?;
    }
    enqueue(write, &done.follow_ups.jobs)?;
    requests::note(write.sql, name.environment, &done.follow_ups.notes)?;
    bulk::settle(write.sql, name.environment, &done.follow_ups.bulk)?;
    if !matches!(done.next, JobNext::KeepClaim(_)) {
        write.jobs.release(name, done.proof.token);
    }
    Ok(true)
}

/// Forgets a job, whoever holds it.
pub(super) fn cancel(write: &mut Write<'_>, name: &JobKey) -> Outcome<bool> {
    let gone = write
        .sql
        .prepare_cached("DELETE FROM jobs WHERE environment = ?1 AND kind = ?2 AND key = ?3")?
        .execute(params![codec::environment(name.environment), name.kind, name.key])?;
    write.jobs.revoke(name);
    Ok(gone > 0)
}

/// The row goes, unless the job was asked for again since it was begun.
fn finish(sql: &Connection, name: &JobKey, proof: JobProof) -> Outcome<()> {
    let values = params![codec::environment(name.environment), name.kind, name.key, proof.asked];
    let gone = sql
        .prepare_cached(
            "DELETE FROM jobs
             WHERE environment = ?1 AND kind = ?2 AND key = ?3 AND asked = COALESCE(begun, ?4)",
        )?
        .execute(values)?;
    if gone == 0 {
        sql.prepare_cached(
            "UPDATE jobs SET due = again_due, body = again_body, attempts = 0, error = NULL, begun = NULL
             WHERE environment = ?1 AND kind = ?2 AND key = ?3 AND asked <> COALESCE(begun, ?4)",
        )?
        .execute(values)?;
    }
    Ok(())
}

/// It came further, and is due at once or later.
fn go_on(sql: &Connection, done: &JobDone, due: Option<Timestamp>, body: &Value) -> Outcome<()> {
    sql.prepare_cached(
        "UPDATE jobs SET due = COALESCE(?5, due), body = ?6, attempts = 0, error = NULL, begun = COALESCE(begun, ?4)
         WHERE environment = ?1 AND kind = ?2 AND key = ?3",
    )?
    .execute(params![
        codec::environment(done.name.environment),
        done.name.kind,
        done.name.key,
        done.proof.asked,
        due.map(Timestamp::as_millis),
        codec::json(body)?
    ])?;
    Ok(())
}

/// It failed: until then, or for good.
fn fail(sql: &Connection, done: &JobDone, due: Option<Timestamp>, dead: Option<Timestamp>, error: &str) -> Outcome<()> {
    sql.prepare_cached(
        "UPDATE jobs SET due = COALESCE(?5, due), dead_since = ?6, error = ?7, attempts = attempts + 1,
             begun = COALESCE(begun, ?4)
         WHERE environment = ?1 AND kind = ?2 AND key = ?3",
    )?
    .execute(params![
        codec::environment(done.name.environment),
        done.name.kind,
        done.name.key,
        done.proof.asked,
        due.map(Timestamp::as_millis),
        dead.map(Timestamp::as_millis),
        error
    ])?;
    Ok(())
}
