//! Requests with many messages: how far they are, and calling them off.

mod archive;

use async_trait::async_trait;
use tidings_store::jobs::{EXPAND, EXPAND_BULK};
use tidings_store::webhooks::{MessageState, message_updated};
use tidings_store::{ArchivedPage, CanceledPage, RequestNote, RequestProgress, Requests};
use tidings_types::{Environment, Event, EventType, MessageId, RequestId, Result, Status, Timestamp};

use crate::PostgresStore;
use crate::codec::{self, Cells, column};
use crate::fault::Outcome;
use crate::messages::row;
use crate::sql::Sql;
use crate::transaction::Operation;
use crate::{jobs, webhooks};

#[async_trait]
impl Requests for PostgresStore {
    async fn request_progress(&self, environment: Environment, id: &RequestId) -> Result<RequestProgress> {
        progress(self, environment, id).await
    }

    async fn count_messages(&self, environment: Environment, id: &RequestId) -> Result<Vec<(Status, u64)>> {
        count_messages(self, environment, id).await
    }

    async fn archive_messages(
        &self,
        environment: Environment,
        id: &RequestId,
        after: Option<&MessageId>,
        limit: u32,
    ) -> Result<ArchivedPage> {
        self.write(archive::ArchiveMessages {
            environment,
            id,
            after,
            limit,
        })
        .await
    }

    async fn cancel_request(&self, environment: Environment, id: &RequestId, now: Timestamp) -> Result<bool> {
        self.write(CancelRequest { environment, id, now }).await
    }

    async fn cancel_messages(
        &self,
        environment: Environment,
        id: &RequestId,
        after: Option<&MessageId>,
        now: Timestamp,
        limit: u32,
    ) -> Result<CanceledPage> {
        self.write(CancelMessages {
            environment,
            id,
            after,
            now,
            limit,
        })
        .await
    }
}

/// The keys of a request's jobs stand between these two: a slash follows the id, and `0` follows the slash.
fn range(id: &RequestId) -> (String, String) {
    (format!("{id}/"), format!("{id}0"))
}

async fn count_messages(store: &PostgresStore, environment: Environment, id: &RequestId) -> Result<Vec<(Status, u64)>> {
    let rows = store
        .database
        .read(
            "SELECT status, COUNT(*) FROM (
                 SELECT status FROM messages WHERE environment = $1 AND id = $2 AND request_id = id
                 UNION ALL
                 SELECT status FROM messages WHERE environment = $1 AND request_id = $2 AND request_id <> id) AS m
             GROUP BY status ORDER BY status",
            &[&codec::environment(environment), &id.as_str()],
        )
        .await?;
    let counts = rows.iter().map(|row| {
        let mut cells = Cells::new(row);
        Ok((cells.name(Status::parse)?, cells.count()?))
    });
    Ok(counts.collect::<Outcome<_>>()?)
}

async fn progress(store: &PostgresStore, environment: Environment, id: &RequestId) -> Result<RequestProgress> {
    let environment = codec::environment(environment);
    let (from, to) = range(id);
    let row = store
        .database
        .read_one(
            "SELECT COUNT(*) FILTER (WHERE dead_since IS NULL), COUNT(dead_since) FROM jobs
             WHERE environment = $1 AND kind IN ($2, $5) AND key > $3 AND key < $4",
            &[&environment, &EXPAND, &from, &to, &EXPAND_BULK],
        )
        .await?;
    let (expanding, given_up) = match &row {
        Some(row) => {
            let mut cells = Cells::new(row);
            (cells.count()?, cells.count()?)
        }
        None => (0, 0),
    };
    let rows = store
        .database
        .read(
            "SELECT entry, note FROM request_notes WHERE environment = $1 AND request_id = $2 ORDER BY entry, note",
            &[&environment, &id.as_str()],
        )
        .await?;
    let notes = rows.iter().map(|row| {
        let mut cells = Cells::new(row);
        Ok(RequestNote {
            request_id: id.clone(),
            entry: cells.number()?,
            note: cells.take()?,
        })
    });
    Ok(RequestProgress {
        expanding,
        given_up,
        notes: notes.collect::<Outcome<_>>()?,
    })
}

/// Writes what is to be said of requests; what was said before is said once.
pub(crate) async fn note(sql: &Sql<'_>, environment: Environment, notes: &[RequestNote]) -> Outcome<()> {
    if notes.is_empty() {
        return Ok(());
    }
    sql.execute(
        "INSERT INTO request_notes (environment, request_id, entry, note)
         SELECT $1, n.* FROM unnest($2::text[], $3::int4[], $4::text[]) AS n ON CONFLICT DO NOTHING",
        &[
            &codec::environment(environment),
            &column(notes, |note| note.request_id.as_str()),
            &column(notes, |note| i32::try_from(note.entry).unwrap_or(i32::MAX)),
            &column(notes, |note| codec::lenient(&note.note)),
        ],
    )
    .await?;
    Ok(())
}

