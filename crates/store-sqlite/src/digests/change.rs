//! Filing messages, ending gatherings and moving them.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_store::{DigestInstance, DigestKey, Record};
use tidings_types::{Environment, Timestamp};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

type Counts = BTreeMap<String, u32>;

/// Files the message of a record, in the gathering there is or a new one.
pub(crate) fn hold(sql: &Connection, record: &Record) -> Outcome<()> {
    let Some(holding) = &record.hold else { return Ok(()) };
    let (place, key) = (codec::environment(record.environment), &holding.key);
    let tenant = key.tenant_id.as_deref().unwrap_or_default();
    let open = open(sql, place, key, &key.schedule_id)?;
    let (id, mut counts) = open.unwrap_or_else(|| (format!("dig_{}", record.id), BTreeMap::new()));
    for category in &holding.categories {
        *counts.entry(category.clone()).or_default() += 1;
    }
    let filed = sql
        .prepare_cached(
            "INSERT INTO digest_events (environment, user_id, message_id, instance_id, at, categories, data, recipient)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            place,
            key.user_id.as_str(),
            record.id.as_str(),
            id,
            holding.at.as_millis(),
            codec::json(&holding.categories)?,
            codec::json(&holding.data)?,
            codec::json(&holding.recipient)?,
        ])?;
    if filed == 0 {
        return Ok(());
    }
    sql.prepare_cached(
        "INSERT INTO digest_instances
             (environment, user_id, id, topic_id, tenant_id, schedule_id, released, events, counts, created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 1, ?7, ?8)
         ON CONFLICT (environment, user_id, id) DO UPDATE SET events = events + 1, counts = excluded.counts",
    )?
    .execute(params![
        place,
        key.user_id.as_str(),
        id,
        key.topic_id.as_str(),
        tenant,
        key.schedule_id,
        codec::json(&counts)?,
        holding.at.as_millis(),
    ])?;
    Ok(())
}

/// The gathering that is open for a person, topic and tenant in a rhythm, and what it counts.
fn open(sql: &Connection, place: i64, key: &DigestKey, schedule: &str) -> Outcome<Option<(String, Counts)>> {
    Ok(sql
        .prepare_cached(
            "SELECT id, counts FROM digest_instances
             WHERE environment = ?1 AND user_id = ?2 AND topic_id = ?3 AND tenant_id = ?4 AND schedule_id = ?5
               AND released = 0",
        )?
        .query_row(
            params![
                place,
                key.user_id.as_str(),
                key.topic_id.as_str(),
                key.tenant_id.as_deref().unwrap_or_default(),
                schedule
            ],
            |row| {
                let mut cells = Cells::new(row);
                Ok((cells.take()?, cells.json()?))
            },
        )
        .optional()?)
}

/// Ends a gathering as it was read; false when it is not so any more.
pub(super) fn end(
    sql: &Connection,
    environment: Environment,
    instance: &DigestInstance,
    now: Timestamp,
) -> Outcome<bool> {
    let ended = sql
        .prepare_cached(
            "UPDATE digest_instances SET released = 1, released_at = ?5
             WHERE environment = ?1 AND user_id = ?2 AND id = ?3 AND released = 0 AND events = ?4",
        )?
        .execute(params![
            codec::environment(environment),
            instance.key.user_id.as_str(),
            instance.id,
            instance.events,
            now.as_millis(),
        ])?;
    Ok(ended > 0)
}

/// Forgets at most `limit` gatherings that were released before a moment; returns how many.
pub(super) fn prune(sql: &Connection, before: Timestamp, limit: u32) -> Outcome<u32> {
    let gone = sql
        .prepare_cached(
            "DELETE FROM digest_instances WHERE rowid IN (
                 SELECT rowid FROM digest_instances
                 WHERE released = 1 AND (released_at < ?1 OR released_at IS NULL AND created < ?1) LIMIT ?2)
             RETURNING environment, user_id, id",
        )?
        .query_map(params![before.as_millis(), limit], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<rusqlite::Result<Vec<(i64, String, String)>>>()?;
    for (place, user, id) in &gone {
        sql.prepare_cached("DELETE FROM digest_events WHERE environment = ?1 AND user_id = ?2 AND instance_id = ?3")?
            .execute(params![place, user, id])?;
    }
    Ok(u32::try_from(gone.len()).unwrap_or(u32::MAX))
}

/// Moves an open gathering to another rhythm, into the one that is open there if there is one; false when it is not open.
pub(super) fn move_to(
    sql: &Connection,
    environment: Environment,
    instance: &DigestInstance,
    schedule: &str,
) -> Outcome<bool> {
    let (place, key) = (codec::environment(environment), &instance.key);
    let Some((id, counts)) = open(sql, place, key, &key.schedule_id)?.filter(|(id, _)| *id == instance.id) else {
        return Ok(false);
    };
    let user = key.user_id.as_str();
    let Some((target, mut all)) = open(sql, place, key, schedule)?.filter(|(target, _)| *target != id) else {
        sql.prepare_cached(
            "UPDATE digest_instances SET schedule_id = ?4 WHERE environment = ?1 AND user_id = ?2 AND id = ?3",
        )?
        .execute(params![place, user, id, schedule])?;
        return Ok(true);
    };
    for (category, count) in counts {
        *all.entry(category).or_default() += count;
    }
    sql.prepare_cached(
        "UPDATE digest_events SET instance_id = ?4 WHERE environment = ?1 AND user_id = ?2 AND instance_id = ?3",
    )?
    .execute(params![place, user, id, target])?;
    sql.prepare_cached(
        "UPDATE digest_instances AS into_one SET counts = ?5, events = into_one.events + moved.events,
             created = MIN(into_one.created, moved.created)
         FROM digest_instances AS moved
         WHERE into_one.environment = ?1 AND into_one.user_id = ?2 AND into_one.id = ?4
           AND moved.environment = ?1 AND moved.user_id = ?2 AND moved.id = ?3",
    )?
    .execute(params![place, user, id, target, codec::json(&all)?])?;
    sql.prepare_cached("DELETE FROM digest_instances WHERE environment = ?1 AND user_id = ?2 AND id = ?3")?
        .execute(params![place, user, id])?;
    Ok(true)
}
