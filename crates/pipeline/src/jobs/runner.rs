//! The runner: takes due jobs from the store, kind by kind, and has each done by its handler.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tidings_bus::Hint;
use tidings_domain::retry;
use tidings_store::{ClaimedJob, FollowUps, JobClaim, JobDone, JobKey, JobNext, JobProof, JobRow, Lane};
use tidings_types::{Result, Timestamp};
use tokio::sync::{Semaphore, broadcast, watch};
use tokio::task::JoinSet;

use super::{JobHandler, JobStep};
use crate::Services;

/// How long a claim holds if this node disappears, in milliseconds. Longer than any single step.
pub(crate) const LEASE_MS: u64 = 120_000;
/// How long a job of several steps goes on, in milliseconds, before it gives way to others of its kind that are due.
const TURN_MS: u64 = 50;
/// The most jobs taken at once.
const MAX_CLAIM: usize = 64;
/// How long a kind sleeps at most: the net under lost hints.
const POLL: Duration = Duration::from_secs(1);
/// How long a kind waits after the store failed.
const AFTER_FAILURE: Duration = Duration::from_millis(500);

/// What is claimed and not settled, so that it can be given back.
type Held = Arc<Mutex<BTreeMap<JobKey, JobProof>>>;

/// The runner of one node.
pub struct JobRunner {
    services: Arc<Services>,
    stop: watch::Sender<bool>,
    kinds: JoinSet<()>,
    held: Held,
}

impl JobRunner {
    /// Starts doing jobs of these kinds.
    pub fn start(services: &Arc<Services>, handlers: Vec<Arc<dyn JobHandler>>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let held = Held::default();
        let mut kinds = JoinSet::new();
        for handler in handlers {
            let kind = KindWork {
                services: Arc::clone(services),
                places: Arc::new(Semaphore::new(handler.places().max(1))),
                handler,
                held: Arc::clone(&held),
                stopped: stopped.clone(),
            };
            kinds.spawn(kind.run());
        }
        Self {
            services: Arc::clone(services),
            stop,
            kinds,
            held,
        }
    }

