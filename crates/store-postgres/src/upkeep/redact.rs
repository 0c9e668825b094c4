//! Redacting what one-time messages carried.

use async_trait::async_trait;
use serde_json::Value;
use tidings_store::bulk::ALL_REDACTED;
use tidings_store::jobs::{EXPAND, EXPAND_BULK};
use tidings_store::redact;
use tidings_types::Timestamp;

use crate::codec::Cells;
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// Messages to be redacted. Those that another node is just redacting are left to it.
///
/// A message waits until nothing of its request is pending or still to be expanded, since the request's data is needed
/// until then.
const DUE: &str = "
    SELECT m.environment, m.id, m.request_id FROM messages AS m
    WHERE m.one_time AND NOT m.redacted AND m.enqueued < $1
        AND NOT EXISTS (SELECT 1 FROM work AS w WHERE w.environment = m.environment AND w.id = m.id)
        AND NOT EXISTS (
            SELECT 1 FROM messages AS o
            JOIN work AS w ON w.environment = o.environment AND w.id = o.id
            WHERE o.environment = m.environment AND o.request_id = m.request_id AND o.request_id <> o.id)
        AND NOT EXISTS (
            SELECT 1 FROM jobs AS j WHERE j.environment = m.environment AND j.kind IN ($3, $4)
                AND j.key >= m.request_id || '/' AND j.key < m.request_id || '0' AND j.dead_since IS NULL)
    ORDER BY m.enqueued LIMIT $2
    FOR UPDATE OF m SKIP LOCKED";

/// A column with text to be redacted: how its rows are found by (environment, id) and rewritten where they stand. A
/// row stays at its `ctid` while it is locked.
struct Place {
    select: &'static str,
    update: &'static str,
    redact: fn(&mut Value),
}

/// Where the data of a message stands, by its id.
const BY_MESSAGE: [Place; 7] = [
    Place {
        select: "SELECT t.ctid::text, t.to_entry FROM messages AS t
                 JOIN unnest($1::int2[], $2::text[]) AS k (environment, id) USING (environment, id) FOR UPDATE OF t",
        update: "UPDATE messages AS t SET to_entry = n.text, redacted = true
                 FROM unnest($1::text[], $2::text[]) AS n (place, text) WHERE t.ctid = n.place::tid",
        redact: redact::recipient,
    },
    Place {
        select: "SELECT t.ctid::text, t.lines FROM events AS t
                 JOIN unnest($1::int2[], $2::text[]) AS k (environment, id)
                     ON t.environment = k.environment AND t.message_id = k.id FOR UPDATE OF t",
        update: "UPDATE events AS t SET lines = n.text
                 FROM unnest($1::text[], $2::text[]) AS n (place, text) WHERE t.ctid = n.place::tid",
        redact: redact::history,
    },
    Place {
        select: "SELECT t.ctid::text, t.content FROM outputs AS t
                 JOIN unnest($1::int2[], $2::text[]) AS k (environment, id)
                     ON t.environment = k.environment AND t.message_id = k.id FOR UPDATE OF t",
        update: "UPDATE outputs AS t SET content = n.text
                 FROM unnest($1::text[], $2::text[]) AS n (place, text) WHERE t.ctid = n.place::tid",
        redact: redact::content,
    },
    Place {
        select: "SELECT t.ctid::text, t.rendered FROM outbox AS t
                 JOIN unnest($1::int2[], $2::text[]) AS k (environment, id)
                     ON t.environment = k.environment AND t.message_id = k.id FOR UPDATE OF t",
        update: "UPDATE outbox AS t SET rendered = n.text
                 FROM unnest($1::text[], $2::text[]) AS n (place, text) WHERE t.ctid = n.place::tid",
        redact: redact::content,
    },
    Place {
        select: "SELECT t.ctid::text, t.payload FROM outbox AS t
                 JOIN unnest($1::int2[], $2::text[]) AS k (environment, id)
                     ON t.environment = k.environment AND t.message_id = k.id
                 WHERE t.payload IS NOT NULL FOR UPDATE OF t",
        update: "UPDATE outbox AS t SET payload = n.text
                 FROM unnest($1::text[], $2::text[]) AS n (place, text) WHERE t.ctid = n.place::tid",
        redact: redact::payload,
    },
    Place {
        select: "SELECT t.ctid::text, t.content FROM feed AS t
                 JOIN unnest($1::int2[], $2::text[]) AS k (environment, id)
                     ON t.environment = k.environment AND t.message_id = k.id
                     AND t.user_id = (SELECT m.user_id FROM messages AS m
                                      WHERE m.environment = k.environment AND m.id = k.id)
                 FOR UPDATE OF t",
        update: "UPDATE feed AS t SET content = n.text
                 FROM unnest($1::text[], $2::text[]) AS n (place, text) WHERE t.ctid = n.place::tid",
        redact: redact::content,
    },
    Place {
        select: "SELECT t.ctid::text, t.body FROM bulk_users AS t
                 JOIN messages AS m ON m.environment = t.environment AND m.request_id = t.job_id
                     AND m.user_id = t.recipient
                 JOIN unnest($1::int2[], $2::text[]) AS k (environment, id)
                     ON m.environment = k.environment AND m.id = k.id
                 FOR UPDATE OF t",
        update: "UPDATE bulk_users AS t SET body = n.text
                 FROM unnest($1::text[], $2::text[]) AS n (place, text) WHERE t.ctid = n.place::tid",
        redact: redact::bulk_user,
    },
];

