//! Changing audiences.

use rusqlite::{Connection, params};
use tidings_store::webhooks::audience_membership;
use tidings_store::{Audience, AudienceWrite, NewJob};
use tidings_types::{Environment, Timestamp, UserId};

use super::{news, read};
use crate::fault::Outcome;
use crate::writer::Write;
use crate::{codec, jobs};

pub(super) fn put(write: &Write<'_>, environment: Environment, new: &AudienceWrite) -> Outcome<Audience> {
    let before = read::audience(write.sql, environment, &new.id)?;
    let first = first_version(write.sql, environment, &new.id)?;
    let audience = after(before.as_ref(), new, first);
    write
        .sql
        .prepare_cached(
            "INSERT INTO audiences (environment, id, name, description, filter, operator, version, created, updated)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT DO UPDATE SET name = excluded.name, description = excluded.description,
                 filter = excluded.filter, operator = excluded.operator, version = excluded.version,
                 updated = excluded.updated",
        )?
        .execute(params![
            codec::environment(environment),
            audience.id,
            audience.name,
            audience.description,
            audience.filter.as_ref().map(codec::json).transpose()?,
            audience.operator,
            audience.version,
            audience.created.as_millis(),
            audience.updated.as_millis(),
        ])?;
    if before.is_none_or(|before| before.version != audience.version) {
        set_keys(write.sql, environment, &new.id, &new.keys)?;
        jobs::enqueue(write, std::slice::from_ref(&new.rebuild))?;
    }
    news::updated(write.sql, environment, &audience, new.now)?;
    Ok(audience)
}

/// The version an audience begins with: 1, or later than what is left of an earlier one by its id.
fn first_version(sql: &Connection, environment: Environment, id: &str) -> Outcome<i64> {
    Ok(sql
        .prepare_cached(
            "SELECT COALESCE(MAX(version), 0) + 1 FROM audience_members WHERE environment = ?1 AND audience_id = ?2
                 AND NOT EXISTS (SELECT 1 FROM audiences WHERE environment = ?1 AND id = ?2)",
        )?
        .query_row(params![codec::environment(environment), id], |found| found.get(0))?)
}

/// The audience as it is after a write.
fn after(before: Option<&Audience>, new: &AudienceWrite, first: i64) -> Audience {
    let Some(before) = before else {
        return Audience {
            id: new.id.clone(),
            name: new.name.clone().unwrap_or_else(|| new.id.clone()),
            description: new.description.clone().unwrap_or_default(),
            filter: new.filter.clone(),
            operator: new.operator.clone(),
            version: first,
            created: new.now,
            updated: new.now,
        };
    };
    let mut audience = Audience {
        name: new.name.clone().unwrap_or_else(|| before.name.clone()),
        description: new.description.clone().unwrap_or_else(|| before.description.clone()),
        updated: new.now,
        ..before.clone()
    };
    if new.filter.is_some() && (new.filter != before.filter || new.operator != before.operator) {
        audience.filter.clone_from(&new.filter);
        audience.operator.clone_from(&new.operator);
        audience.version += 1;
    }
    audience
}

fn set_keys(sql: &Connection, environment: Environment, id: &str, keys: &[String]) -> Outcome<()> {
    sql.prepare_cached("DELETE FROM audience_keys WHERE environment = ?1 AND audience_id = ?2")?
        .execute(params![codec::environment(environment), id])?;
    let mut insert =
        sql.prepare_cached("INSERT OR IGNORE INTO audience_keys (environment, key, audience_id) VALUES (?1, ?2, ?3)")?;
    for key in keys {
        insert.execute(params![codec::environment(environment), key, id])?;
    }
    Ok(())
}

pub(super) fn delete(write: &Write<'_>, environment: Environment, id: &str, rebuild: &NewJob) -> Outcome<bool> {
    let gone = write
        .sql
        .prepare_cached("DELETE FROM audiences WHERE environment = ?1 AND id = ?2")?
        .execute(params![codec::environment(environment), id])?;
    if gone > 0 {
        set_keys(write.sql, environment, id, &[])?;
        jobs::enqueue(write, std::slice::from_ref(rebuild))?;
    }
    Ok(gone > 0)
}

pub(super) fn sweep(sql: &Connection, environment: Environment, id: &str, now: Timestamp, limit: u32) -> Outcome<u32> {
    let gone: Vec<UserId> = sql
        .prepare_cached(
            "DELETE FROM audience_members WHERE environment = ?1 AND audience_id = ?2 AND user_id IN (
                 SELECT user_id FROM audience_members WHERE environment = ?1 AND audience_id = ?2 AND version <>
                     COALESCE((SELECT version FROM audiences WHERE environment = ?1 AND id = ?2), -1)
                 LIMIT ?3)
             RETURNING user_id",
        )?
        .query_map(params![codec::environment(environment), id, limit], |found| {
            found.get::<_, String>(0).map(UserId::from)
        })?
        .collect::<rusqlite::Result<_>>()?;
    // Nobody is told who belonged to an audience that is no more.
    if let Some(audience) = read::audience(sql, environment, id)? {
        let of = (id, audience.version);
        let change = |user| audience_membership(environment, of, user, None, now);
        news::members(sql, environment, &gone.iter().map(change).collect::<Vec<_>>())?;
    }
    Ok(u32::try_from(gone.len()).unwrap_or(u32::MAX))
}
