//! Profiles.

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::{Cursor, Page, PageRequest, ProfileChange};
use tidings_types::{Environment, Object, Timestamp, UserId};

use crate::audiences::review;
use crate::codec::{self, Cells};
use crate::fault::Outcome;

pub(crate) fn profile(sql: &Connection, environment: Environment, user: &UserId) -> Outcome<Option<Object>> {
    Ok(sql
        .prepare_cached("SELECT body FROM profiles WHERE environment = ?1 AND user_id = ?2")?
        .query_row(params![codec::environment(environment), user.as_str()], |row| {
            Cells::new(row).json()
        })
        .optional()?)
}

/// All profiles, by person id.
pub(super) fn page(sql: &Connection, environment: Environment, page: &PageRequest) -> Outcome<Page<(UserId, Object)>> {
    let after = page.after.as_ref().map_or("", |after| after.id.as_str());
    let rows = sql
        .prepare_cached(
            "SELECT user_id, body FROM profiles WHERE environment = ?1 AND user_id > ?2 ORDER BY user_id LIMIT ?3",
        )?
        .query_map(
            params![codec::environment(environment), after, i64::from(page.limit) + 1],
            |row| {
                let mut cells = Cells::new(row);
                Ok((UserId::from(cells.take::<String>()?), cells.json()?))
            },
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: 0,
        id: last.0.to_string(),
    }))
}

pub(super) fn is_known(sql: &Connection, environment: Environment, user: &UserId) -> Outcome<bool> {
    Ok(sql
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM profiles WHERE environment = ?1 AND user_id = ?2)
                 OR EXISTS (SELECT 1 FROM tokens WHERE environment = ?1 AND user_id = ?2)
                 OR EXISTS (SELECT 1 FROM preferences WHERE environment = ?1 AND user_id = ?2)
                 OR EXISTS (SELECT 1 FROM memberships WHERE environment = ?1 AND user_id = ?2)
                 OR EXISTS (SELECT 1 FROM subscriptions WHERE environment = ?1 AND user_id = ?2)",
        )?
        .query_row(params![codec::environment(environment), user.as_str()], |row| {
            row.get(0)
        })?)
}

pub(crate) fn change(
    sql: &Connection,
    environment: Environment,
    user: &UserId,
    change: &ProfileChange,
    now: Timestamp,
) -> Outcome<Object> {
    let before = profile(sql, environment, user)?;
    let changed = change.apply(before.clone())?;
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
    review::profile(sql, environment, user, before.as_ref(), Some(&changed), now)?;
    Ok(changed)
}

pub(super) fn delete(sql: &Connection, environment: Environment, user: &UserId) -> Outcome<bool> {
    sql.prepare_cached("DELETE FROM audience_members WHERE environment = ?1 AND user_id = ?2")?
        .execute(params![codec::environment(environment), user.as_str()])?;
    let gone = sql
        .prepare_cached("DELETE FROM profiles WHERE environment = ?1 AND user_id = ?2")?
        .execute(params![codec::environment(environment), user.as_str()])?;
    Ok(gone > 0)
}