/// Where the data of its request stands. Several messages may have the same.
const BY_REQUEST: [Place; 3] = [
    Place {
        select: "SELECT t.ctid::text, t.spec FROM requests AS t
                 WHERE (t.environment, t.id) IN (SELECT * FROM unnest($1::int2[], $2::text[])) FOR UPDATE OF t",
        update: "UPDATE requests AS t SET spec = n.text
                 FROM unnest($1::text[], $2::text[]) AS n (place, text) WHERE t.ctid = n.place::tid",
        redact: redact::spec,
    },
    Place {
        select: "SELECT t.ctid::text, t.crowds FROM requests AS t
                 WHERE (t.environment, t.id) IN (SELECT * FROM unnest($1::int2[], $2::text[]))
                     AND t.crowds IS NOT NULL FOR UPDATE OF t",
        update: "UPDATE requests AS t SET crowds = n.text
                 FROM unnest($1::text[], $2::text[]) AS n (place, text) WHERE t.ctid = n.place::tid",
        redact: redact::crowds,
    },
    Place {
        select: "SELECT t.ctid::text, t.definition FROM bulk_jobs AS t
                 WHERE (t.environment, t.id) IN (SELECT * FROM unnest($1::int2[], $2::text[])) FOR UPDATE OF t",
        update: "UPDATE bulk_jobs AS t SET definition = n.text
                 FROM unnest($1::text[], $2::text[]) AS n (place, text) WHERE t.ctid = n.place::tid",
        redact: redact::bulk_definition,
    },
];

/// Redacts some messages accepted before a moment; comes to their number.
pub(super) struct OneTime {
    pub(super) before: Timestamp,
    pub(super) limit: u32,
}

#[async_trait]
impl Operation for OneTime {
    type Output = u32;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<u32> {
        let due = sql
            .rows(
                DUE,
                &[&self.before.as_millis(), &i64::from(self.limit), &EXPAND, &EXPAND_BULK],
            )
            .await?;
        let (mut environments, mut messages, mut requests) = (Vec::new(), Vec::new(), Vec::new());
        for row in &due {
            let mut cells = Cells::new(row);
            environments.push(cells.take::<i16>()?);
            messages.push(cells.take::<&str>()?);
            requests.push(cells.take::<&str>()?);
        }
        if !due.is_empty() {
            for place in &BY_MESSAGE {
                rewrite(sql, place, &environments, &messages).await?;
            }
            for place in &BY_REQUEST {
                rewrite(sql, place, &environments, &requests).await?;
            }
        }
        Ok(u32::try_from(due.len()).unwrap_or(u32::MAX))
    }
}

async fn rewrite(sql: &Sql<'_>, place: &Place, environments: &[i16], ids: &[&str]) -> Outcome<()> {
    let rows = sql.rows(place.select, &[&environments, &ids]).await?;
    let (mut places, mut texts) = (Vec::new(), Vec::new());
    for row in &rows {
        let mut cells = Cells::new(row);
        places.push(cells.take::<&str>()?);
        texts.push(redact::in_text(cells.take()?, place.redact));
    }
    sql.execute(place.update, &[&places, &texts]).await?;
    Ok(())
}

/// Redacts some people of a bulk job that is due; comes to how many, and one more when that was all.
///
/// A job waits until its messages are there: each has its own data then.
pub(super) struct BulkJob {
    pub(super) before: Timestamp,
    pub(super) limit: u32,
}

#[async_trait]
impl Operation for BulkJob {
    type Output = u32;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<u32> {
        let due = sql
            .row(
                "SELECT b.environment, b.id, COALESCE(b.redacted, 0), b.definition FROM bulk_jobs AS b
                 WHERE b.one_time AND (b.redacted IS NULL OR b.redacted < $3) AND COALESCE(b.run_at, b.created) < $1
                     AND NOT EXISTS (
                         SELECT 1 FROM jobs AS j WHERE j.environment = b.environment AND j.kind = $2
                             AND j.key >= b.id || '/' AND j.key < b.id || '0' AND j.dead_since IS NULL)
                 LIMIT 1 FOR UPDATE OF b SKIP LOCKED",
                &[&self.before.as_millis(), &EXPAND_BULK, &ALL_REDACTED],
            )
            .await?;
        let Some(due) = due else { return Ok(0) };
        let mut cells = Cells::new(&due);
        let (environment, id): (i16, &str) = (cells.take()?, cells.take()?);
        let (from, definition): (i64, &str) = (cells.take()?, cells.take()?);
        let people = sql
            .rows(
                "SELECT number, body FROM bulk_users WHERE environment = $1 AND job_id = $2 AND number > $3
                 ORDER BY number LIMIT $4 FOR UPDATE",
                &[&environment, &id, &from, &i64::from(self.limit)],
            )
            .await?;
        let (mut numbers, mut bodies) = (Vec::<i64>::new(), Vec::new());
        for row in &people {
            let mut cells = Cells::new(row);
            numbers.push(cells.take()?);
            bodies.push(redact::in_text(cells.take()?, redact::bulk_user));
        }
        sql.execute(
            "UPDATE bulk_users AS u SET body = n.body FROM unnest($3::int8[], $4::text[]) AS n (number, body)
             WHERE u.environment = $1 AND u.job_id = $2 AND u.number = n.number",
            &[&environment, &id, &numbers, &bodies],
        )
        .await?;
        let count = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        let last = numbers.last().filter(|_| count >= self.limit);
        sql.execute(
            "UPDATE bulk_jobs SET redacted = $3, definition = $4 WHERE environment = $1 AND id = $2",
            &[
                &environment,
                &id,
                last.unwrap_or(&ALL_REDACTED),
                &redact::in_text(definition, redact::bulk_definition),
            ],
        )
        .await?;
        Ok(count + u32::from(last.is_none()))
    }
}
