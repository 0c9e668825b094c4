//! The store itself: its connections, and how verbs reach them.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tidings_store::{Acceptance, Record};
use tidings_types::{Environment, Error, Result};
use tokio::task::AbortHandle;
use tokio_postgres::{Config, Row};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::announce::Announcer;
use crate::batcher::Batcher;
use crate::codec::Cells;
use crate::database::Database;
use crate::fault::Outcome;
use crate::listen;
use crate::notification::Notification;
use crate::sql::Parameter;
use crate::transaction::{Operation, Statement};
use crate::{Options, migrate, target, tls};

/// Everything Tidings remembers, in one PostgreSQL database that many nodes share.
pub struct PostgresStore {
    pub(crate) database: Arc<Database>,
    pub(crate) accepts: Batcher<Acceptance>,
    pub(crate) records: Batcher<Record>,
    announcer: Arc<Announcer>,
    config: Config,
    tls: MakeRustlsConnect,
    node: i64,
    listeners: Mutex<Vec<AbortHandle>>,
}

impl PostgresStore {
    /// Connects to a database and brings its schema up to date. Must be called within a Tokio runtime, in which the
    /// store's background work then runs until the store is closed or dropped.
    ///
    /// Statements are prepared once per connection, so a pooler in between must give each connection a server of its
    /// own for as long as it lasts (session pooling).
    ///
    /// With `sslmode=require` in the URL the connection is encrypted and the server's certificate checked; without it,
    /// neither.
    ///
    /// # Errors
    /// `Invalid` when the URL is none, without repeating it; `Unavailable` when the database cannot be reached;
    /// `Internal` when it is too old or was written by a newer program.
    pub async fn connect(url: &str, options: Options) -> Result<Self> {
        let config = target::parse(url)?;
        let tls = tls::connector(&options.extra_roots)?;
        let database = Arc::new(Database::new(config.clone(), tls.clone(), options.connections)?);
        migrate::migrate(&database).await?;
        let node = node(&database).await?;
        let announcer = Arc::new(Announcer::start(Arc::clone(&database), node));
        Ok(Self {
            accepts: Batcher::start(&database, &announcer, options.flushers),
            records: Batcher::start(&database, &announcer, options.flushers),
            announcer,
            database,
            config,
            tls,
            node,
            listeners: Mutex::default(),
        })
    }

    /// Tells what other nodes do from now on, over a connection of its own that is made again whenever it is lost.
    /// After each connecting everything is told once, for what may have been missed. Ends with the store.
    pub fn listen(&self, hear: impl Fn(Notification) + Send + Sync + 'static) {
        let listening = tokio::spawn(listen::forever(
            self.config.clone(),
            self.tls.clone(),
            self.node,
            Arc::new(hear),
        ));
        self.listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(listening.abort_handle());
    }

    /// Runs a write; durable when this returns `Ok`.
    pub(crate) async fn write<O: Operation>(&self, operation: O) -> Result<O::Output> {
        self.database.write(&operation).await.map_err(Error::from)
    }

    /// Runs a write of one statement; returns its rows.
    pub(crate) async fn execute(&self, text: &str, parameters: &[Parameter<'_>]) -> Result<Vec<Row>> {
        self.database
            .write(&Statement { text, parameters })
            .await
            .map_err(Error::from)
    }

    /// Runs a write and lets other nodes know.
    pub(crate) async fn write_and_tell<O: Operation>(
        &self,
        operation: O,
        news: impl IntoIterator<Item = Notification> + Send,
    ) -> Result<O::Output> {
        let output = self.write(operation).await?;
        for notification in news {
            self.announcer.tell(notification);
        }
        Ok(output)
    }

    /// Lets other nodes know.
    pub(crate) fn tell(&self, notification: Notification) {
        self.announcer.tell(notification);
    }

    /// Runs a change of documents and lets other nodes know.
    pub(crate) async fn change_documents<O: Operation>(
        &self,
        environment: Environment,
        operation: O,
    ) -> Result<O::Output> {
        let output = self.write(operation).await?;
        self.announcer.tell(Notification::Documents(environment));
        Ok(output)
    }

    /// Writes what is queued, then closes all connections. Later verbs answer `Unavailable`.
    pub(crate) async fn shut(&self) {
        self.accepts.stop().await;
        self.records.stop().await;
        self.stop_listening();
        self.database.close();
    }

    fn stop_listening(&self) {
        let listeners = std::mem::take(&mut *self.listeners.lock().unwrap_or_else(PoisonError::into_inner));
        listeners.iter().for_each(AbortHandle::abort);
    }
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.stop_listening();
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("node", &self.node)
            .finish_non_exhaustive()
    }
}

/// A number that no other process has.
async fn node(database: &Database) -> Outcome<i64> {
    let rows = database
        .write(&Statement {
            text: "SELECT nextval('nodes')",
            parameters: &[],
        })
        .await?;
    rows.first().map_or(Ok(0), |row| Cells::new(row).take())
}