    /// Takes no more jobs, lets the steps under way end within the given time, and gives the rest back.
    ///
    /// # Errors
    /// When the store cannot take the rest back; its claims then run out on their own.
    pub async fn stop(mut self, grace: Duration) -> Result<()> {
        // Nobody listening means that every kind has ended already.
        let _still_running = self.stop.send(true);
        let ended = tokio::time::timeout(grace, async { while self.kinds.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            self.kinds.shutdown().await;
        }
        let held = std::mem::take(&mut *self.held.lock().unwrap_or_else(PoisonError::into_inner));
        if held.is_empty() {
            return Ok(());
        }
        tracing::info!(count = held.len(), "giving unfinished jobs back");
        self.services.store.release_jobs(held.into_iter().collect()).await
    }
}

struct KindWork {
    services: Arc<Services>,
    handler: Arc<dyn JobHandler>,
    places: Arc<Semaphore>,
    held: Held,
    stopped: watch::Receiver<bool>,
}

impl KindWork {
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
                        let done = self.carry(one);
                        under_way.spawn(async move {
                            done.await;
                            drop(place);
                        });
                    }
                }
                Ok(_) => {
                    drop(place);
                    self.sleep(&mut hints).await;
                }
                Err(error) => {
                    drop(place);
                    tracing::error!(kind = self.handler.kind(), %error, "jobs cannot be claimed");
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Claims as many as there are places; the caller holds one of them already.
    async fn take(&self) -> Result<Vec<ClaimedJob>> {
        let places = (self.places.available_permits() + 1).min(MAX_CLAIM);
        let claimed = claim(&self.services, self.handler.kind(), places).await?;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        for one in &claimed {
            held.insert(one.job.name.clone(), one.proof);
        }
        Ok(claimed)
    }

    fn carry(&self, claimed: ClaimedJob) -> impl Future<Output = ()> + Send + 'static {
        let services = Arc::clone(&self.services);
        let handler = Arc::clone(&self.handler);
        let held = Arc::clone(&self.held);
        let stopped = self.stopped.clone();
        async move {
            let (name, proof) = (claimed.job.name.clone(), claimed.proof);
            if let Err(error) = carry_out(&services, handler.as_ref(), claimed, &|| *stopped.borrow()).await {
                tracing::error!(kind = name.kind, key = name.key, %error, "what a job came to cannot be written");
                give_back(&services, (name.clone(), proof)).await;
            }
            let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
            // It may have been claimed again already.
            if held.get(&name) == Some(&proof) {
                held.remove(&name);
            }
        }
    }

    /// Sleeps until there may be a job.
    async fn sleep(&mut self, hints: &mut broadcast::Receiver<Hint>) {
        let due = match self.services.store.next_job_due(self.handler.kind()).await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!(kind = self.handler.kind(), %error, "jobs cannot be read");
                None
            }
        };
        let wait = due.map_or(POLL, |due| {
            Duration::from_millis(due.since(self.services.clock.now())).min(POLL)
        });
        let hinted = async {
            loop {
                match hints.recv().await {
                    Ok(Hint::Jobs) | Err(broadcast::error::RecvError::Lagged(_)) => return,
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

/// Claims due jobs of a kind.
pub(crate) async fn claim(services: &Services, kind: &str, limit: usize) -> Result<Vec<ClaimedJob>> {
    let claim = JobClaim {
        kind: kind.to_owned(),
        now: services.clock.now(),
        limit: u32::try_from(limit).unwrap_or(u32::MAX),
        lease_ms: LEASE_MS,
    };
    services.store.claim_jobs(claim).await
}

/// Does a claimed job, step by step, until it is settled or the program ends. Its claim is settled when this returns `Ok`.
///
/// # Errors
/// When the store fails; a claim still held should be given back.
pub(crate) async fn carry_out(
    services: &Services,
    handler: &dyn JobHandler,
    claimed: ClaimedJob,
    is_ending: &(dyn Fn() -> bool + Sync),
) -> Result<()> {
    let ClaimedJob { mut job, proof } = claimed;
    let begun = services.clock.now();
    loop {
        let step = match handler.run(services, &job).await {
            Ok(step) => step,
            Err(error) => failed(services, handler, &job, &error),
        };
        let JobStep { mut next, follow_ups } = step;
        if let JobNext::KeepClaim(body) = next {
            job.body.clone_from(&body);
            job.attempts = 0;
            next = if is_ending() {
                JobNext::At(job.due, body)
            } else if let Some(now) = others_wait(services, handler.kind(), begun).await? {
                // Everybody gets a turn: a small job does not wait until large ones are done.
                JobNext::At(now, body)
            } else {
                JobNext::KeepClaim(body)
            };
        }
        let goes_on = matches!(next, JobNext::KeepClaim(_));
        let mut hints = hints(&follow_ups);
        if matches!(next, JobNext::At(..)) {
            // Whoever gives way must not sleep until it is looked for.
            hints.push(Hint::Jobs);
        }
        let done = JobDone {
            name: job.name.clone(),
            proof,
            next,
            follow_ups,
        };
        let held = services.store.complete_job(done).await?;
        if held {
            for hint in hints {
                services.bus.send(hint);
            }
        }
        // A lost claim means that the job was called off, or is another node's now.
        if !held || !goes_on {
            return Ok(());
        }
    }
}

/// The moment, if this job has had its turn and another of its kind is due.
async fn others_wait(services: &Services, kind: &str, begun: Timestamp) -> Result<Option<Timestamp>> {
    let now = services.clock.now();
    if now.since(begun) < TURN_MS {
        return Ok(None);
    }
    let due = services.store.next_job_due(kind).await?;
    Ok(due.is_some_and(|due| due <= now).then_some(now))
}

/// Whom to wake.
fn hints(follow_ups: &FollowUps) -> Vec<Hint> {
    let messages = || follow_ups.messages.iter().flat_map(|page| &page.messages);
    let lanes = Lane::ALL
        .into_iter()
        .filter(|lane| messages().any(|message| message.lane == *lane));
    let jobs = (!follow_ups.jobs.is_empty()).then_some(Hint::Jobs);
    lanes.map(Hint::Work).chain(jobs).collect()
}

/// What becomes of a job that failed.
fn failed(services: &Services, handler: &dyn JobHandler, job: &JobRow, error: &tidings_types::Error) -> JobStep {
    let now = services.clock.now();
    let attempts = job.attempts + 1;
    let kind = handler.kind();
    let told = error.to_string();
    if attempts >= handler.attempts() {
        tracing::error!(kind, key = job.name.key, attempts, error = told, "a job is given up");
        metrics::counter!("tidings_jobs_given_up_total", "kind" => kind).increment(1);
        return JobStep::dead(now, told);
    }
    tracing::warn!(
        kind,
        key = job.name.key,
        attempts,
        error = told,
        "a job failed; it is tried again"
    );
    JobStep {
        next: JobNext::Retry {
            at: now.plus(retry::wait_ms(attempts, None)),
            error: told,
        },
        follow_ups: FollowUps::default(),
    }
}

/// Gives a claim back, however long the store takes to work again: nobody else would.
async fn give_back(services: &Services, claim: (JobKey, JobProof)) {
    loop {
        tokio::time::sleep(AFTER_FAILURE).await;
        match services.store.release_jobs(vec![claim.clone()]).await {
            Ok(()) => return,
            Err(error) => tracing::error!(key = claim.0.key, %error, "a job could not be given back"),
        }
    }
}
