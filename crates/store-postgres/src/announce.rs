//! Telling other nodes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tidings_types::Environment;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::database::Database;
use crate::listen::{self, DOCUMENTS, WORK};

/// Sends notifications in the background: at most one of a kind is under way, and what is to be told meanwhile is
/// told once with the next. They are sent apart from the writes they speak of, because PostgreSQL lets transactions
/// that notify commit only one after the other.
#[derive(Debug)]
pub(crate) struct Announcer {
    pending: Arc<Pending>,
    task: AbortHandle,
}

/// What is to be told.
#[derive(Debug, Default)]
struct Pending {
    work: AtomicBool,
    production: AtomicBool,
    test: AtomicBool,
    wake: Notify,
}

impl Announcer {
    /// Starts sending, as the node of this number.
    pub(crate) fn start(database: Arc<Database>, node: i64) -> Self {
        let pending = Arc::new(Pending::default());
        let task = tokio::spawn(forever(database, Arc::clone(&pending), node)).abort_handle();
        Self { pending, task }
    }

    /// There is work.
    pub(crate) fn work(&self) {
        self.tell(&self.pending.work);
    }

    /// A document changed.
    pub(crate) fn documents(&self, environment: Environment) {
        self.tell(self.pending.documents(environment));
    }

    fn tell(&self, flag: &AtomicBool) {
        flag.store(true, Ordering::Release);
        self.pending.wake.notify_one();
    }
}

impl Pending {
    fn documents(&self, environment: Environment) -> &AtomicBool {
        match environment {
            Environment::Production => &self.production,
            Environment::Test => &self.test,
        }
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
        if pending.work.swap(false, Ordering::AcqRel) {
            notify(&database, WORK, listen::payload(node, None)).await;
        }
        for environment in Environment::ALL {
            if pending.documents(environment).swap(false, Ordering::AcqRel) {
                notify(&database, DOCUMENTS, listen::payload(node, Some(environment))).await;
            }
        }
    }
}

async fn notify(database: &Database, channel: &str, payload: String) {
    let sent = database.read("SELECT pg_notify($1, $2)", &[&channel, &payload]).await;
    if let Err(error) = sent {
        // Others look by themselves now and then.
        tracing::debug!(%error, "other nodes could not be told");
    }
}
