//! Each step fails in turn, before or after it takes effect: nothing is lost, and nobody is called twice for it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tidings_pipeline::Worker;
use tidings_store::{FeedFilter, PageRequest};
use tidings_testkit::{HttpDouble, Reply, When, World};
use tidings_types::{Clock as _, EventType, MessageId};

use crate::common::{mail_and_text, queued, taken, to_ada};

/// How often a verb is called in the story, at most; the story is then over and the fault did not happen.
const MOST_CALLS: u32 = 12;

/// A story in which one provider takes the message, another takes it at the second attempt, and it stands in the feed.
async fn story() -> (World, HttpDouble, HttpDouble, MessageId) {
    let (world, sendgrid, twilio) = mail_and_text(Reply::status("503 Unavailable"), taken()).await;
    let id = world.send(to_ada("all", &["email", "sms", "inbox"])).await;
    (world, sendgrid, twilio, id)
}

/// What its history holds at the end, sorted: answers of calls made side by side come in any order.
const STORY: &str = "DELIVERING DELIVERING DELIVERING DELIVERING PROFILE_LOADED RENDERED RENDERED RENDERED ROUTED SENT SENT SENT UNDELIVERABLE";

async fn lines(world: &World, id: &MessageId) -> String {
    let mut lines: Vec<_> = world.history(id).await.into_iter().map(EventType::as_str).collect();
    lines.sort_unstable();
    lines.join(" ")
}

/// How many entries stand in Ada's feed.
async fn feed(world: &World) -> usize {
    let page = PageRequest { after: None, limit: 10 };
    world
        .services
        .store
        .feed(
            world.caller.environment,
            "ada",
            FeedFilter::default(),
            world.clock.now(),
            page,
        )
        .await
        .unwrap()
        .items
        .len()
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
                assert_eq!(lines(&world, &id).await, STORY, "{told}");
                assert_eq!(feed(&world).await, 1, "{told}");
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
