//! Profiles.

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::ProfileChange;
use tidings_types::{Environment, Object, Timestamp, UserId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

pub(super) fn profile(sql: &Connection, environment: Environment, user: &UserId) -> Outcome<Option<Object>> {
    Ok(sql
        .prepare_cached("SELECT body FROM profiles WHERE environment = ?1 AND user_id = ?2")?
        .query_row(params![codec::environment(environment), user.as_str()], |row| {
            Cells::new(row).json()
        })
        .optional()?)
}

pub(super) fn is_known(sql: &Connection, environment: Environment, user: &UserId) -> Outcome<bool> {
    Ok(sql
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM profiles WHERE environment = ?1 AND user_id = ?2)
                 OR EXISTS (SELECT 1 FROM tokens WHERE environment = ?1 AND user_id = ?2)
                 OR EXISTS (SELECT 1 FROM preferences WHERE environment = ?1 AND user_id = ?2)
                 OR EXISTS (SELECT 1 FROM memberships WHERE environment = ?1 AND user_id = ?2)",
        )?
        .query_row(params![codec::environment(environment), user.as_str()], |row| {
            row.get(0)
        })?)
}

pub(super) fn change(
    sql: &Connection,
    environment: Environment,
    user: &UserId,
    change: &ProfileChange,
    now: Timestamp,
) -> Outcome<Object> {
    let changed = change.apply(profile(sql, environment, user)?)?;
    sql.prepare_cached(
        "INSERT INTO profiles (environment, user_id, body, updated) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET body = excluded.body, updated = excluded.updated",
    )?
    .execute(params![
        codec::environment(environment),
        user.as_str(),
        codec::json(&changed)?,
        now.as_millis()
    ])?;
    Ok(changed)
}

pub(super) fn delete(sql: &Connection, environment: Environment, user: &UserId) -> Outcome<bool> {
    let gone = sql
        .prepare_cached("DELETE FROM profiles WHERE environment = ?1 AND user_id = ?2")?
        .execute(params![codec::environment(environment), user.as_str()])?;
    Ok(gone > 0)
}
