//! Fills: large writes to lists, in the background. A row of a subscription knows which fill had been asked for when it was
//! written, so a fill leaves alone whatever is newer than itself.

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::lists::{By, SUBSCRIBE};
use tidings_store::{NewJob, NewSubscription};
use tidings_types::{Environment, Timestamp};

use super::said::Place;
use super::write::ensure;
use crate::fault::Outcome;
use crate::writer::Write;
use crate::{codec, jobs};

pub(super) fn ask(
    write: &Write<'_>,
    environment: Environment,
    list: &str,
    replace: bool,
    job: &NewJob,
    now: Timestamp,
) -> Outcome<()> {
    ensure(write.sql, environment, list, now)?;
    write
        .sql
        .prepare_cached(
            "UPDATE lists SET voided = IIF(?3, fills, voided), fills = fills + 1 WHERE environment = ?1 AND id = ?2",
        )?
        .execute(params![codec::environment(environment), list, replace])?;
    write
        .sql
        .prepare_cached(
            "INSERT INTO list_fills (environment, list_id, fill, job, asked)
             SELECT environment, id, fills, ?3, ?4 FROM lists WHERE environment = ?1 AND id = ?2",
        )?
        .execute(params![
            codec::environment(environment),
            list,
            job.name.key,
            now.as_millis()
        ])?;
    jobs::enqueue(write, std::slice::from_ref(job))
}

/// The number of a fill that is not done, and whether it still writes.
fn number(sql: &Connection, environment: Environment, list: &str, job: &str) -> Outcome<Option<(i64, bool)>> {
    Ok(sql
        .prepare_cached(
            "SELECT f.fill, f.fill > l.voided FROM list_fills AS f
             JOIN lists AS l ON l.environment = f.environment AND l.id = f.list_id
             WHERE f.environment = ?1 AND f.list_id = ?2 AND f.job = ?3",
        )?
        .query_row(params![codec::environment(environment), list, job], |found| {
            Ok((found.get(0)?, found.get(1)?))
        })
        .optional()?)
}

pub(super) fn people(
    sql: &Connection,
    environment: Environment,
    list: &str,
    job: &str,
    people: &[NewSubscription],
    by: By,
) -> Outcome<bool> {
    let Some((fill, true)) = number(sql, environment, list, job)? else {
        return Ok(false);
    };
    let mut insert = sql.prepare_cached(
        "INSERT INTO subscriptions (environment, list_id, user_id, preferences, created, fill)
         SELECT ?1, ?2, ?3, NULLIF(?4, '{}'), ?5, ?6 WHERE NOT EXISTS (
             SELECT 1 FROM list_leavers WHERE environment = ?1 AND list_id = ?2 AND user_id = ?3 AND fill >= ?6)
         ON CONFLICT DO UPDATE SET preferences = IIF(?4 IS NULL, preferences, excluded.preferences), fill = excluded.fill
             WHERE fill < excluded.fill",
    )?;
    let place = Place {
        sql,
        environment,
        list,
        by,
    };
    for one in people {
        let before = place.before(one)?;
        let written = insert.execute(params![
            codec::environment(environment),
            list,
            one.user_id.as_str(),
            one.preferences.as_ref().map(codec::json).transpose()?,
            by.now.as_millis(),
            fill
        ])?;
        if written > 0 {
            place.written(one, before.as_ref())?;
        }
    }
    Ok(true)
}

pub(super) fn end(
    sql: &Connection,
    environment: Environment,
    list: &str,
    job: &str,
    replace: bool,
    limit: u32,
    by: By,
) -> Outcome<bool> {
    let Some((fill, writes)) = number(sql, environment, list, job)? else {
        return Ok(true);
    };
    if replace && writes {
        let place = Place {
            sql,
            environment,
            list,
            by,
        };
        place.leaving(
            "user_id IN (
                SELECT user_id FROM subscriptions WHERE environment = ?1 AND list_id = ?2 AND fill < ?3
                ORDER BY user_id LIMIT ?4)",
            [&fill, &limit],
        )?;
        let gone = sql
            .prepare_cached(
                "DELETE FROM subscriptions WHERE environment = ?1 AND list_id = ?2 AND user_id IN (
                     SELECT user_id FROM subscriptions WHERE environment = ?1 AND list_id = ?2 AND fill < ?3
                     ORDER BY user_id LIMIT ?4)",
            )?
            .execute(params![codec::environment(environment), list, fill, limit])?;
        if gone >= usize::try_from(limit).unwrap_or(usize::MAX) {
            return Ok(false);
        }
    }
    sql.prepare_cached("DELETE FROM list_fills WHERE environment = ?1 AND list_id = ?2 AND fill = ?3")?
        .execute(params![codec::environment(environment), list, fill])?;
    sql.prepare_cached(
        "DELETE FROM list_leavers WHERE environment = ?1 AND list_id = ?2
             AND NOT EXISTS (SELECT 1 FROM list_fills WHERE environment = ?1 AND list_id = ?2)",
    )?
    .execute(params![codec::environment(environment), list])?;
    Ok(true)
}

pub(super) fn is_under_way(sql: &Connection, environment: Environment, list: &str, asked: Timestamp) -> Outcome<bool> {
    Ok(sql
        .prepare_cached(
            "SELECT EXISTS (
                 SELECT 1 FROM list_fills AS f
                 JOIN lists AS l ON l.environment = f.environment AND l.id = f.list_id AND f.fill > l.voided
                 JOIN jobs AS j ON j.environment = f.environment AND j.kind = ?4 AND j.key = f.job
                     AND j.dead_since IS NULL
                 WHERE f.environment = ?1 AND f.list_id = ?2 AND f.asked <= ?3)",
        )?
        .query_row(
            params![codec::environment(environment), list, asked.as_millis(), SUBSCRIBE],
            |found| found.get(0),
        )?)
}
