//! The store itself: its threads, and how verbs reach them.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tidings_store::{AuditLine, audit};
use tidings_types::Result;

use crate::checkpoint::{Checkpointer, Log};
use crate::fault::Outcome;
use crate::readers::Readers;
use crate::writer::{Write, Writer};
use crate::{Options, connection, idempotency, migrate};

/// Everything Tidings remembers, in one SQLite file.
pub struct SqliteStore {
    writer: Writer,
    readers: Readers,
    background: Mutex<Background>,
}

/// What runs until the store is closed or dropped.
struct Background {
    checkpointer: Option<Checkpointer>,
    threads: Vec<JoinHandle<()>>,
}

impl SqliteStore {
    /// Opens a file, makes it if need be, and brings its schema up to date.
    ///
    /// # Errors
    /// `Internal` when it cannot be opened, is no database, or was written by a newer program.
    pub fn open(path: &Path, options: Options) -> Result<Self> {
        let mut writing = connection::writer(path)?;
        migrate::migrate(&mut writing)?;
        // Only a server checkpoints, and one server serves one file: no other process has a call running.
        if options.checkpoints {
            idempotency::forget_unfinished(&writing)?;
        }
        let readers = Readers::open(path, options.readers)?;
        let log = Arc::new(Log::default());
        let mut threads = Vec::new();
        let mut checkpointer = None;
        if options.checkpoints {
            let (handle, thread) = Checkpointer::start(path, Arc::clone(&log))?;
            checkpointer = Some(handle);
            threads.push(thread);
        }
        let (writer, thread) = Writer::start(writing, log)?;
        threads.push(thread);
        Ok(Self {
            writer,
            readers,
            background: Mutex::new(Background { checkpointer, threads }),
        })
    }

    /// Runs a write; what it did is durable when this returns `Ok`. It may run more than once, each time as if it had not
    /// run before.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl FnMut(&mut Write<'_>) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        match audit::pending() {
            None => self.writer.run(job).await,
            Some(line) => settled(&line, self.writer.run(told(job, line.clone())).await),
        }
    }

    /// Runs a write of about so many rows that may wait for others.
    pub(crate) async fn write_later<T: Send + 'static>(
        &self,
        rows: usize,
        job: impl FnMut(&mut Write<'_>) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        match audit::pending() {
            None => self.writer.run_later(rows, job).await,
            Some(line) => settled(&line, self.writer.run_later(rows, told(job, line.clone())).await),
        }
    }

    /// Runs a query on what is committed.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.run(query).await
    }

    /// Carries out what is queued, then ends the threads and closes the file. Later verbs answer `Unavailable`.
    pub(crate) async fn shut(&self) {
        self.writer.stop().await;
        self.readers.close();
        let threads = {
            let mut background = self.background.lock().unwrap_or_else(PoisonError::into_inner);
            background.checkpointer = None;
            std::mem::take(&mut background.threads)
        };
        let joined = tokio::task::spawn_blocking(move || threads.into_iter().try_for_each(JoinHandle::join)).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!("a thread of the store ended badly");
        }
    }
}

/// A write that tells of itself, if it changes anything.
fn told<T>(
    mut job: impl FnMut(&mut Write<'_>) -> Outcome<T>,
    line: AuditLine,
) -> impl FnMut(&mut Write<'_>) -> Outcome<(T, bool)> {
    move |write| {
        let before = write.sql.total_changes();
        let value = job(write)?;
        let changed = write.sql.total_changes() > before;
        if changed {
            crate::audit::append(write.sql, &line)?;
        }
        Ok((value, changed))
    }
}

/// What a write that tells of itself came to.
fn settled<T>(line: &AuditLine, written: Result<(T, bool)>) -> Result<T> {
    let (value, changed) = written?;
    if changed {
        line.settle();
    }
    Ok(value)
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}
