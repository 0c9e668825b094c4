//! Delays, delivery windows, and calling off what waits.

use serde_json::json;
use tidings_store::CancelResult;
use tidings_testkit::Reply;
use tidings_types::{Clock as _, EventType, MessageId};

use crate::common::{HOUR, MINUTE, mail_and_text, queued, taken, to_ada};

async fn cancel(world: &tidings_testkit::World, id: &MessageId) -> CancelResult {
    world
        .services
        .store
        .cancel(world.caller.environment, id, world.clock.now())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_delay_holds_it_and_its_time_starts_afterwards() {
    let (world, sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
    let mut message = to_ada("single", &["email"]);
    message["delay"] = json!({ "duration": 2 * HOUR });
    message["timeout"] = json!({ "message": HOUR });
    let id = world.send(message).await;
    world.drain().await;
    world.clock.advance(2 * HOUR - 1);
    world.drain().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("DELAYED", 0));
    world.clock.advance(1);
    world.drain().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 1));
    let delays = world
        .history(&id)
        .await
        .into_iter()
        .filter(|kind| *kind == EventType::Delayed);
    assert_eq!(delays.count(), 1);
}

/// The world begins on a Monday at 14:13 UTC, which is 10:13 in New York.
#[tokio::test]
async fn a_window_opens_in_the_persons_own_zone() {
    let (world, sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
    let mut message = to_ada("single", &["email"]);
    message["to"]["timezone"] = json!("America/New_York");
    message["delay"] = json!({ "until": "Mo-Fr 11:00-17:00" });
    let id = world.send(message).await;
    world.drain().await;
    assert_eq!(world.status(&id).await, "DELAYED");
    let opens = world.next_due().await.unwrap().to_rfc3339();
    assert_eq!(opens, "2026-09-21T15:00:00.000Z");
    world.finish().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 1));
}

#[tokio::test]
async fn an_open_window_does_not_hold() {
    let (world, sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
    let mut message = to_ada("single", &["email"]);
    message["delay"] = json!({ "until": "Mo-Fr 08:00-17:00" });
    let id = world.send(message).await;
    world.drain().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 1));
}

/// What waits as it should is no alarm, however long it waits.
#[tokio::test]
async fn waiting_is_not_being_late() {
    let (world, _sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
    for until in ["2026-10-21T00:00:00Z", "Su 10:00-11:00"] {
        let mut message = to_ada("single", &["email"]);
        message["delay"] = json!({ "until": until });
        message["timeout"] = json!({ "message": HOUR });
        world.send(message).await;
    }
    world.drain().await;
    while let Some(due) = world.next_due().await {
        world.clock.advance(due.since(world.clock.now()));
        let queue = world.services.store.queue_state(world.clock.now()).await.unwrap();
        assert_eq!(queue.overdue, 0, "at {}", due.to_rfc3339());
        world.drain().await;
    }
}

#[tokio::test]
async fn what_waits_can_be_called_off() {
    let (world, sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
    let mut message = to_ada("single", &["email"]);
    message["delay"] = json!({ "duration": HOUR });
    let id = world.send(message).await;
    world.drain().await;
    assert!(matches!(cancel(&world, &id).await, CancelResult::Canceled(_)));
    world.finish().await;
    world.clock.advance(2 * HOUR);
    world.drain().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("CANCELED", 0));
}

#[tokio::test]
async fn what_waits_for_a_retry_can_be_called_off() {
    let (world, sendgrid, _twilio) = mail_and_text(Reply::status("503 Unavailable"), taken()).await;
    let id = world.send(to_ada("single", &["email"])).await;
    world.drain().await;
    assert!(matches!(cancel(&world, &id).await, CancelResult::Canceled(_)));
    world.clock.advance(HOUR);
    world.drain().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("CANCELED", 1));
}

#[tokio::test]
async fn what_was_sent_cannot_be_called_off() {
    let (world, _sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
    let id = world.send(to_ada("single", &["email"])).await;
    world.finish().await;
    assert!(matches!(cancel(&world, &id).await, CancelResult::TooLate(_)));
    assert_eq!(world.status(&id).await, "SENT");
}

#[tokio::test]
async fn a_provider_that_asks_for_patience_gets_it() {
    let (world, sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
    sendgrid.now(Reply::answer("429 Too Many Requests", &["retry-after: 600"], ""));
    let id = world.send(to_ada("single", &["email"])).await;
    world.drain().await;
    let wait = world.next_due().await.unwrap().since(world.clock.now());
    assert!((10 * MINUTE..11 * MINUTE).contains(&wait), "{wait} ms");
    sendgrid.now(queued());
    world.finish().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 2));
}
