//! Changing lists and who is on them.

use rusqlite::types::Null;
use rusqlite::{Connection, params};
use tidings_store::NewSubscription;
use tidings_store::lists::By;
use tidings_types::{Environment, Object, Timestamp, UserId};

use super::said::Place;
use crate::codec;
use crate::fault::Outcome;

pub(super) fn put(
    sql: &Connection,
    environment: Environment,
    id: &str,
    name: &str,
    preferences: Option<&Object>,
    now: Timestamp,
) -> Outcome<()> {
    sql.prepare_cached(
        "INSERT INTO lists AS l (environment, id, name, preferences, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
         ON CONFLICT DO UPDATE SET name = excluded.name, preferences = COALESCE(excluded.preferences, l.preferences),
             updated = excluded.updated, deleted = NULL",
    )?
    .execute(params![
        codec::environment(environment),
        id,
        name,
        preferences.map(codec::json).transpose()?,
        now.as_millis()
    ])?;
    Ok(())
}

/// Makes a list that is not there; its name is its id.
pub(super) fn ensure(sql: &Connection, environment: Environment, id: &str, now: Timestamp) -> Outcome<()> {
    sql.prepare_cached(
        "INSERT INTO lists (environment, id, name, created, updated) VALUES (?1, ?2, ?2, ?3, ?3)
         ON CONFLICT DO UPDATE SET deleted = NULL, updated = excluded.updated WHERE deleted IS NOT NULL",
    )?
    .execute(params![codec::environment(environment), id, now.as_millis()])?;
    Ok(())
}

pub(super) fn delete(sql: &Connection, environment: Environment, id: &str, now: Timestamp) -> Outcome<bool> {
    let gone = sql
        .prepare_cached("UPDATE lists SET deleted = ?3 WHERE environment = ?1 AND id = ?2 AND deleted IS NULL")?
        .execute(params![codec::environment(environment), id, now.as_millis()])?;
    Ok(gone > 0)
}

pub(super) fn restore(sql: &Connection, environment: Environment, id: &str, now: Timestamp) -> Outcome<bool> {
    let found = sql
        .prepare_cached(
            "UPDATE lists SET updated = IIF(deleted IS NULL, updated, ?3), deleted = NULL
             WHERE environment = ?1 AND id = ?2",
        )?
        .execute(params![codec::environment(environment), id, now.as_millis()])?;
    Ok(found > 0)
}

pub(super) fn subscribe(
    sql: &Connection,
    environment: Environment,
    list: &str,
    people: &[NewSubscription],
    replace: bool,
    by: By,
) -> Outcome<()> {
    ensure(sql, environment, list, by.now)?;
    let place = Place {
        sql,
        environment,
        list,
        by,
    };
    if replace {
        // Fills that are under way write nothing any more.
        sql.prepare_cached("UPDATE lists SET voided = fills WHERE environment = ?1 AND id = ?2 AND voided <> fills")?
            .execute(params![codec::environment(environment), list])?;
        let staying: Vec<&str> = people.iter().map(|one| one.user_id.as_str()).collect();
        let staying = codec::json(&staying)?;
        place.leaving(
            "user_id NOT IN (SELECT value FROM json_each(?3)) AND ?4 IS NULL",
            [&staying, &Null],
        )?;
        sql.prepare_cached(
            "DELETE FROM subscriptions WHERE environment = ?1 AND list_id = ?2
                 AND user_id NOT IN (SELECT value FROM json_each(?3))",
        )?
        .execute(params![codec::environment(environment), list, staying])?;
    }
    let mut insert = sql.prepare_cached(
        "INSERT INTO subscriptions (environment, list_id, user_id, preferences, created, fill)
         SELECT environment, id, ?3, NULLIF(?4, '{}'), ?5, fills FROM lists WHERE environment = ?1 AND id = ?2
         ON CONFLICT DO UPDATE SET preferences = IIF(?4 IS NULL, preferences, excluded.preferences),
                 fill = excluded.fill
             WHERE fill <> excluded.fill OR (?4 IS NOT NULL AND preferences IS NOT excluded.preferences)",
    )?;
    for one in people {
        let before = place.before(one)?;
        let written = insert.execute(params![
            codec::environment(environment),
            list,
            one.user_id.as_str(),
            one.preferences.as_ref().map(codec::json).transpose()?,
            by.now.as_millis()
        ])?;
        if written > 0 {
            place.written(one, before.as_ref())?;
        }
    }
    Ok(())
}

pub(super) fn unsubscribe(
    sql: &Connection,
    environment: Environment,
    list: &str,
    users: &[UserId],
    by: By,
) -> Outcome<u64> {
    let users: Vec<&str> = users.iter().map(UserId::as_str).collect();
    let users = codec::json(&users)?;
    let place = Place {
        sql,
        environment,
        list,
        by,
    };
    place.leaving(
        "user_id IN (SELECT value FROM json_each(?3)) AND ?4 IS NULL",
        [&users, &Null],
    )?;
    // A fill that is under way must not bring them back.
    sql.prepare_cached(
        "INSERT OR REPLACE INTO list_leavers (environment, list_id, user_id, fill)
         SELECT l.environment, l.id, u.value, l.fills FROM lists AS l, json_each(?3) AS u
         WHERE l.environment = ?1 AND l.id = ?2
             AND EXISTS (SELECT 1 FROM list_fills WHERE environment = ?1 AND list_id = ?2)",
    )?
    .execute(params![codec::environment(environment), list, users])?;
    let gone = sql
        .prepare_cached(
            "DELETE FROM subscriptions WHERE environment = ?1 AND list_id = ?2
                 AND user_id IN (SELECT value FROM json_each(?3))",
        )?
        .execute(params![codec::environment(environment), list, users])?;
    Ok(u64::try_from(gone).unwrap_or(u64::MAX))
}

pub(super) fn unsubscribe_from_all(sql: &Connection, environment: Environment, user: &UserId, by: By) -> Outcome<()> {
    let all = Place {
        sql,
        environment,
        list: "",
        by,
    };
    all.leaving("user_id = ?3 AND ?4 IS NULL", [&user.as_str(), &Null])?;
    sql.prepare_cached(
        "INSERT OR REPLACE INTO list_leavers (environment, list_id, user_id, fill)
         SELECT l.environment, l.id, ?2, l.fills FROM lists AS l
         WHERE l.environment = ?1 AND l.id IN (SELECT list_id FROM list_fills WHERE environment = ?1)",
    )?
    .execute(params![codec::environment(environment), user.as_str()])?;
    sql.prepare_cached("DELETE FROM subscriptions WHERE environment = ?1 AND user_id = ?2")?
        .execute(params![codec::environment(environment), user.as_str()])?;
    Ok(())
}
