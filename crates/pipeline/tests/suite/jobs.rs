//! Jobs: done step by step, tried again with pauses, given up in sight.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use serde_json::json;
use tidings_pipeline::jobs::{JobHandler, JobRunner, JobStep};
use tidings_pipeline::{Drain, Services};
use tidings_store::{FollowUps, JobKey, JobRow, Lane, NewJob, PageRequest};
use tidings_testkit::World;
use tidings_types::time::MockClock;
use tidings_types::{Environment, Error, Result};

const KIND: &str = "count-down";

/// Counts down to zero, a number a step, and then asks for a job named after the last number; fails when told to.
#[derive(Default)]
struct CountDown {
    failures: AtomicU32,
    steps: AtomicU32,
}

#[async_trait]
impl JobHandler for CountDown {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn attempts(&self) -> u32 {
        3
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        self.steps.fetch_add(1, Ordering::SeqCst);
        if self.failures.load(Ordering::SeqCst) > 0 {
            self.failures.fetch_sub(1, Ordering::SeqCst);
            return Err(Error::unavailable("not now"));
        }
        let left = job.body.as_u64().unwrap_or_default();
        if left > 0 {
            return Ok(JobStep::go_on(json!(left - 1)));
        }
        let next = NewJob {
            name: JobKey::new(job.name.environment, "another", "x"),
            lane: Lane::Normal,
            due: services.clock.now(),
            body: json!(null),
        };
        Ok(JobStep::finished().with(FollowUps {
            jobs: vec![next],
            ..FollowUps::default()
        }))
    }
}

fn from(world: &World, number: u64) -> NewJob {
    NewJob {
        name: JobKey::new(Environment::Production, KIND, "a"),
        lane: Lane::Normal,
        due: world.services.clock.now(),
        body: json!(number),
    }
}

#[tokio::test]
async fn a_job_goes_on_until_it_is_finished_and_its_follow_ups_are_there() {
    let world = World::new().await;
    let handler = Arc::new(CountDown::default());
    let drain = Drain::new(Arc::clone(&world.services)).with(Arc::clone(&handler) as _);
    world.services.store.enqueue_jobs(vec![from(&world, 3)]).await.unwrap();
    drain.run().await.unwrap();
    assert_eq!(handler.steps.load(Ordering::SeqCst), 4);
    let another = JobKey::new(Environment::Production, "another", "x");
    assert!(world.services.store.job(&another).await.unwrap().is_some());
    let name = from(&world, 0).name;
    assert_eq!(world.services.store.job(&name).await.unwrap(), None);
}

#[tokio::test]
async fn a_failing_job_is_tried_again_and_given_up_in_sight() {
    let world = World::new().await;
    let handler = Arc::new(CountDown::default());
    let drain = Drain::new(Arc::clone(&world.services)).with(Arc::clone(&handler) as _);
    let store = &world.services.store;
    handler.failures.store(2, Ordering::SeqCst);
    store.enqueue_jobs(vec![from(&world, 0)]).await.unwrap();
    let name = from(&world, 0).name;

    drain.run().await.unwrap();
    let waiting = store.job(&name).await.unwrap().unwrap();
    assert_eq!(
        (waiting.attempts, waiting.due),
        (1, world.services.clock.now().plus(5_000))
    );
    assert!(waiting.error.unwrap().contains("not now"));
    world.clock.advance(5_000);
    drain.run().await.unwrap();
    world.clock.advance(10_000);
    drain.run().await.unwrap();
    assert_eq!(store.job(&name).await.unwrap(), None, "the third time it worked");

    handler.failures.store(9, Ordering::SeqCst);
    store.enqueue_jobs(vec![from(&world, 0)]).await.unwrap();
    for _ in 0..4 {
        drain.run().await.unwrap();
        world.clock.advance(60_000);
    }
    assert_eq!(handler.failures.load(Ordering::SeqCst), 6, "three attempts, no more");
    let page = PageRequest { after: None, limit: 9 };
    let dead = store.dead_jobs(Environment::Production, page).await.unwrap().items;
    assert_eq!((dead.len(), dead[0].attempts), (1, 3));
}

#[tokio::test]
async fn the_runner_does_what_is_due_and_gives_back_what_it_holds() {
    let world = World::new().await;
    let handler = Arc::new(CountDown::default());
    let runner = JobRunner::start(&world.services, vec![Arc::clone(&handler) as _]);
    world.services.store.enqueue_jobs(vec![from(&world, 2)]).await.unwrap();
    world.services.bus.send(tidings_bus::Hint::Jobs);
    let name = from(&world, 0).name;
    let gone = async {
        while world.services.store.job(&name).await.unwrap().is_some() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), gone)
        .await
        .unwrap();
    runner.stop(std::time::Duration::from_secs(5)).await.unwrap();
    assert_eq!(handler.steps.load(Ordering::SeqCst), 3);
}

/// Takes a while for each of its steps, and notes whose turn it was.
struct Slow {
    clock: Arc<MockClock>,
    turns: std::sync::Mutex<Vec<String>>,
}

#[async_trait]
impl JobHandler for Slow {
    fn kind(&self) -> &'static str {
        "slow"
    }

    async fn run(&self, _: &Services, job: &JobRow) -> Result<JobStep> {
        self.clock.advance(20);
        self.turns.lock().unwrap().push(job.name.key.clone());
        let left = job.body.as_u64().unwrap_or_default();
        Ok(if left > 1 {
            JobStep::go_on(json!(left - 1))
        } else {
            JobStep::finished()
        })
    }
}

#[tokio::test]
async fn a_small_job_does_not_wait_until_large_ones_are_done() {
    let world = World::new().await;
    let handler = Arc::new(Slow {
        clock: Arc::clone(&world.clock),
        turns: std::sync::Mutex::default(),
    });
    let drain = Drain::new(Arc::clone(&world.services)).with(Arc::clone(&handler) as _);
    let job = |key: &str, due: u64, steps: u64| NewJob {
        name: JobKey::new(Environment::Production, "slow", key),
        lane: Lane::Bulk,
        due: world.services.clock.now().plus(due),
        body: json!(steps),
    };
    let jobs = vec![job("large", 0, 10), job("small", 1, 1)];
    world.services.store.enqueue_jobs(jobs).await.unwrap();
    drain.run().await.unwrap();
    let turns = handler.turns.lock().unwrap().clone();
    assert_eq!(turns.len(), 11);
    let small = turns.iter().position(|turn| turn == "small");
    assert_eq!(small, Some(3), "{turns:?}");
}
