//! Telling those who listen what becomes of audiences.

use rusqlite::{Connection, params};
use tidings_store::webhooks::{
    AUDIENCE_CALCULATED, AUDIENCE_MATCHED, AUDIENCE_UNMATCHED, AUDIENCE_UPDATED, audience_calculated, audience_updated,
};
use tidings_store::{Audience, NewJob};
use tidings_types::{Environment, Timestamp};

use super::read;
use crate::fault::Outcome;
use crate::webhooks::anyone_wants;
use crate::{codec, jobs};

/// An audience was made or written.
pub(super) fn updated(sql: &Connection, environment: Environment, audience: &Audience, now: Timestamp) -> Outcome<()> {
    if anyone_wants(sql, environment, AUDIENCE_UPDATED)? {
        jobs::insert(sql, &audience_updated(environment, audience, now))?;
    }
    Ok(())
}

/// Everybody was looked at for an audience; nothing is told of one that has gone.
pub(super) fn calculated(sql: &Connection, environment: Environment, id: &str, now: Timestamp) -> Outcome<()> {
    if !anyone_wants(sql, environment, AUDIENCE_CALCULATED)? || read::audience(sql, environment, id)?.is_none() {
        return Ok(());
    }
    let code = codec::environment(environment);
    let members = sql
        .prepare_cached("SELECT count(*) FROM audience_members WHERE environment = ?1 AND audience_id = ?2")?
        .query_row(params![code, id], |row| row.get::<_, i64>(0))?;
    let people = sql
        .prepare_cached("SELECT count(*) FROM profiles WHERE environment = ?1")?
        .query_row([code], |row| row.get::<_, i64>(0))?;
    let (members, people) = (members.unsigned_abs(), people.unsigned_abs());
    jobs::insert(sql, &audience_calculated(environment, id, members, people, now))
}

/// People came to belong to audiences, or no longer do.
pub(super) fn members(sql: &Connection, environment: Environment, changes: &[NewJob]) -> Outcome<()> {
    if changes.is_empty() {
        return Ok(());
    }
    if anyone_wants(sql, environment, AUDIENCE_MATCHED)? || anyone_wants(sql, environment, AUDIENCE_UNMATCHED)? {
        changes.iter().try_for_each(|job| jobs::insert(sql, job))?;
    }
    Ok(())
}
