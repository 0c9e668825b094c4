//! What each provider account is spared: more calls at once than it has slots, calls while it is down, calls beyond its
//! rate. Accounts do not share slots, so one that hangs cannot hold up the others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tidings_providers::{Breaker, BreakerOptions, Permit, RateLimit, RateLimiter};
use tidings_types::{Outcome, Settings, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a call waits for a slot before its message goes back to the queue.
const SLOT_WAIT: Duration = Duration::from_secs(2);

/// The state of every account in use on this node.
pub(crate) struct Accounts {
    slots: usize,
    accounts: Mutex<HashMap<String, Arc<Account>>>,
}

struct Account {
    slots: Arc<Semaphore>,
    guards: Mutex<Guards>,
}

struct Guards {
    breaker: Breaker,
    limit: Option<RateLimit>,
    limiter: Option<RateLimiter>,
}

/// Whether a call may be made now.
pub(super) enum Entry {
    /// It may, while this is held.
    Admitted(OwnedSemaphorePermit),
    /// The account is being given a rest after failures.
    Resting,
    /// Not now, and for no fault of anyone's: come again, at this moment if it is known.
    Later(Option<Timestamp>),
}

impl Accounts {
    /// Accounts with this many slots each.
    pub(crate) fn new(slots: usize) -> Self {
        Self { slots: slots.max(1), accounts: Mutex::new(HashMap::new()) }
    }

    /// Asks for a call through an account.
    pub(super) async fn enter(&self, account: &str, settings: &Settings, now: Timestamp) -> Entry {
        let account = self.account(account);
        {
            let mut guards = account.guards.lock().unwrap_or_else(PoisonError::into_inner);
            if let Permit::Wait(_) = guards.breaker.permit(now) {
                return Entry::Resting;
            }
            if let Some(at) = guards.reserve(settings, now).filter(|at| *at > now) {
                return Entry::Later(Some(at));
            }
        }
        let slot = Arc::clone(&account.slots).acquire_owned();
        match tokio::time::timeout(SLOT_WAIT, slot).await {
            Ok(Ok(permit)) => Entry::Admitted(permit),
            _ => Entry::Later(None),
        }
    }

    /// Reports what came of a call.
    pub(super) fn report(&self, account: &str, outcome: &Outcome, now: Timestamp) {
        let account = self.account(account);
        account.guards.lock().unwrap_or_else(PoisonError::into_inner).breaker.report(outcome, now);
    }

    fn account(&self, id: &str) -> Arc<Account> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = accounts.get(id) {
            return Arc::clone(account);
        }
        let account = Arc::new(Account {
            slots: Arc::new(Semaphore::new(self.slots)),
            guards: Mutex::new(Guards { breaker: Breaker::new(BreakerOptions::default()), limit: None, limiter: None }),
        });
        accounts.insert(id.to_owned(), Arc::clone(&account));
        account
    }
}

impl Guards {
    /// When the account's rate allows the next call; none when it has no rate.
    fn reserve(&mut self, settings: &Settings, now: Timestamp) -> Option<Timestamp> {
        let limit = RateLimit::of(settings);
        if limit != self.limit {
            self.limiter = limit.map(RateLimiter::new);
            self.limit = limit;
        }
        self.limiter.as_mut().map(|limiter| limiter.reserve(now))
    }
}
