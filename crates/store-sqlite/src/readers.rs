//! The connections that read, lent out one query at a time.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tidings_types::{Error, Result};
use tokio::sync::Semaphore;

use crate::connection;
use crate::fault::Outcome;

/// A few read-only connections. A query runs on a blocking thread and sees everything committed before it began.
#[derive(Debug)]
pub(crate) struct Readers {
    permits: Arc<Semaphore>,
    free: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    /// Opens the connections; at least one.
    pub(crate) fn open(path: &Path, count: u32) -> Outcome<Self> {
        let count = count.max(1);
        let free = (0..count)
            .map(|_| connection::reader(path))
            .collect::<Outcome<Vec<_>>>()?;
        Ok(Self {
            permits: Arc::new(Semaphore::new(free.len())),
            free: Arc::new(Mutex::new(free)),
        })
    }

    /// Runs a query.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| closed())?;
        let free = Arc::clone(&self.free);
        let ran = tokio::task::spawn_blocking(move || {
            let lent = Lent::take(&free);
            let result = query(lent.connection()?);
            drop(lent);
            drop(permit);
            result.map_err(Error::from)
        });
        ran.await.map_err(|_| Error::internal("a query panicked"))?
    }

    /// Lends nothing more, and closes the connections that are not lent out.
    pub(crate) fn close(&self) {
        self.permits.close();
        self.free.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A connection on loan; it goes back even when the query panics.
struct Lent<'a> {
    free: &'a Mutex<Vec<Connection>>,
    connection: Option<Connection>,
}

impl<'a> Lent<'a> {
    fn take(free: &'a Mutex<Vec<Connection>>) -> Self {
        let connection = free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self { free, connection }
    }

    fn connection(&self) -> Result<&Connection> {
        self.connection.as_ref().ok_or_else(closed)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.free
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(connection);
        }
    }
}

/// The answer of a store that was closed.
pub(crate) fn closed() -> Error {
    Error::unavailable("the store is closed")
}
