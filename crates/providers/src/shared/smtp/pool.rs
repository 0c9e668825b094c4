//! Connections kept for the next mail.
//!
//! Taking one costs no round trip: it is used at once, and a dead one shows itself at the first command, when a fresh
//! connection can still do the work.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::client::AsyncSmtpConnection;
use tidings_types::ExposeSecret;
use tokio::time::{Instant, sleep};

use crate::{Guard, SmtpSubmission, SmtpTls};

/// Kept shorter than servers commonly keep an idle client, which is 30 seconds and more.
const IDLE: Duration = Duration::from_secs(20);
/// Connections kept over all servers.
const MAX_KEPT: usize = 256;
/// Mails after which a connection is given up: many servers have a limit, and memory is freed.
const MAX_MAILS: u32 = 1000;

/// One server with one login: what connections may be shared between.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    host: String,
    port: u16,
    tls: SmtpTls,
    guarded: bool,
    credentials: Option<(String, String)>,
}

impl Key {
    pub(super) fn of(submission: &SmtpSubmission) -> Self {
        let credentials = submission.credentials.as_ref();
        Self {
            host: submission.host.clone(),
            port: submission.port,
            tls: submission.tls,
            guarded: submission.guard == Guard::Person,
            credentials: credentials.map(|(user, password)| (user.clone(), password.expose_secret().to_owned())),
        }
    }
}

/// A connection that is logged in.
pub(super) struct Connection {
    pub(super) smtp: AsyncSmtpConnection,
    mails: u32,
}

impl Connection {
    pub(super) fn new(smtp: AsyncSmtpConnection) -> Self {
        Self { smtp, mails: 0 }
    }
}

struct Kept {
    connection: Connection,
    since: Instant,
}

#[derive(Default)]
struct Shelf {
    kept: HashMap<Key, Vec<Kept>>,
    count: usize,
    sweeping: bool,
}

/// The connections kept.
#[derive(Default)]
pub(super) struct Pool {
    shelf: Mutex<Shelf>,
}

impl Pool {
    /// The connection used last for a key: the others then grow old and go.
    pub(super) fn take(&self, key: &Key) -> Option<Connection> {
        let mut all = self.shelf();
        let kept = all.kept.get_mut(key)?.pop()?;
        all.count -= 1;
        (kept.since.elapsed() < IDLE).then_some(kept.connection)
    }

    /// Keeps a connection whose last mail ended in good order.
    pub(super) fn keep(self: &Arc<Self>, key: &Key, mut connection: Connection) {
        connection.mails += 1;
        let mut all = self.shelf();
        if connection.mails >= MAX_MAILS || all.count >= MAX_KEPT {
            return;
        }
        all.count += 1;
        all.kept.entry(key.clone()).or_default().push(Kept {
            connection,
            since: Instant::now(),
        });
        if !all.sweeping {
            all.sweeping = true;
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn drop_old(&mut self) {
        self.kept.retain(|_, kept| {
            kept.retain(|one| one.since.elapsed() < IDLE);
            !kept.is_empty()
        });
        self.count = self.kept.values().map(Vec::len).sum();
        self.sweeping = self.count > 0;
    }
}

/// Closes old connections until none is left or the pool is gone.
async fn sweep(pool: std::sync::Weak<Pool>) {
    loop {
        sleep(IDLE / 4).await;
        let Some(pool) = pool.upgrade() else { return };
        let mut shelf = pool.shelf();
        shelf.drop_old();
        if !shelf.sweeping {
            return;
        }
    }
}
