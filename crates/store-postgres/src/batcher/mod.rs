//! Many callers' writes in one transaction.

mod flush;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tidings_types::{Environment, Result};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::announce::Announcer;
use crate::database::Database;
use crate::fault::{Outcome, closed};
use crate::notification::Notification;
use crate::sql::Sql;

/// Writes that may wait; further callers wait before they queue.
const QUEUE: usize = 4096;

/// Something that is written together with others of its kind.
#[async_trait]
pub(crate) trait Batched: Send + Sync + Sized + 'static {
    /// What its caller is told.
    type Answer: Send + 'static;

    /// What other nodes should know once it is written.
    fn news(&self) -> Vec<Notification>;

    /// The message it is about: two writes about one message are made one after the other.
    fn message(&self) -> Option<(Environment, &str)>;

    /// Writes all of them; answers in the same order.
    async fn write_all(items: &[&Self], sql: &Sql<'_>) -> Outcome<Vec<Self::Answer>>;
}

/// A write and who waits for it.
struct Waiting<B: Batched> {
    item: B,
    reply: oneshot::Sender<Result<B::Answer>>,
}

/// Takes writes one by one and makes them in batches: what piles up while one batch is written is the next.
pub(crate) struct Batcher<B: Batched> {
    queue: Mutex<Option<mpsc::Sender<Waiting<B>>>>,
    flushers: Mutex<Vec<JoinHandle<()>>>,
}

impl<B: Batched> Batcher<B> {
    /// Starts a number of flushers.
    pub(crate) fn start(database: &Arc<Database>, announcer: &Arc<Announcer>, flushers: u32) -> Self {
        let (queue, inbox) = mpsc::channel(QUEUE);
        let inbox = Arc::new(tokio::sync::Mutex::new(inbox));
        let flusher = |_| {
            let work = flush::forever(Arc::clone(database), Arc::clone(announcer), Arc::clone(&inbox));
            tokio::spawn(work)
        };
        Self {
            flushers: Mutex::new((0..flushers.max(1)).map(flusher).collect()),
            queue: Mutex::new(Some(queue)),
        }
    }

    /// Writes something; durable when this returns `Ok`. A caller that stops waiting does not stop the write.
    pub(crate) async fn write(&self, item: B) -> Result<B::Answer> {
        let queue = self
            .queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or_else(closed)?;
        let (reply, answer) = oneshot::channel();
        queue.send(Waiting { item, reply }).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Takes nothing more, and returns when all that was taken is written.
    pub(crate) async fn stop(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let flushers = std::mem::take(&mut *self.flushers.lock().unwrap_or_else(PoisonError::into_inner));
        for flusher in flushers {
            if flusher.await.is_err() {
                tracing::error!("a flusher ended badly");
            }
        }
    }
}

impl<B: Batched> fmt::Debug for Batcher<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batcher").finish_non_exhaustive()
    }
}
