//! Statements on one connection.

use deadpool_postgres::{Object, StatementCache, Transaction};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use crate::fault::Outcome;

/// A value for `$1`, `$2`, ..
pub(crate) type Parameter<'a> = &'a (dyn ToSql + Sync);

/// Runs statements, each of them planned once per connection.
pub(crate) struct Sql<'c> {
    client: &'c Client,
    statements: &'c StatementCache,
}

impl<'c> Sql<'c> {
    /// Each statement by itself.
    pub(crate) fn on(connection: &'c Object) -> Self {
        Self {
            client: connection,
            statements: &connection.statement_cache,
        }
    }

    /// Within a transaction.
    pub(crate) fn within(transaction: &'c Transaction<'_>) -> Self {
        Self {
            client: transaction.client(),
            statements: &transaction.statement_cache,
        }
    }

    /// The rows of a query.
    pub(crate) async fn rows(&self, text: &str, parameters: &[Parameter<'_>]) -> Outcome<Vec<Row>> {
        let statement = self.statements.prepare(self.client, text).await?;
        Ok(self.client.query(&statement, parameters).await?)
    }

    /// The row of a query that has at most one.
    pub(crate) async fn row(&self, text: &str, parameters: &[Parameter<'_>]) -> Outcome<Option<Row>> {
        Ok(self.rows(text, parameters).await?.into_iter().next())
    }

    /// The rows of a query whose text is rarely the same: it is planned for these values and not kept.
    pub(crate) async fn rows_once(&self, text: &str, parameters: &[(Parameter<'_>, Type)]) -> Outcome<Vec<Row>> {
        Ok(self.client.query_typed(text, parameters).await?)
    }

    /// Runs a statement; returns how many rows it touched.
    pub(crate) async fn execute(&self, text: &str, parameters: &[Parameter<'_>]) -> Outcome<u64> {
        let statement = self.statements.prepare(self.client, text).await?;
        Ok(self.client.execute(&statement, parameters).await?)
    }

    /// Runs several statements that have no parameters.
    pub(crate) async fn script(&self, text: &str) -> Outcome<()> {
        Ok(self.client.batch_execute(text).await?)
    }
}
