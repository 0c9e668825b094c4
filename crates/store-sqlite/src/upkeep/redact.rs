//! Redacting what one-time messages carried.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use tidings_store::bulk::ALL_REDACTED;
use tidings_store::jobs::{EXPAND, EXPAND_BULK};
use tidings_store::redact;
use tidings_types::Timestamp;

use crate::codec::Cells;
use crate::fault::Outcome;

/// A message to be redacted, as its row is keyed.
struct Due {
    environment: i64,
    id: String,
    request_id: String,
}

/// Redacts at most `limit` messages; returns how many.
///
/// A message waits until nothing of its request is pending or still to be expanded, since the request's data is needed
/// until then.
pub(super) fn one_time(sql: &Connection, before: Timestamp, limit: u32) -> Outcome<u32> {
    let due = sql
        .prepare_cached(
            "SELECT m.environment, m.id, m.request_id FROM messages AS m
             WHERE m.one_time = 1 AND m.redacted = 0 AND m.enqueued < ?1
                 AND NOT EXISTS (SELECT 1 FROM work AS w WHERE w.environment = m.environment AND w.id = m.id)
                 AND NOT EXISTS (
                     SELECT 1 FROM messages AS o
                     JOIN work AS w ON w.environment = o.environment AND w.id = o.id
                     WHERE o.environment = m.environment AND o.request_id = m.request_id AND o.request_id <> o.id)
                 AND NOT EXISTS (
                     SELECT 1 FROM jobs AS j WHERE j.environment = m.environment AND j.kind IN (?3, ?4)
                         AND j.key >= m.request_id || '/' AND j.key < m.request_id || '0' AND j.dead_since IS NULL)
             ORDER BY m.enqueued LIMIT ?2",
        )?
        .query_map(params![before.as_millis(), limit, EXPAND, EXPAND_BULK], |row| {
            let mut cells = Cells::new(row);
            Ok(Due {
                environment: cells.take()?,
                id: cells.take()?,
                request_id: cells.take()?,
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for message in &due {
        message.redact(sql)?;
    }
    Ok(u32::try_from(due.len()).unwrap_or(u32::MAX))
}

/// Redacts at most `limit` people of a bulk job that is due; returns how many, and one more when that was all.
///
/// A job waits until its messages are there: each has its own data then.
pub(super) fn bulk_job(sql: &Connection, before: Timestamp, limit: u32) -> Outcome<u32> {
    let due = sql
        .prepare_cached(
            "SELECT b.environment, b.id, COALESCE(b.redacted, 0), b.definition FROM bulk_jobs AS b
             WHERE b.one_time = 1 AND (b.redacted IS NULL OR b.redacted < ?3) AND COALESCE(b.run_at, b.created) < ?1
                 AND NOT EXISTS (
                     SELECT 1 FROM jobs AS j WHERE j.environment = b.environment AND j.kind = ?2
                         AND j.key >= b.id || '/' AND j.key < b.id || '0' AND j.dead_since IS NULL)
             LIMIT 1",
        )?
        .query_row(params![before.as_millis(), EXPAND_BULK, ALL_REDACTED], |row| {
            let mut cells = Cells::new(row);
            Ok((cells.take()?, cells.take()?, cells.take()?, cells.take()?))
        })
        .optional()?;
    let Some((environment, id, from, definition)): Option<(i64, String, i64, String)> = due else {
        return Ok(0);
    };
    let people = sql
        .prepare_cached(
            "SELECT number, body FROM bulk_users WHERE environment = ?1 AND job_id = ?2 AND number > ?3
             ORDER BY number LIMIT ?4",
        )?
        .query_map(params![environment, id, from, limit], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
    for (number, body) in &people {
        sql.prepare_cached("UPDATE bulk_users SET body = ?4 WHERE environment = ?1 AND job_id = ?2 AND number = ?3")?
            .execute(params![
                environment,
                id,
                number,
                redact::in_text(body, redact::bulk_user)
            ])?;
    }
    let count = u32::try_from(people.len()).unwrap_or(u32::MAX);
    let last = people.last().filter(|_| count >= limit).map(|(number, _)| *number);
    sql.prepare_cached("UPDATE bulk_jobs SET redacted = ?3, definition = ?4 WHERE environment = ?1 AND id = ?2")?
        .execute(params![
            environment,
            id,
            last.unwrap_or(ALL_REDACTED),
            redact::in_text(&definition, redact::bulk_definition)
        ])?;
    Ok(count + u32::from(last.is_none()))
}

/// A table with text to be redacted: how its rows are found and rewritten.
struct Place {
    select: &'static str,
    update: &'static str,
    redact: fn(&mut Value),
}

/// Where the data of a message stands, by its id.
const BY_MESSAGE: [Place; 7] = [
    Place {
        select: "SELECT rowid, to_entry FROM messages WHERE environment = ?1 AND id = ?2",
        update: "UPDATE messages SET to_entry = ?2, redacted = 1 WHERE rowid = ?1",
        redact: redact::recipient,
    },
    Place {
        select: "SELECT number, lines FROM events WHERE environment = ?1 AND message_id = ?2",
        update: "UPDATE events SET lines = ?2 WHERE number = ?1",
        redact: redact::history,
    },
    Place {
        select: "SELECT rowid, content FROM outputs WHERE environment = ?1 AND message_id = ?2",
        update: "UPDATE outputs SET content = ?2 WHERE rowid = ?1",
        redact: redact::content,
    },
    Place {
        select: "SELECT number, rendered FROM outbox WHERE environment = ?1 AND message_id = ?2",
        update: "UPDATE outbox SET rendered = ?2 WHERE number = ?1",
        redact: redact::content,
    },
    Place {
        select: "SELECT number, payload FROM outbox
                 WHERE environment = ?1 AND message_id = ?2 AND payload IS NOT NULL",
        update: "UPDATE outbox SET payload = ?2 WHERE number = ?1",
        redact: redact::payload,
    },
    Place {
        select: "SELECT rowid, content FROM feed WHERE environment = ?1 AND message_id = ?2
                 AND user_id = (SELECT user_id FROM messages WHERE environment = ?1 AND id = ?2)",
        update: "UPDATE feed SET content = ?2 WHERE rowid = ?1",
        redact: redact::content,
    },
    Place {
        select: "SELECT b.rowid, b.body FROM messages AS m
                 JOIN bulk_users AS b ON b.environment = m.environment AND b.job_id = m.request_id
                     AND b.recipient = m.user_id
                 WHERE m.environment = ?1 AND m.id = ?2",
        update: "UPDATE bulk_users SET body = ?2 WHERE rowid = ?1",
        redact: redact::bulk_user,
    },
];

/// Where the data of its request stands.
const BY_REQUEST: [Place; 3] = [
    Place {
        select: "SELECT rowid, spec FROM requests WHERE environment = ?1 AND id = ?2",
        update: "UPDATE requests SET spec = ?2 WHERE rowid = ?1",
        redact: redact::spec,
    },
    Place {
        select: "SELECT rowid, crowds FROM requests WHERE environment = ?1 AND id = ?2 AND crowds IS NOT NULL",
        update: "UPDATE requests SET crowds = ?2 WHERE rowid = ?1",
        redact: redact::crowds,
    },
    Place {
        select: "SELECT rowid, definition FROM bulk_jobs WHERE environment = ?1 AND id = ?2",
        update: "UPDATE bulk_jobs SET definition = ?2 WHERE rowid = ?1",
        redact: redact::bulk_definition,
    },
];

impl Due {
    fn redact(&self, sql: &Connection) -> Outcome<()> {
        for place in &BY_MESSAGE {
            self.rewrite(sql, place, &self.id)?;
        }
        for place in &BY_REQUEST {
            self.rewrite(sql, place, &self.request_id)?;
        }
        Ok(())
    }

    fn rewrite(&self, sql: &Connection, place: &Place, id: &str) -> Outcome<()> {
        let rows = sql
            .prepare_cached(place.select)?
            .query_map(params![self.environment, id], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
        for (rowid, text) in rows {
            sql.prepare_cached(place.update)?
                .execute(params![rowid, redact::in_text(&text, place.redact)])?;
        }
        Ok(())
    }
}
