//! Redacting what one-time messages carried.

use rusqlite::{Connection, params};
use serde_json::Value;
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
