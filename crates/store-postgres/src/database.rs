//! Connections, and reading over them.

use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use tidings_types::{Error, Result};
use tokio_postgres::types::Type;
use tokio_postgres::{Config, Row};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::fault::Outcome;
use crate::retry::Retries;
use crate::sql::{Parameter, Sql};

/// How long a verb waits for one of the connections to become free.
const WAIT: Duration = Duration::from_secs(10);

/// What is accepted must be synced before it is answered, whatever the server's default is.
const SESSION: &str = "SELECT set_config('synchronous_commit', 'on', false)
     WHERE current_setting('synchronous_commit') = 'off'";

/// The connections to one database.
#[derive(Debug)]
pub(crate) struct Database {
    pool: Pool,
}

impl Database {
    /// Prepares for connecting; connects when first used.
    pub(crate) fn new(config: Config, tls: MakeRustlsConnect, connections: u32) -> Result<Self> {
        // A connection that is known to be closed is not lent; one that turns out to be is tried once only.
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let session = Hook::async_fn(|connection, _| {
            Box::pin(async move { connection.batch_execute(SESSION).await.map_err(HookError::Backend) })
        });
        let pool = Pool::builder(Manager::from_config(config, tls, recycling))
            .max_size(usize::try_from(connections.max(1)).unwrap_or(usize::MAX))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            .post_create(session)
            .build()
            .map_err(Error::internal)?;
        Ok(Self { pool })
    }

    /// Borrows a connection.
    pub(crate) async fn connection(&self) -> Outcome<Object> {
        Ok(self.pool.get().await?)
    }

    /// Runs a query on what is committed.
    pub(crate) async fn read(&self, text: &str, parameters: &[Parameter<'_>]) -> Result<Vec<Row>> {
        let mut retries = Retries::new();
        loop {
            match self.try_read(text, parameters).await {
                Err(fault) if retries.is_worth_it(&fault).await => {}
                done => return done.map_err(Error::from),
            }
        }
    }

    /// Runs a query that has at most one row.
    pub(crate) async fn read_one(&self, text: &str, parameters: &[Parameter<'_>]) -> Result<Option<Row>> {
        Ok(self.read(text, parameters).await?.into_iter().next())
    }

    /// Runs a query whose text is rarely the same.
    pub(crate) async fn read_once(&self, text: &str, parameters: &[(Parameter<'_>, Type)]) -> Result<Vec<Row>> {
        let mut retries = Retries::new();
        loop {
            match self.try_read_once(text, parameters).await {
                Err(fault) if retries.is_worth_it(&fault).await => {}
                done => return done.map_err(Error::from),
            }
        }
    }

    /// Lends nothing more.
    pub(crate) fn close(&self) {
        self.pool.close();
    }

    async fn try_read(&self, text: &str, parameters: &[Parameter<'_>]) -> Outcome<Vec<Row>> {
        let connection = self.connection().await?;
        Sql::on(&connection).rows(text, parameters).await
    }

    async fn try_read_once(&self, text: &str, parameters: &[(Parameter<'_>, Type)]) -> Outcome<Vec<Row>> {
        let connection = self.connection().await?;
        Sql::on(&connection).rows_once(text, parameters).await
    }
}
