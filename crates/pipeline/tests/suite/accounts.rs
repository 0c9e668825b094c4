//! What one provider account may take: its rate, its slots, and a rest when it is broken.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tidings_pipeline::{PipelineSettings, Worker};
use tidings_testkit::{HttpDouble, Reply, World};
use tidings_types::Clock as _;

use crate::common::{HOUR, MINUTE, SENT_BY_ONE, queued, taken, to_ada};

#[tokio::test]
async fn a_rate_spreads_messages_over_time_and_each_comes_back_once() {
    let world = World::new().await;
    let twilio = HttpDouble::start(taken()).await;
    let settings = json!({
        "account_sid": "AC1", "auth_token": "t", "from": "+15017122661", "base_url": twilio.url(""),
        "rate_limit": { "rate": 1, "period": "minute" },
    });
    world.account("twilio", "twilio", settings).await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(world.send(to_ada("single", &["sms"])).await);
    }
    let begun = world.clock.now();
    world.drain().await;
    assert_eq!(twilio.calls(), 1);
    world.finish().await;
    assert_eq!((twilio.calls(), world.clock.now().since(begun)), (4, 3 * MINUTE));
    for id in ids {
        assert_eq!(world.status(&id).await, "SENT");
        assert_eq!(world.history(&id).await, SENT_BY_ONE);
    }
}

/// A place in the future is no reason to outlive the message's own time.
#[tokio::test]
async fn a_rate_that_comes_too_late_ends_the_message_in_time() {
    let world = World::new().await;
    let twilio = HttpDouble::start(taken()).await;
    let settings = json!({
        "account_sid": "AC1", "auth_token": "t", "from": "+15017122661", "base_url": twilio.url(""),
        "rate_limit": { "rate": 1, "period": "hour" },
    });
    world.account("twilio", "twilio", settings).await;
    world.send(to_ada("single", &["sms"])).await;
    world.drain().await;
    let mut late = to_ada("single", &["sms"]);
    late["timeout"] = json!({ "message": HOUR / 2 });
    let late = world.send(late).await;
    let begun = world.clock.now();
    world.finish().await;
    assert_eq!(world.clock.now().since(begun), HOUR / 2);
    assert_eq!(
        (world.status(&late).await.as_str(), twilio.calls()),
        ("UNDELIVERABLE FAILED", 1)
    );
}

#[tokio::test]
async fn an_account_that_is_down_is_given_a_rest_and_works_again_afterwards() {
    let world = World::new().await;
    let (sendgrid, twilio) = (
        HttpDouble::start(Reply::status("503 Down")).await,
        HttpDouble::start(taken()).await,
    );
    world.sendgrid(&sendgrid.url("")).await;
    world.twilio(&twilio.url("")).await;
    for _ in 0..20 {
        world.send(to_ada("single", &["email", "sms"])).await;
    }
    let last = world.send(to_ada("single", &["email", "sms"])).await;
    world.drain().await;
    assert_eq!(twilio.calls(), 21, "nobody waits for the one that is down");
    let trace = world.trace(&last).await;
    assert!(trace.contains("email sendgrid resting: "), "{trace}");
    assert_eq!(world.message(&last).await.providers.len(), 1, "only one was called");
    assert!(
        sendgrid.calls() < 10,
        "{} calls to an account that is down",
        sendgrid.calls()
    );
    sendgrid.now(queued());
    world.clock.advance(MINUTE);
    let id = world.send(to_ada("single", &["email", "sms"])).await;
    world.drain().await;
    assert_eq!(twilio.calls(), 21);
    assert_eq!(world.message(&id).await.providers[0].provider, "sendgrid");
}

/// More messages wait for the account that hangs than the worker has places.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_hangs_does_not_hold_up_another() {
    let settings = PipelineSettings {
        account_slots: 2,
        concurrency: [4, 8, 4],
        ..PipelineSettings::default()
    };
    let world = World::with(settings).await;
    let (sendgrid, twilio) = (HttpDouble::start(queued()).await, HttpDouble::start(Reply::Hang).await);
    world.sendgrid(&sendgrid.url("")).await;
    world.twilio(&twilio.url("")).await;
    let mut stuck = Vec::new();
    for _ in 0..60 {
        stuck.push(world.send(to_ada("single", &["sms"])).await);
    }
    let worker = Worker::start(Arc::clone(&world.services));
    while twilio.calls() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let begun = Instant::now();
    world.send(to_ada("single", &["email"])).await;
    while sendgrid.calls() == 0 {
        assert!(
            begun.elapsed() < Duration::from_secs(3),
            "the mail waits for the account that hangs"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(twilio.calls(), 2, "no more calls at once than slots");

    // What was under way is given back at the end, and all of it goes out when the account works.
    worker.stop(Duration::from_millis(50)).await.unwrap();
    twilio.now(taken());
    let worker = Worker::start(Arc::clone(&world.services));
    let begun = Instant::now();
    while world
        .services
        .store
        .queue_state(world.clock.now())
        .await
        .unwrap()
        .pending
        > 0
    {
        assert!(begun.elapsed() < Duration::from_secs(20), "some never end");
        world.clock.advance(1000);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    worker.stop(Duration::from_secs(1)).await.unwrap();
    for id in stuck {
        assert_eq!(world.status(&id).await, "SENT");
    }
}
