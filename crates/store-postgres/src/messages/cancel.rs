//! Calling messages off.

use async_trait::async_trait;
use tidings_store::webhooks::{MessageState, message_updated};
use tidings_store::{CancelResult, MessageRow};
use tidings_types::{Environment, Event, EventType, MessageId, Status, Timestamp};

use super::{read, row};
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;
use crate::{jobs, webhooks};

/// Calls a message off.
pub(crate) struct Cancel<'a> {
    pub(crate) environment: Environment,
    pub(crate) id: &'a MessageId,
    pub(crate) now: Timestamp,
}

#[async_trait]
impl Operation for Cancel<'_> {
    type Output = CancelResult;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<CancelResult> {
        // First the work, which a claim or a step would have to change too: from here on nobody else can.
        let held = self.lock(sql).await?;
        let Some(message) = self.message(sql).await? else {
            return Ok(CancelResult::NotFound);
        };
        if held || message.status.is_final() {
            return Ok(CancelResult::TooLate(message));
        }
        let message = MessageRow {
            status: Status::Canceled,
            canceled_at: Some(self.now),
            ..message
        };
        self.write(sql, &message).await?;
        Ok(CancelResult::Canceled(message))
    }
}

impl Cancel<'_> {
    /// Whether a node holds the message.
    async fn lock(&self, sql: &Sql<'_>) -> Outcome<bool> {
        let row = sql
            .row(
                "SELECT COALESCE(leased_until > now(), false) FROM work WHERE environment = $1 AND id = $2 FOR UPDATE",
                &[&codec::environment(self.environment), &self.id.as_str()],
            )
            .await?;
        row.map_or(Ok(false), |row| Cells::new(&row).take())
    }

    async fn message(&self, sql: &Sql<'_>) -> Outcome<Option<MessageRow>> {
        let row = sql
            .row(
                &read::MESSAGE,
                &[&codec::environment(self.environment), &self.id.as_str()],
            )
            .await?;
        row.map(|row| row::message(&mut Cells::new(&row))).transpose()
    }

    async fn write(&self, sql: &Sql<'_>, message: &MessageRow) -> Outcome<()> {
        let (environment, id) = (codec::environment(self.environment), self.id.as_str());
        sql.execute(
            "UPDATE messages SET status = $3, canceled_at = $4 WHERE environment = $1 AND id = $2",
            &[&environment, &id, &message.status.as_str(), &self.now.as_millis()],
        )
        .await?;
        sql.execute(
            "DELETE FROM work WHERE environment = $1 AND id = $2",
            &[&environment, &id],
        )
        .await?;
        let lines = codec::json(&[Event::new(EventType::Canceled, self.now)])?;
        sql.execute(
            "INSERT INTO events (environment, message_id, lines) VALUES ($1, $2, $3)",
            &[&environment, &id, &lines],
        )
        .await?;
        if webhooks::listening(sql, &[environment]).await?.is_empty() {
            return Ok(());
        }
        let state = MessageState::of(message);
        let word = message.status.as_str();
        let job = message_updated(self.environment, self.id, state, word, self.now);
        jobs::enqueue(sql, &[job]).await
    }
}
