//! Everything that is connected to this node.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tidings_auth::Auth;
use tidings_pipeline::Services;
use tidings_types::{Error, Result};
use tokio::sync::watch;
use tokio::sync::{Notify, futures::Notified};
use tokio::task::AbortHandle;

use super::dispatch;
use super::registry::{Key, Registry};

/// What a gateway bears with.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many connections there may be at once.
    pub sockets: usize,
    /// How long a client may take to take a frame. One that is slower is let go: it connects anew and reads what it missed.
    pub patience: Duration,
    /// How long a client may say nothing at all, not even answer, before it counts as gone. Phones say something every five
    /// minutes.
    pub silence: Duration,
    /// Whether an API key may stand in a socket's address in place of a token: for trying things out, since addresses end
    /// in logs and the key may act for everyone.
    pub keys: bool,
}

impl Limits {
    /// Up to a number of connections, with the usual patience, and no keys.
    pub const fn of(sockets: usize) -> Self {
        Self {
            sockets,
            patience: Duration::from_secs(10),
            silence: Duration::from_secs(390),
            keys: false,
        }
    }
}

/// Everything that is connected to this node.
pub struct Gateway {
    shared: Arc<Shared>,
    tasks: Vec<AbortHandle>,
}

/// What connections and those who tell them share.
pub(super) struct Shared {
    pub(super) services: Arc<Services>,
    pub(super) auth: Arc<Auth>,
    pub(super) registry: Registry,
    /// How long clients are to stay away, in seconds, once the server stops.
    pub(super) stops: watch::Sender<Option<u32>>,
    due: Mutex<HashSet<Key>>,
    wake: Notify,
    left: Notify,
    numbers: AtomicU64,
    open: AtomicUsize,
    pub(super) limits: Limits,
}

impl Gateway {
    /// Takes connections, and tells them what is new until it is dropped. Must be called within a Tokio runtime.
    pub fn start(services: Arc<Services>, auth: Arc<Auth>, limits: Limits) -> Self {
        let ear = services.bus.subscribe();
        let shared = Arc::new(Shared {
            services,
            auth,
            registry: Registry::default(),
            stops: watch::Sender::new(None),
            due: Mutex::default(),
            wake: Notify::new(),
            left: Notify::new(),
            numbers: AtomicU64::new(0),
            open: AtomicUsize::new(0),
            limits,
        });
        let tasks = vec![
            tokio::spawn(dispatch::hear(Arc::clone(&shared), ear)).abort_handle(),
            tokio::spawn(dispatch::tell(Arc::clone(&shared))).abort_handle(),
            tokio::spawn(dispatch::look_at_all_in_turn(Arc::clone(&shared))).abort_handle(),
        ];
        Self { shared, tasks }
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// How many connections there are.
    pub fn connections(&self) -> usize {
        self.shared.open()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

impl Shared {
    /// Wants this person's followers to be told what is new, if there are any.
    pub(super) fn look(&self, key: Key) {
        if self.registry.has(key) {
            self.due().insert(key);
            self.wake.notify_one();
        }
    }

    /// Wants these people's followers to be told what is new.
    pub(super) fn look_at(&self, keys: impl IntoIterator<Item = Key>) {
        self.due().extend(keys);
        self.wake.notify_one();
    }

    /// Takes some of whom to look at.
    pub(super) fn take_due(&self, most: usize) -> Vec<Key> {
        let mut due = self.due();
        let taken: Vec<Key> = due.iter().take(most).copied().collect();
        for key in &taken {
            due.remove(key);
        }
        taken
    }

    /// Ends when there may be someone to look at.
    pub(super) fn woken(&self) -> Notified<'_> {
        self.wake.notified()
    }

    /// Ends when a connection has ended.
    pub(super) fn left(&self) -> Notified<'_> {
        self.left.notified()
    }

    pub(super) fn open(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }

    /// A place for one more connection.
    ///
    /// # Errors
    /// `Unavailable` when there are as many as there may be, or the server is about to stop.
    pub(super) fn enter(self: &Arc<Self>) -> Result<Place> {
        if self.stops.borrow().is_some() {
            return Err(Error::unavailable("the server stops"));
        }
        // Counted first, so that two at once do not both take the last place.
        let place = Place {
            number: self.numbers.fetch_add(1, Ordering::Relaxed),
            shared: Arc::clone(self),
        };
        if self.open.fetch_add(1, Ordering::AcqRel) >= self.limits.sockets {
            return Err(Error::unavailable("there are as many sockets as the limit allows"));
        }
        metrics::gauge!("tidings_sockets").increment(1.0);
        Ok(place)
    }

    pub(super) fn due(&self) -> std::sync::MutexGuard<'_, HashSet<Key>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection's place, free again when it is dropped.
pub(super) struct Place {
    pub(super) number: u64,
    pub(super) shared: Arc<Shared>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let left = self.shared.open.fetch_sub(1, Ordering::AcqRel).saturating_sub(1);
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float, and this number is small")]
        metrics::gauge!("tidings_sockets").set(left as f64);
        self.shared.left.notify_one();
    }
}
