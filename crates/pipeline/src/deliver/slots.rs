//! What each provider account is spared: more calls at once than it has slots, calls while it is down, calls beyond its
//! rate. Accounts do not share slots, so one that hangs cannot hold up the others; and each keeps some for urgent calls,
//! so that bulk work cannot hold those up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tidings_types::{Address, Environment, Outcome, Settings, Target, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::guards::{Guards, Haste};
use super::pace::{Pace, SLOT_WAIT, millis};

/// Accounts of which nothing is to be remembered are forgotten when there are this many, at the least.
const SWEEP_AT: usize = 4096;
/// One slot is kept for urgent calls for so many common ones.
const KEPT_SHARE: usize = 4;

/// The state of every account in use on this node.
pub(crate) struct Accounts {
    slots: usize,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    accounts: HashMap<String, Arc<Account>>,
    sweep_at: usize,
}

struct Account {
    common: Places,
    /// For urgent calls that find no common slot.
    kept: Places,
    guards: Mutex<Guards>,
}

/// Slots, and who waits for them.
struct Places {
    count: usize,
    slots: Arc<Semaphore>,
    pace: Mutex<Pace>,
}

impl Places {
    fn new(count: usize) -> Self {
        Self {
            count,
            slots: Arc::new(Semaphore::new(count)),
            pace: Mutex::default(),
        }
    }

    fn free(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.slots).try_acquire_owned().ok()
    }

    /// A slot, or when to come back for one.
    async fn take(&self, now: Timestamp) -> Result<OwnedSemaphorePermit, Timestamp> {
        if let Some(permit) = self.free() {
            return Ok(permit);
        }
        {
            let mut pace = lock(&self.pace);
            if !pace.may_wait(self.count) {
                return Err(pace.come_back_at(self.count, now));
            }
        }
        let waited = tokio::time::timeout(SLOT_WAIT, Arc::clone(&self.slots).acquire_owned()).await;
        let permit = waited.ok().and_then(Result::ok);
        let mut pace = lock(&self.pace);
        pace.waited(permit.is_none());
        permit.ok_or_else(|| pace.come_back_at(self.count, now.plus(millis(SLOT_WAIT))))
    }
}

/// Which account a call goes through.
#[derive(Debug)]
pub(super) struct Through {
    /// The account as configured; its rate holds for all of it.
    account: String,
    /// What is called: the account, or for a person's own webhook its host. It has slots and is given rests.
    endpoint: String,
}

impl Through {
    /// The account of a target.
    pub(super) fn new(environment: Environment, target: &Target) -> Self {
        let account = format!("{environment}/{}", target.account);
        let host = target.addresses.iter().find_map(|address| match address {
            Address::Webhook(webhook) => authority(webhook.get("url")?.as_str()?),
            _ => None,
        });
        let endpoint = host.map_or_else(|| account.clone(), |host| format!("{account}/{host}"));
        Self { account, endpoint }
    }
}

/// The host and port of a URL, as written.
fn authority(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    Some(authority.rsplit('@').next().unwrap_or(authority))
}

/// Whether a call may be made now.
pub(super) enum Entry {
    /// It may, while this is held.
    Admitted(Slot),
    /// The account is being given a rest after failures.
    Resting,
    /// Not now, and for no fault of anyone's: come again at this moment.
    Later(Timestamp),
}

/// A place among an account's calls.
pub(super) struct Slot {
    account: Arc<Account>,
    since: Instant,
    _permit: OwnedSemaphorePermit,
}

