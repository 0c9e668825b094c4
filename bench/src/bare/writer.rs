//! One thread, one commit for all that has piled up.

use std::path::Path;

use axum::body::Bytes;
use rusqlite::{Connection, params};
use tokio::sync::{mpsc, oneshot};

/// As many indexes as requests, messages and pending work have together for an accepted message.
const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -16384;
    PRAGMA wal_autocheckpoint = 8192;
    CREATE TABLE messages (
        environment INTEGER NOT NULL,
        id          TEXT    NOT NULL,
        request_id  TEXT    NOT NULL,
        recipient   TEXT    NOT NULL,
        status      TEXT    NOT NULL,
        enqueued    INTEGER NOT NULL,
        body        BLOB    NOT NULL,
        PRIMARY KEY (environment, id)
    ) STRICT;
    CREATE UNIQUE INDEX messages_by_request ON messages (environment, request_id);
    CREATE INDEX messages_newest ON messages (environment, enqueued, id);
    CREATE INDEX messages_by_recipient ON messages (environment, recipient, enqueued);
    CREATE TABLE work (
        environment INTEGER NOT NULL,
        id          TEXT    NOT NULL,
        lane        INTEGER NOT NULL,
        due         INTEGER NOT NULL,
        PRIMARY KEY (environment, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX work_due ON work (lane, due);";

/// At most this many rows share a commit.
const BATCH: usize = 1024;

/// What is stored.
pub(super) struct Row {
    pub(super) id: String,
    /// Milliseconds since 1970.
    pub(super) at: i64,
    pub(super) body: Bytes,
}

type Order = (Row, oneshot::Sender<()>);

/// A handle to the thread.
#[derive(Clone)]
pub(super) struct Writer(mpsc::Sender<Order>);

impl Writer {
    /// Makes the file and starts the thread.
    pub(super) fn start(path: &Path) -> anyhow::Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(SCHEMA)?;
        let (orders, inbox) = mpsc::channel(4096);
        std::thread::Builder::new().spawn(move || work(&connection, inbox))?;
        Ok(Self(orders))
    }

    /// Whether the row is durable.
    pub(super) async fn insert(&self, row: Row) -> bool {
        let (reply, answer) = oneshot::channel();
        self.0.send((row, reply)).await.is_ok() && answer.await.is_ok()
    }
}

fn work(connection: &Connection, mut inbox: mpsc::Receiver<Order>) {
    let mut orders = Vec::with_capacity(BATCH);
    while inbox.blocking_recv_many(&mut orders, BATCH) > 0 {
        let written = write(connection, &orders).is_ok();
        for (_, reply) in orders.drain(..) {
            // A reply that is dropped unsent tells its caller that the write failed.
            if written {
                let _caller_gone = reply.send(());
            }
        }
    }
}

fn write(connection: &Connection, orders: &[Order]) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    {
        let mut message =
            transaction.prepare_cached("INSERT INTO messages VALUES (0, ?1, ?1, ?1, 'ENQUEUED', ?2, ?3)")?;
        let mut work = transaction.prepare_cached("INSERT INTO work VALUES (0, ?1, 1, ?2)")?;
        for (row, _) in orders {
            message.execute(params![row.id, row.at, row.body.as_ref()])?;
            work.execute(params![row.id, row.at])?;
        }
    }
    transaction.commit()
}
