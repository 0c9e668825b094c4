//! What is done as a whole or not at all.

use std::time::Duration;

use async_trait::async_trait;
use tidings_store::{AuditLine, audit};
use tidings_types::Error;
use tokio_postgres::Row;

use crate::codec::Cells;
use crate::database::Database;
use crate::fault::{Fault, Outcome};
use crate::retry::Retries;
use crate::sql::{Parameter, Sql};

/// How often the fate of a transaction is asked for while the server still has it under way.
const FATE_QUESTIONS: u32 = 50;
/// How long to wait between two such questions.
const FATE_PAUSE: Duration = Duration::from_millis(100);

/// Something that is written. It may run several times, each time within a new transaction and with no trace of the
/// time before.
#[async_trait]
pub(crate) trait Operation: Sync {
    /// What it comes to.
    type Output: Send;

    /// Does it.
    async fn run(&self, sql: &Sql<'_>) -> Outcome<Self::Output>;
}

/// A single statement.
pub(crate) struct Statement<'a> {
    pub(crate) text: &'a str,
    pub(crate) parameters: &'a [Parameter<'a>],
}

#[async_trait]
impl Operation for Statement<'_> {
    type Output = Vec<Row>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Vec<Row>> {
        sql.rows(self.text, self.parameters).await
    }
}

impl Database {
    /// Carries out an operation; durable when this returns `Ok`. Lost connections and collisions with others are
    /// survived by doing it again, once it is certain that it has not been done.
    pub(crate) async fn write<O: Operation>(&self, operation: &O) -> Outcome<O::Output> {
        let mut retries = Retries::new();
        loop {
            match self.attempt(operation).await {
                Err(fault) if retries.is_worth_it(&fault).await => {}
                done => return done,
            }
        }
    }

    async fn attempt<O: Operation>(&self, operation: &O) -> Outcome<O::Output> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await?;
        let sql = Sql::within(&transaction);
        let output = operation.run(&sql).await?;
        let number = number(&sql).await?;
        // Only what changes something has a number.
        let line = audit::pending().filter(|_| number.is_some());
        if let Some(line) = &line {
            crate::audit::append(&sql, line).await?;
        }
        let settle = || line.iter().for_each(AuditLine::settle);
        match (transaction.commit().await.map_err(Fault::from), number) {
            (Ok(()), _) => {
                settle();
                Ok(output)
            }
            (Err(lost), Some(number)) if lost.is_lost() => {
                drop(connection);
                if self.was_committed(&number).await? {
                    settle();
                    Ok(output)
                } else {
                    Err(lost)
                }
            }
            (Err(fault), _) => Err(fault),
        }
    }

    /// What became of a transaction whose COMMIT was not answered.
    async fn was_committed(&self, number: &str) -> Outcome<bool> {
        for _ in 0..FATE_QUESTIONS {
            let fate = self.read("SELECT pg_xact_status($1::text::xid8)", &[&number]).await;
            match fate.map(|rows| {
                rows.first()
                    .and_then(|row| Cells::new(row).take::<Option<String>>().ok().flatten())
            }) {
                Ok(Some(fate)) if fate == "committed" => return Ok(true),
                Ok(Some(fate)) if fate == "aborted" => return Ok(false),
                // Its connection is gone and its server process has not noticed yet; or the server is coming up.
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the fate of a transaction cannot be asked for"),
            }
            tokio::time::sleep(FATE_PAUSE).await;
        }
        // Not to be tried again: it may have been written.
        Err(Error::unavailable("the connection was lost, and whether a transaction was committed is not known").into())
    }
}

/// The transaction's number, by which its fate can be asked for; none when it has written nothing.
async fn number(sql: &Sql<'_>) -> Outcome<Option<String>> {
    match sql.row("SELECT pg_current_xact_id_if_assigned()::text", &[]).await? {
        Some(row) => Cells::new(&row).take(),
        None => Ok(None),
    }
}
