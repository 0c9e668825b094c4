//! Telling other nodes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
    /// One for each of all notifications, in their order.
    flags: [AtomicBool; Notification::ALL.len()],
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
        for (one, flag) in Notification::ALL.iter().zip(&self.pending.flags) {
            if *one == notification {
                flag.store(true, Ordering::Release);
            }
        }
        self.pending.wake.notify_one();
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
                notify(&database, notification, node).await;
            }
        }
    }
}

async fn notify(database: &Database, notification: Notification, node: i64) {
    let (channel, payload) = (notification.channel(), notification.payload(node));
    if let Err(error) = database.read("SELECT pg_notify($1, $2)", &[&channel, &payload]).await {
        // Others look by themselves now and then.
        tracing::debug!(%error, "other nodes could not be told");
    }
}