/// Calls a request off; comes to whether there is one.
struct CancelRequest<'a> {
    environment: Environment,
    id: &'a RequestId,
    now: Timestamp,
}

#[async_trait]
impl Operation for CancelRequest<'_> {
    type Output = bool;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<bool> {
        let environment = codec::environment(self.environment);
        let found = sql
            .execute(
                "UPDATE requests SET canceled_at = COALESCE(canceled_at, $3) WHERE environment = $1 AND id = $2",
                &[&environment, &self.id.as_str(), &self.now.as_millis()],
            )
            .await?;
        let (from, to) = range(self.id);
        sql.execute(
            "DELETE FROM jobs WHERE environment = $1 AND kind IN ($2, $5) AND key > $3 AND key < $4",
            &[&environment, &EXPAND, &from, &to, &EXPAND_BULK],
        )
        .await?;
        Ok(found > 0)
    }
}

/// Calls off a page of messages.
struct CancelMessages<'a> {
    environment: Environment,
    id: &'a RequestId,
    after: Option<&'a MessageId>,
    now: Timestamp,
    limit: u32,
}

#[async_trait]
impl Operation for CancelMessages<'_> {
    type Output = CanceledPage;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<CanceledPage> {
        let environment = codec::environment(self.environment);
        let rows = sql
            .rows(
                "SELECT id FROM messages WHERE environment = $1 AND request_id = $2 AND request_id <> id AND id > $3
                 ORDER BY id LIMIT $4",
                &[
                    &environment,
                    &self.id.as_str(),
                    &self.after.map_or("", MessageId::as_str),
                    &i64::from(self.limit),
                ],
            )
            .await?;
        let ids: Vec<String> = rows.iter().map(|row| Cells::new(row).take()).collect::<Outcome<_>>()?;
        // Work that someone is just about to claim or to record is theirs: what they come to counts.
        let rows = sql
            .rows(
                "DELETE FROM work AS w USING (
                     SELECT environment, id FROM work
                     WHERE environment = $1 AND id = ANY($2::text[]) AND NOT settled
                         AND (leased_until IS NULL OR leased_until <= now())
                     ORDER BY environment, id FOR UPDATE SKIP LOCKED) AS free
                 WHERE w.environment = free.environment AND w.id = free.id RETURNING w.id",
                &[&environment, &ids],
            )
            .await?;
        let free: Vec<String> = rows.iter().map(|row| Cells::new(row).take()).collect::<Outcome<_>>()?;
        sql.execute(
            "UPDATE messages SET status = $3, canceled_at = $4 WHERE environment = $1 AND id = ANY($2::text[])",
            &[&environment, &free, &Status::Canceled.as_str(), &self.now.as_millis()],
        )
        .await?;
        let lines = codec::json(&[Event::new(EventType::Canceled, self.now)])?;
        sql.execute(
            "INSERT INTO events (environment, message_id, lines) SELECT $1, id, $3 FROM unnest($2::text[]) AS n (id)",
            &[&environment, &free, &lines],
        )
        .await?;
        self.tell(sql, &free).await?;
        let full = ids.len() >= usize::try_from(self.limit).unwrap_or(usize::MAX);
        Ok(CanceledPage {
            next: ids.into_iter().next_back().map(MessageId::from).filter(|_| full),
            canceled: u32::try_from(free.len()).unwrap_or(u32::MAX),
        })
    }
}

impl CancelMessages<'_> {
    /// Asks for what is told of each of these messages, when anybody listens.
    async fn tell(&self, sql: &Sql<'_>, ids: &[String]) -> Outcome<()> {
        let environment = codec::environment(self.environment);
        if ids.is_empty() || webhooks::listening(sql, &[environment]).await?.is_empty() {
            return Ok(());
        }
        let query = format!(
            "SELECT {} FROM messages AS m WHERE m.environment = $1 AND m.id = ANY($2::text[])",
            row::MESSAGE
        );
        let rows = sql.rows(&query, &[&environment, &ids]).await?;
        let tell = |row: &tokio_postgres::Row| {
            let message = row::message(&mut Cells::new(row))?;
            let word = message.status.as_str();
            Ok(message_updated(
                self.environment,
                &message.id,
                MessageState::of(&message),
                word,
                self.now,
            ))
        };
        let told = rows.iter().map(tell).collect::<Outcome<Vec<_>>>()?;
        jobs::enqueue(sql, &told).await
    }
}
