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
/// Reservations that nobody came for are forgotten when there are this many, at the least.
const SWEEP_AT: usize = 1024;
/// How long after its moment a reservation is kept, in milliseconds.
const RESERVATION_KEPT_MS: u64 = 60_000;

/// The state of every account in use on this node.
pub(crate) struct Accounts {
    slots: usize,
    accounts: Mutex<HashMap<String, Arc<Account>>>,
}

struct Account {
    slots: Arc<Semaphore>,
    /// Places to wait for a slot in: as many as there are slots, so that those who wait for an account that hangs do
    /// not fill the worker.
    queue: Semaphore,
    guards: Mutex<Guards>,
}

struct Guards {
    breaker: Breaker,
    limit: Option<RateLimit>,
    limiter: Option<RateLimiter>,
    /// When calls that came too early may be made. A place is reserved once.
    reserved: HashMap<String, Timestamp>,
    sweep_at: usize,
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
        Self {
            slots: slots.max(1),
            accounts: Mutex::new(HashMap::new()),
        }
    }

    /// Asks for a call through an account. `key` names the call, whenever it is asked for again.
    pub(super) async fn enter(&self, account: &str, key: &str, settings: &Settings, now: Timestamp) -> Entry {
        let account = self.account(account);
        {
            let mut guards = account.guards.lock().unwrap_or_else(PoisonError::into_inner);
            if let Permit::Wait(_) = guards.breaker.permit(now) {
                return Entry::Resting;
            }
            if let Some(at) = guards.reserve(key, settings, now) {
                return Entry::Later(Some(at));
            }
        }
        if let Ok(slot) = Arc::clone(&account.slots).try_acquire_owned() {
            return Entry::Admitted(slot);
        }
        let Ok(_place) = account.queue.try_acquire() else {
            return Entry::Later(None);
        };
        let slot = Arc::clone(&account.slots).acquire_owned();
        match tokio::time::timeout(SLOT_WAIT, slot).await {
            Ok(Ok(slot)) => Entry::Admitted(slot),
            _ => Entry::Later(None),
        }
    }

    /// Reports what came of a call.
    pub(super) fn report(&self, account: &str, outcome: &Outcome, now: Timestamp) {
        let account = self.account(account);
        account
            .guards
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .breaker
            .report(outcome, now);
    }

    fn account(&self, id: &str) -> Arc<Account> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = accounts.get(id) {
            return Arc::clone(account);
        }
        let account = Arc::new(Account {
            slots: Arc::new(Semaphore::new(self.slots)),
            queue: Semaphore::new(self.slots),
            guards: Mutex::new(Guards::new()),
        });
        accounts.insert(id.to_owned(), Arc::clone(&account));
        account
    }
}

impl Guards {
    fn new() -> Self {
        let breaker = Breaker::new(BreakerOptions::default());
        Self {
            breaker,
            limit: None,
            limiter: None,
            reserved: HashMap::new(),
            sweep_at: SWEEP_AT,
        }
    }

    /// When the account's rate allows this call; none when that is now. The moment stays the same until it has come.
    fn reserve(&mut self, key: &str, settings: &Settings, now: Timestamp) -> Option<Timestamp> {
        let limit = RateLimit::of(settings);
        if limit != self.limit {
            self.limiter = limit.map(RateLimiter::new);
            self.limit = limit;
            self.reserved.clear();
        }
        let limiter = self.limiter.as_mut()?;
        if let Some(at) = self.reserved.get(key).copied() {
            if at > now {
                return Some(at);
            }
            self.reserved.remove(key);
            return None;
        }
        let at = limiter.reserve(now);
        if at <= now {
            return None;
        }
        if self.reserved.len() >= self.sweep_at {
            let oldest = now.minus(RESERVATION_KEPT_MS);
            self.reserved.retain(|_, at| *at >= oldest);
            self.sweep_at = SWEEP_AT.max(self.reserved.len() * 2);
        }
        self.reserved.insert(key.to_owned(), at);
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn limited() -> Settings {
        let mut settings = Settings::default();
        settings.set("rate_limit", json!({ "rate": 1, "period": "minute" }));
        settings
    }

    #[test]
    fn a_place_is_reserved_once_and_kept() {
        let (mut guards, settings) = (Guards::new(), limited());
        let at = |minutes: u64| Timestamp::from_millis(0).plus(minutes * 60_000);
        assert_eq!(guards.reserve("a", &settings, at(0)), None);
        assert_eq!(guards.reserve("b", &settings, at(0)), Some(at(1)));
        assert_eq!(guards.reserve("c", &settings, at(0)), Some(at(2)));
        assert_eq!(guards.reserve("b", &settings, at(0)), Some(at(1)), "asked too early");
        assert_eq!(guards.reserve("b", &settings, at(1)), None);
        assert_eq!(guards.reserve("c", &settings, at(2)), None);
    }

    #[test]
    fn reservations_that_nobody_came_for_are_forgotten() {
        let (mut guards, settings) = (Guards::new(), limited());
        guards.sweep_at = 2;
        let at = |minutes: u64| Timestamp::from_millis(0).plus(minutes * 60_000);
        for key in ["a", "b", "c"] {
            guards.reserve(key, &settings, at(0));
        }
        guards.reserve("d", &settings, at(100));
        guards.reserve("e", &settings, at(100));
        assert_eq!(guards.reserved.keys().collect::<Vec<_>>(), ["e"]);
    }

    #[tokio::test]
    async fn no_more_wait_for_a_slot_than_there_are_slots() {
        let accounts = Accounts::new(1);
        let (settings, now) = (Settings::default(), Timestamp::from_millis(0));
        let Entry::Admitted(slot) = accounts.enter("x", "1", &settings, now).await else {
            panic!("a slot is free")
        };
        let waiting = accounts.enter("x", "2", &settings, now);
        let turned_away = accounts.enter("x", "3", &settings, now);
        let freeing = async {
            assert!(matches!(turned_away.await, Entry::Later(None)));
            drop(slot);
        };
        let (second, ()) = tokio::join!(waiting, freeing);
        assert!(matches!(second, Entry::Admitted(_)));
    }
}
