//! Lanes: none waits for another, and none is starved.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tidings_pipeline::{JobRunner, PipelineSettings, Worker, accept, jobs};
use tidings_store::lists::By;
use tidings_store::{Lane, NewSubscription, ProfileChange};
use tidings_testkit::{HttpDouble, Reply, World};
use tidings_types::{Environment, RequestId, Status};

use crate::common::taken;

const HERE: Environment = Environment::Production;

/// One place in each lane, and an account that takes one call at once.
async fn narrow(twilio: &HttpDouble) -> World {
    let world = World::with(PipelineSettings {
        concurrency: [1, 1, 1],
        account_slots: 1,
        ..PipelineSettings::default()
    })
    .await;
    world.twilio(&twilio.url("")).await;
    world
}

/// A list of so many people with phones, and a message to all of them.
async fn to_a_crowd(world: &World, people: usize) -> RequestId {
    let (store, now) = (&world.services.store, world.services.clock.now());
    let mut subscriptions = Vec::new();
    for number in 0..people {
        let user = format!("user{number:03}");
        let phone = json!({ "phone_number": format!("+1555867{number:04}") });
        let profile = ProfileChange::Replace(phone.as_object().cloned().unwrap());
        store
            .change_profile(HERE, &user.as_str().into(), profile, now)
            .await
            .unwrap();
        subscriptions.push(NewSubscription {
            user_id: user.into(),
            preferences: None,
        });
    }
    store
        .subscribe(HERE, "crowd", subscriptions, false, By::api(now))
        .await
        .unwrap();
    let message = message(&json!({ "list_id": "crowd" }), "to a crowd", &json!({}));
    let body = json!({ "message": message });
    let accepted = accept::send(&world.services, &world.caller, body, None).await;
    accepted.unwrap().request_id
}

fn message(to: &Value, body: &str, metadata: &Value) -> Value {
    json!({ "to": to, "content": { "title": "t", "body": body }, "metadata": metadata,
            "routing": { "method": "single", "channels": ["sms"] } })
}

fn urgent() -> Value {
    message(
        &json!({ "phone_number": "+15558675310" }),
        "urgent",
        &json!({ "tags": ["otp"] }),
    )
}

async fn count(world: &World, request: &RequestId, status: Status) -> u64 {
    let counts = world.services.store.count_messages(HERE, request).await.unwrap();
    counts
        .into_iter()
        .filter(|(one, _)| *one == status)
        .map(|(_, count)| count)
        .sum()
}

/// Waits for something, while time goes on.
async fn until(world: &World, what: &str, mut done: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !done().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what} does not happen");
        world.clock.advance(10);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_that_hangs_does_not_hold_up_what_is_urgent() {
    let twilio = HttpDouble::start_with(|request| match request.form("Body") {
        Some(body) if body.contains("crowd") => Reply::Hang,
        _ => taken(),
    })
    .await;
    let world = narrow(&twilio).await;
    let crowd = to_a_crowd(&world, 20).await;
    let runner = JobRunner::start(&world.services, jobs::handlers());
    let worker = Worker::start(Arc::clone(&world.services));
    until(&world, "a call of the crowd", async || twilio.calls() > 0).await;
    for _ in 0..3 {
        let id = world.send(urgent()).await;
        until(&world, "an urgent message", async || world.status(&id).await == "SENT").await;
    }
    assert_eq!(count(&world, &crowd, Status::Sent).await, 0, "the crowd still hangs");
    worker.stop(Duration::from_millis(50)).await.unwrap();
    runner.stop(Duration::from_millis(50)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_what_is_urgent_does_not_starve_a_crowd() {
    let slow = Reply::After(Duration::from_millis(20), Box::new(taken()));
    let twilio = HttpDouble::start(slow).await;
    let world = narrow(&twilio).await;
    for _ in 0..400 {
        world.send(urgent()).await;
    }
    let worker = Worker::start(Arc::clone(&world.services));
    until(&world, "the flood", async || twilio.calls() > 2).await;
    let crowd = to_a_crowd(&world, 5).await;
    let runner = JobRunner::start(&world.services, jobs::handlers());
    until(&world, "the crowd", async || {
        count(&world, &crowd, Status::Sent).await == 5
    })
    .await;
    let left = world.services.store.next_due(Lane::Urgent).await.unwrap();
    assert!(left.is_some(), "the flood goes on");
    worker.stop(Duration::from_millis(50)).await.unwrap();
    runner.stop(Duration::from_millis(50)).await.unwrap();
}
