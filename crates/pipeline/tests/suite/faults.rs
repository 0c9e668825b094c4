//! Each step fails in turn, before or after it takes effect: nothing is lost, and nobody is called twice for it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tidings_pipeline::Worker;
use tidings_testkit::{HttpDouble, Reply, When, World};
use tidings_types::{Clock as _, EventType, MessageId};

use crate::common::{mail_and_text, queued, taken, to_ada};

/// How often a verb is called in the story, at most; the story is then over and the fault did not happen.
const MOST_CALLS: u32 = 12;

/// A story in which a provider fails, another takes the message, and a third is tried again later.
async fn story() -> (World, HttpDouble, HttpDouble, MessageId) {
    let (world, sendgrid, twilio) = mail_and_text(Reply::status("503 Unavailable"), taken()).await;
    let id = world.send(to_ada("all", &["email", "sms"])).await;
    (world, sendgrid, twilio, id)
}

/// Carries out everything, as often as it takes. A program whose claim's answer was lost is started again, since only
/// that ends a claim nobody knows of.
async fn carry_on(mut world: World, sendgrid: &HttpDouble) -> World {
    for _ in 0..4 {
        if world.try_drain().await.is_err() {
            world = world.restarted().await;
        }
    }
    sendgrid.now(queued());
    while let Some(due) = world.next_due().await {
        world.clock.advance(due.since(world.clock.now()));
        if world.try_drain().await.is_err() {
            world = world.restarted().await;
        }
    }
    world
}

#[tokio::test]
async fn each_step_fails_in_turn() {
    let mut stories = 0;
    for verb in ["claim", "record", "release", "profile", "documents"] {
        for when in When::BOTH {
            for nth in 1..=MOST_CALLS {
                let (world, sendgrid, twilio, id) = story().await;
                world.faults.fail(verb, nth, when);
                let happens = Arc::clone(&world.faults);
                let world = carry_on(world, &sendgrid).await;
                let told = format!("{verb} {nth} {when:?}");
                assert_eq!(world.status(&id).await, "SENT", "{told}");
                assert_eq!((sendgrid.calls(), twilio.calls()), (2, 1), "{told}");
                let sent = world
                    .history(&id)
                    .await
                    .into_iter()
                    .filter(|kind| *kind == EventType::Sent)
                    .count();
                assert_eq!(sent, 2, "{told}");
                if happens.any_left() {
                    break;
                }
                stories += 1;
            }
        }
    }
    assert!(stories >= 10, "only {stories} faults happened");
}

/// Even when the claim cannot be given back at first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_carries_on_after_the_store_failed_it() {
    let (world, _sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    for verb in ["profile", "release", "record", "claim"] {
        world.faults.fail(verb, 1, When::Before);
    }
    let id = world.send(to_ada("single", &["sms"])).await;
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
        assert!(begun.elapsed() < Duration::from_secs(10), "it never ends");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    worker.stop(Duration::from_secs(5)).await.unwrap();
    assert!(!world.faults.any_left());
    assert_eq!((world.status(&id).await.as_str(), twilio.calls()), ("SENT", 1));
}

/// A full disk must not turn into a flood of text messages.
#[tokio::test]
async fn while_nothing_can_be_recorded_nobody_is_called_again() {
    let (world, _sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    for nth in 1..=5 {
        world.faults.fail("record", nth, When::Before);
    }
    let id = world.send(to_ada("single", &["sms"])).await;
    world.drain().await;
    assert!(!world.faults.any_left());
    assert_eq!((world.status(&id).await.as_str(), twilio.calls()), ("SENT", 1));
}
