//! Moving the write-ahead log into the file, beside the writer.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use tidings_types::{Error, Result};

use crate::connection;

/// How often the log is looked at. Short, so that each pass has little to copy and the log can be caught up with.
const TICK: Duration = Duration::from_millis(100);

/// Ticks after which even a few rows are moved, and after which a log nobody writes to counts as idle.
const PATIENCE: u32 = 10;

/// Changed rows after which the log is worth a pass at once.
const MANY_ROWS: u64 = 2000;

/// A log of this many pages (32 MB) is begun anew: under a steady stream of writes it never ends by itself.
const LARGE_PAGES: i64 = 8 * 1024;

/// A log above this many pages (4 MB) is cut off the disk when nothing is written.
const IDLE_PAGES: i64 = 1024;

/// What writer and checkpointer tell each other.
#[derive(Debug, Default)]
pub(crate) struct Log {
    rows: AtomicU64,
    begin_anew: AtomicBool,
}

impl Log {
    /// The writer has changed some rows.
    pub(crate) fn committed(&self, rows: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
    }

    /// Whether the writer should begin the log anew now. Only between its transactions is nobody else writing, so
    /// only there can the last pages be moved.
    pub(crate) fn take_request(&self) -> bool {
        self.begin_anew.load(Ordering::Relaxed) && self.begin_anew.swap(false, Ordering::Relaxed)
    }
}

/// Moves what is left and begins the log anew, unless a reader still needs it. For the writer's connection.
pub(crate) fn begin_anew(connection: &mut Connection) {
    let moved = connection::impatiently(connection, |connection| checkpoint(connection, "RESTART"));
    if let Err(error) = moved {
        tracing::warn!(%error, "the log could not be begun anew");
    }
}

/// Tells the checkpointer to stop: dropping it is enough.
#[derive(Debug)]
pub(crate) struct Checkpointer {
    _stop: Sender<()>,
}

impl Checkpointer {
    /// Starts the thread.
    pub(crate) fn start(path: &Path, log: Arc<Log>) -> Result<(Self, JoinHandle<()>)> {
        let connection = connection::checkpointer(path)?;
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name("store-checkpointer".to_owned())
            .spawn(move || work(&connection, &stopped, &log))
            .map_err(Error::internal)?;
        Ok((Self { _stop: stop }, thread))
    }
}

fn work(connection: &Connection, stopped: &Receiver<()>, log: &Log) {
    let mut seen = 0;
    let mut waited = 0;
    let mut pages = 0;
    while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        let rows = log.rows.load(Ordering::Relaxed);
        waited += 1;
        let mode = match rows - seen {
            MANY_ROWS.. => "PASSIVE",
            1.. if waited >= PATIENCE => "PASSIVE",
            0 if waited >= PATIENCE && pages >= IDLE_PAGES => "TRUNCATE",
            _ => continue,
        };
        waited = 0;
        seen = rows;
        match checkpoint(connection, mode) {
            Ok(left) => pages = left,
            Err(error) => tracing::warn!(%error, mode, "a checkpoint failed"),
        }
        if pages >= LARGE_PAGES {
            log.begin_anew.store(true, Ordering::Relaxed);
        }
    }
}

/// Runs a checkpoint; returns how many pages the log holds.
fn checkpoint(connection: &Connection, mode: &str) -> rusqlite::Result<i64> {
    connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| row.get(1))
}
