//! Telling other nodes.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tidings_types::Environment;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::database::Database;
use crate::notification::Notification;

/// Sends notifications in the background: at most one is under way, and what is to be told several times meanwhile is
/// told once. They are sent apart from the writes they speak of, because PostgreSQL lets transactions that notify
/// commit only one after the other.
#[derive(Debug)]
pub(crate) struct Announcer {
    pending: Arc<Pending>,
    task: AbortHandle,
}

/// What is to be told.
#[derive(Debug, Default)]
struct Pending {
    /// One for each of all notifications that name nobody, in their order.
    flags: [AtomicBool; Notification::ALL.len()],
    /// In whose feeds something is new.
    feeds: Mutex<BTreeSet<(Environment, u64)>>,
    wake: Notify,
}

impl Announcer {
    /// Starts sending, as the node of this number.
    pub(crate) fn start(database: Arc<Database>, node: i64) -> Self {
        let pending = Arc::new(Pending::default());
        let task = tokio::spawn(forever(database, Arc::clone(&pending), node)).abort_handle();
        Self { pending, task }
    }

    /// Tells something, soon.
    pub(crate) fn tell(&self, notification: Notification) {
        if let Notification::Feed(environment, person) = notification {
            self.pending.feeds().insert((environment, person));
        }
        for (one, flag) in Notification::ALL.iter().zip(&self.pending.flags) {
            if *one == notification {
                flag.store(true, Ordering::Release);
            }
        }
        self.pending.wake.notify_one();
    }
}

impl Pending {
    fn feeds(&self) -> MutexGuard<'_, BTreeSet<(Environment, u64)>> {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Announcer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn forever(database: Arc<Database>, pending: Arc<Pending>, node: i64) {
    loop {
        pending.wake.notified().await;
        for (notification, flag) in Notification::ALL.into_iter().zip(&pending.flags) {
            if flag.swap(false, Ordering::AcqRel) {
                notify(&database, notification.channel(), &notification.payload(node)).await;
            }
        }
        let people = std::mem::take(&mut *pending.feeds());
        let (channel, payloads) = Notification::feeds(node, &people);
        for payload in payloads {
            notify(&database, channel, &payload).await;
        }
    }
}

async fn notify(database: &Database, channel: &str, payload: &str) {
    if let Err(error) = database.read("SELECT pg_notify($1, $2)", &[&channel, &payload]).await {
        // Others look by themselves now and then.
        tracing::debug!(%error, "other nodes could not be told");
    }
}
