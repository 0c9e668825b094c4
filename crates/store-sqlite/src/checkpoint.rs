//! Moving the write-ahead log into the file, beside the writer.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use tidings_types::{Error, Result};

use crate::connection;

/// How often the log is looked at.
const INTERVAL: Duration = Duration::from_millis(500);

/// A log of this many pages (64 MB) is cut back, although the writer waits for a moment meanwhile: under a steady
/// stream of writes the log never comes to its end by itself.
const LARGE_PAGES: i64 = 16 * 1024;

/// A log above this many pages (4 MB) is cut back when nothing is written.
const IDLE_PAGES: i64 = 1024;

/// Tells the checkpointer to stop: dropping it is enough.
#[derive(Debug)]
pub(crate) struct Checkpointer {
    _stop: Sender<()>,
}

impl Checkpointer {
    /// Starts the thread. `commits` grows with every commit of the writer.
    pub(crate) fn start(path: &Path, commits: Arc<AtomicU64>) -> Result<(Self, JoinHandle<()>)> {
        let connection = connection::checkpointer(path)?;
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name("store-checkpointer".to_owned())
            .spawn(move || work(&connection, &stopped, &commits))
            .map_err(Error::internal)?;
        Ok((Self { _stop: stop }, thread))
    }
}

fn work(connection: &Connection, stopped: &Receiver<()>, commits: &AtomicU64) {
    let mut seen = 0;
    let mut log_pages = 0;
    while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
        let now = commits.load(Ordering::Relaxed);
        let idle = now == seen;
        seen = now;
        let mode = match (idle, log_pages) {
            (true, ..IDLE_PAGES) => continue,
            (true, _) | (false, LARGE_PAGES..) => "TRUNCATE",
            (false, _) => "PASSIVE",
        };
        match checkpoint(connection, mode) {
            Ok(pages) => log_pages = pages,
            Err(error) => tracing::warn!(%error, mode, "a checkpoint failed"),
        }
    }
}

/// Runs a checkpoint; returns how many pages the log holds after it.
fn checkpoint(connection: &Connection, mode: &str) -> rusqlite::Result<i64> {
    connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| row.get(1))
}
