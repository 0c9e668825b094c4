//! The worker: takes due messages from the store, lane by lane, and carries each out.
//!
//! Lanes do not share places: an urgent message never waits for a bulk one. A lane looks for work when it hears a hint,
//! when its earliest message falls due, and now and then anyway.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tidings_bus::Hint;
use tidings_store::{Claim, Claimed, Lane};
use tidings_types::{Environment, MessageId, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};
use tokio::task::JoinSet;

use crate::Services;
use crate::deliver::{Accounts, carry_out};

/// How long a claim holds if this node disappears, in milliseconds. Longer than any single attempt.
pub(crate) const LEASE_MS: u64 = 120_000;
/// The most messages taken at once.
const MAX_CLAIM: usize = 256;
/// How long a lane sleeps at most: the net under lost hints.
const POLL: Duration = Duration::from_secs(1);
/// How long a lane waits after the store failed.
const AFTER_FAILURE: Duration = Duration::from_millis(500);

/// What is claimed and not settled, so that it can be given back.
type Held = Arc<Mutex<std::collections::BTreeMap<(Environment, String), i64>>>;

/// The worker of one node.
pub struct Worker {
    services: Arc<Services>,
    stop: watch::Sender<bool>,
    lanes: JoinSet<()>,
    held: Held,
}

impl Worker {
    /// Starts working.
    pub fn start(services: Arc<Services>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let accounts = Arc::new(Accounts::new(services.settings.account_slots));
        let held = Held::default();
        let mut lanes = JoinSet::new();
        for (lane, places) in Lane::ALL.into_iter().zip(services.settings.concurrency) {
            let work = LaneWork {
                services: Arc::clone(&services),
                accounts: Arc::clone(&accounts),
                lane,
                places: Arc::new(Semaphore::new(places.max(1))),
                held: Arc::clone(&held),
                stopped: stopped.clone(),
            };
            lanes.spawn(work.run());
        }
        Self {
            services,
            stop,
            lanes,
            held,
        }
    }

    /// Takes no more work, lets what is under way end within the given time, and gives the rest back.
    ///
    /// # Errors
    /// When the store cannot take the rest back; its claims then run out on their own.
    pub async fn stop(mut self, grace: Duration) -> Result<()> {
        // Nobody listening means that every lane has ended already.
        let _still_running = self.stop.send(true);
        let ended = tokio::time::timeout(grace, async { while self.lanes.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            self.lanes.shutdown().await;
        }
        let held = std::mem::take(&mut *self.held.lock().unwrap_or_else(PoisonError::into_inner));
        let claims: Vec<_> = held
            .into_iter()
            .map(|((environment, id), token)| (environment, MessageId::from(id), token))
            .collect();
        if claims.is_empty() {
            return Ok(());
        }
        tracing::info!(count = claims.len(), "giving unfinished messages back");
        self.services.store.release(claims).await
    }
}

struct LaneWork {
    services: Arc<Services>,
    accounts: Arc<Accounts>,
    lane: Lane,
    places: Arc<Semaphore>,
    held: Held,
    stopped: watch::Receiver<bool>,
}

impl LaneWork {
    async fn run(mut self) {
        let mut hints = self.services.bus.subscribe();
        let mut under_way = JoinSet::new();
        while !*self.stopped.borrow() {
            while under_way.try_join_next().is_some() {}
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
                break;
            };
            // Whatever these told of is seen by the claim that follows.
            while hints.try_recv().is_ok() {}
            match self.take().await {
                Ok(claimed) if !claimed.is_empty() => {
                    let mut first = Some(place);
                    for one in claimed {
                        // Only this task takes places, so those that were free when it claimed still are.
                        let place = first
                            .take()
                            .or_else(|| Arc::clone(&self.places).try_acquire_owned().ok());
                        under_way.spawn(self.carry(one, place));
                    }
                }
                Ok(_) => {
                    drop(place);
                    self.sleep(&mut hints).await;
                }
                Err(error) => {
                    drop(place);
                    tracing::error!(lane = ?self.lane, %error, "work cannot be claimed");
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Claims as much as there are places; the caller holds one of them already.
    async fn take(&self) -> Result<Vec<Claimed>> {
        let places = (self.places.available_permits() + 1).min(MAX_CLAIM);
        let limit = u32::try_from(places).unwrap_or(u32::MAX);
        let claim = Claim {
            lane: self.lane,
            now: self.services.clock.now(),
            limit,
            lease_ms: LEASE_MS,
        };
        let claimed = self.services.store.claim(claim).await?;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        for one in &claimed {
            held.insert((one.message.environment, one.message.id.to_string()), one.token);
        }
        Ok(claimed)
    }

    fn carry(
        &self,
        claimed: Claimed,
        place: Option<OwnedSemaphorePermit>,
    ) -> impl Future<Output = ()> + Send + 'static {
        let services = Arc::clone(&self.services);
        let accounts = Arc::clone(&self.accounts);
        let held = Arc::clone(&self.held);
        async move {
            let key = (claimed.message.environment, claimed.message.id.to_string());
            let token = claimed.token;
            let claim = (claimed.message.environment, claimed.message.id.clone(), token);
            if let Err(error) = carry_out(&services, &accounts, claimed).await {
                tracing::error!(message = key.1, %error, "a message could not be carried on; it is tried again");
                give_back(&services, claim).await;
            }
            let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
            // It may have been claimed again already.
            if held.get(&key) == Some(&token) {
                held.remove(&key);
            }
            drop(place);
        }
    }

    /// Sleeps until there may be work.
    async fn sleep(&mut self, hints: &mut broadcast::Receiver<Hint>) {
        let due = match self.services.store.next_due(self.lane).await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!(lane = ?self.lane, %error, "the queue cannot be read");
                None
            }
        };
        let wait = due.map_or(POLL, |due| {
            Duration::from_millis(due.since(self.services.clock.now())).min(POLL)
        });
        let hinted = async {
            loop {
                match hints.recv().await {
                    Ok(Hint::Work(lane)) if lane == self.lane => return,
                    Err(broadcast::error::RecvError::Lagged(_)) => return,
                    Ok(_) => {}
                    // Without a bus there is still the clock.
                    Err(broadcast::error::RecvError::Closed) => std::future::pending::<()>().await,
                }
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = hinted => {}
            _ = self.stopped.changed() => {}
        }
    }
}

/// Gives a claim back, however long the store takes to work again: nobody else would.
async fn give_back(services: &Services, claim: (Environment, MessageId, i64)) {
    loop {
        tokio::time::sleep(AFTER_FAILURE).await;
        match services.store.release(vec![claim.clone()]).await {
            Ok(()) => return,
            Err(error) => tracing::error!(message = %claim.1, %error, "a claim could not be given back"),
        }
    }
}