impl Slot {
    /// Reports what came of a call.
    pub(super) fn report(&self, outcome: &Outcome, now: Timestamp) {
        lock(&self.account.guards).report(outcome, now);
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        for places in [&self.account.common, &self.account.kept] {
            lock(&places.pace).ended(self.since.elapsed());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind these locks are counts and moments; a panic leaves them a little off at worst.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Accounts {
    /// Accounts with this many slots each.
    pub(crate) fn new(slots: usize) -> Self {
        Self {
            slots: slots.max(1),
            known: Mutex::default(),
        }
    }

    /// Asks for a call. `key` names it, whenever it is asked for again.
    pub(super) async fn enter(
        &self,
        through: &Through,
        key: &str,
        haste: Haste,
        settings: &Settings,
        now: Timestamp,
    ) -> Entry {
        let endpoint = self.account(&through.endpoint);
        if lock(&endpoint.guards).rests(now) {
            return Entry::Resting;
        }
        if let Some(at) = lock(&self.account(&through.account).guards).reserve(key, haste, settings, now) {
            return Entry::Later(at);
        }
        let slot = match (endpoint.common.free(), haste) {
            (Some(permit), _) => Ok(permit),
            (None, Haste::Urgent) => endpoint.kept.take(now).await,
            (None, Haste::None) => endpoint.common.take(now).await,
        };
        match slot {
            Ok(permit) => Entry::Admitted(Slot {
                account: endpoint,
                since: Instant::now(),
                _permit: permit,
            }),
            Err(at) => Entry::Later(at),
        }
    }

    fn account(&self, key: &str) -> Arc<Account> {
        let mut known = lock(&self.known);
        if let Some(account) = known.accounts.get(key) {
            return Arc::clone(account);
        }
        if known.accounts.len() >= known.sweep_at.max(SWEEP_AT) {
            known
                .accounts
                .retain(|_, account| Arc::strong_count(account) > 1 || !lock(&account.guards).is_idle());
            known.sweep_at = known.accounts.len() * 2;
        }
        let account = Arc::new(Account {
            common: Places::new(self.slots),
            kept: Places::new((self.slots / KEPT_SHARE).max(1)),
            guards: Mutex::new(Guards::new()),
        });
        known.accounts.insert(key.to_owned(), Arc::clone(&account));
        account
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn through(account: &str, url: Option<&str>) -> Through {
        let webhook = |url| Address::Webhook(json!({ "url": url }).as_object().cloned().unwrap());
        let target = Target {
            provider: "p".to_owned(),
            account: account.to_owned(),
            addresses: url.map(webhook).into_iter().collect(),
            timeout_ms: 1,
        };
        Through::new(Environment::Test, &target)
    }

    #[tokio::test]
    async fn a_host_that_is_down_rests_alone() {
        let accounts = Accounts::new(1);
        let (settings, now) = (Settings::default(), Timestamp::from_millis(0));
        let down = through("webhook", Some("https://u:p@down.example/x?y"));
        for attempt in 0..5 {
            let Entry::Admitted(slot) = accounts.enter(&down, "k", Haste::None, &settings, now).await else {
                panic!("{attempt}")
            };
            slot.report(
                &Outcome::ProviderDown {
                    permanent: false,
                    error: String::new(),
                },
                now,
            );
        }
        assert!(matches!(
            accounts.enter(&down, "k", Haste::None, &settings, now).await,
            Entry::Resting
        ));
        let other = through("webhook", Some("https://up.example/x"));
        assert!(matches!(
            accounts.enter(&other, "k", Haste::None, &settings, now).await,
            Entry::Admitted(_)
        ));
    }

    #[tokio::test]
    async fn who_waits_gets_the_slot_that_is_freed() {
        let accounts = Accounts::new(1);
        let (settings, now) = (Settings::default(), Timestamp::from_millis(0));
        let through = through("x", None);
        let Entry::Admitted(slot) = accounts.enter(&through, "1", Haste::None, &settings, now).await else {
            panic!("it is free")
        };
        let freeing = async {
            tokio::task::yield_now().await;
            drop(slot);
        };
        let (second, ()) = tokio::join!(accounts.enter(&through, "2", Haste::None, &settings, now), freeing);
        assert!(matches!(second, Entry::Admitted(_)));
    }

    #[tokio::test]
    async fn after_one_waited_in_vain_others_are_turned_away_at_once() {
        let accounts = Accounts::new(1);
        let (settings, now) = (Settings::default(), Timestamp::from_millis(0));
        let through = through("x", None);
        let Entry::Admitted(_slot) = accounts.enter(&through, "1", Haste::None, &settings, now).await else {
            panic!("it is free")
        };
        assert!(matches!(
            accounts.enter(&through, "2", Haste::None, &settings, now).await,
            Entry::Later(_)
        ));
        let waiting = accounts.enter(&through, "3", Haste::None, &settings, now);
        let turned_away = async {
            let begun = Instant::now();
            assert!(
                matches!(accounts.enter(&through, "4", Haste::None, &settings, now).await, Entry::Later(at) if at > now)
            );
            begun.elapsed()
        };
        let (_, after) = tokio::join!(waiting, turned_away);
        assert!(after < SLOT_WAIT / 2, "{after:?}");
    }

    #[tokio::test]
    async fn an_urgent_call_does_not_queue_behind_others() {
        let accounts = Accounts::new(1);
        let (settings, now) = (Settings::default(), Timestamp::from_millis(0));
        let through = through("x", None);
        let Entry::Admitted(_slot) = accounts.enter(&through, "1", Haste::None, &settings, now).await else {
            panic!("it is free")
        };
        let waiting = accounts.enter(&through, "2", Haste::None, &settings, now);
        let urgent = async {
            let begun = Instant::now();
            let entry = accounts.enter(&through, "3", Haste::Urgent, &settings, now).await;
            assert!(matches!(entry, Entry::Admitted(_)));
            begun.elapsed()
        };
        let (_, after) = tokio::join!(waiting, urgent);
        assert!(after < SLOT_WAIT / 2, "{after:?}");
    }
}
