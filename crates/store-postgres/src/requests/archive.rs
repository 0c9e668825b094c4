//! Hiding a request's messages from listings, page by page.

use async_trait::async_trait;
use tidings_store::ArchivedPage;
use tidings_types::{Environment, MessageId, RequestId, UserId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// Hides a page of messages.
pub(super) struct ArchiveMessages<'a> {
    pub(super) environment: Environment,
    pub(super) id: &'a RequestId,
    pub(super) after: Option<&'a MessageId>,
    pub(super) limit: u32,
}

#[async_trait]
impl Operation for ArchiveMessages<'_> {
    type Output = ArchivedPage;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<ArchivedPage> {
        let environment = codec::environment(self.environment);
        let read = |row: &tokio_postgres::Row| {
            let mut cells = Cells::new(row);
            let id: String = cells.take()?;
            let user: Option<String> = cells.take()?;
            Ok((MessageId::from(id), user.map(UserId::from)))
        };
        // The condition is written as the partial index is.
        let rows = sql
            .rows(
                "SELECT id, user_id FROM messages
                 WHERE environment = $1 AND request_id = $2 AND request_id <> id AND id > $3 ORDER BY id LIMIT $4",
                &[
                    &environment,
                    &self.id.as_str(),
                    &self.after.map_or("", MessageId::as_str),
                    &i64::from(self.limit),
                ],
            )
            .await?;
        let mut messages = rows.iter().map(read).collect::<Outcome<Vec<_>>>()?;
        let full = messages.len() >= usize::try_from(self.limit).unwrap_or(usize::MAX);
        let next = messages.last().map(|(id, _)| id.clone()).filter(|_| full);
        if self.after.is_none() {
            let row = sql
                .row(
                    "SELECT id, user_id FROM messages WHERE environment = $1 AND id = $2",
                    &[&environment, &self.id.as_str()],
                )
                .await?;
            messages.extend(row.as_ref().map(read).transpose()?);
        }
        let ids: Vec<&str> = messages.iter().map(|(id, _)| id.as_str()).collect();
        // Locked in the order in which everybody locks.
        sql.execute(
            "UPDATE messages AS m SET archived = true FROM (
                 SELECT environment, id FROM messages
                 WHERE environment = $1 AND id = ANY($2::text[]) AND NOT archived ORDER BY id FOR UPDATE) AS page
             WHERE m.environment = page.environment AND m.id = page.id",
            &[&environment, &ids],
        )
        .await?;
        Ok(ArchivedPage { messages, next })
    }
}
