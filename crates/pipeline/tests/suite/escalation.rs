//! Mail only if it is unread after 15 minutes.

use serde_json::{Value, json};
use tidings_pipeline::engage;
use tidings_store::{Act, Engagement};
use tidings_testkit::{HttpDouble, World};
use tidings_types::{Clock as _, MessageId, Reason, Status};

use crate::common::{MINUTE, mail_and_text, queued, taken, to_ada};

fn escalating(criteria: &str) -> Value {
    let mut message = to_ada("single", &["inbox", "email"]);
    message["timeout"] = json!({ "escalation": 15 * MINUTE, "criteria": criteria });
    message
}

async fn sent_to_the_inbox(criteria: &str) -> (World, HttpDouble, MessageId) {
    let (world, sendgrid, _) = mail_and_text(queued(), taken()).await;
    let id = world.send(escalating(criteria)).await;
    world.drain().await;
    assert_eq!(world.status(&id).await, "SENT");
    assert_eq!(sendgrid.calls(), 0);
    (world, sendgrid, id)
}

async fn tell(world: &World, id: &MessageId, act: Act, via: &str) {
    let engagement = Engagement::new(world.caller.environment, id.clone(), act, world.clock.now(), "test");
    let answers = engage(&world.services, vec![engagement.via(via)]).await.unwrap();
    assert!(answers[0].changed);
}

#[tokio::test]
async fn unread_for_fifteen_minutes_the_mail_goes() {
    let (world, sendgrid, id) = sent_to_the_inbox("viewed").await;
    world.clock.advance(15 * MINUTE - 1);
    world.drain().await;
    assert_eq!(sendgrid.calls(), 0, "not yet");
    world.clock.advance(1);
    world.drain().await;
    assert_eq!((sendgrid.calls(), world.status(&id).await.as_str()), (1, "SENT"));
    assert_eq!(world.next_due().await, None, "and that was all");
    let providers = world.message(&id).await.providers;
    let keys: Vec<_> = providers.iter().map(|entry| entry.channel["key"].clone()).collect();
    assert_eq!(keys, ["inbox:inbox", "email:sendgrid"]);
}

#[tokio::test]
async fn opened_or_read_in_the_inbox_it_does_not() {
    for act in [Act::Opened, Act::Read] {
        let (world, sendgrid, id) = sent_to_the_inbox("viewed").await;
        world.clock.advance(MINUTE);
        tell(&world, &id, act, "inbox").await;
        world.drain().await;
        assert_eq!(world.next_due().await, None, "it ended at once");
        world.clock.advance(60 * MINUTE);
        world.drain().await;
        assert_eq!(sendgrid.calls(), 0);
        let message = world.message(&id).await;
        assert_eq!(
            message.status,
            Status::Opened,
            "and the end of the work took nothing back"
        );
        assert_eq!(message.providers[0].status, "OPENED");
    }
}

#[tokio::test]
async fn each_criterion_asks_for_its_own() {
    for (criteria, act, goes) in [
        ("delivered", Act::Delivered, false),
        ("delivered", Act::Clicked, false),
        ("viewed", Act::Delivered, true),
        ("viewed", Act::Scanned, true),
        ("viewed", Act::Archived, false),
        ("engaged", Act::Archived, false),
        ("engaged", Act::Opened, true),
        ("engaged", Act::Clicked, false),
        ("no-escalation", Act::Delivered, false),
    ] {
        let (world, sendgrid, id) = sent_to_the_inbox(criteria).await;
        tell(&world, &id, act.clone(), "inbox").await;
        world.finish().await;
        assert_eq!(sendgrid.calls(), usize::from(goes), "{criteria} {act:?}");
    }
}

#[tokio::test]
async fn what_was_not_waited_for_goes_through_the_mail_and_may_bounce() {
    let (world, sendgrid, id) = sent_to_the_inbox("viewed").await;
    world.finish().await;
    assert_eq!(sendgrid.calls(), 1);
    let bounce = || Act::Undeliverable {
        reason: Reason::Bounced,
        error: "no such mailbox".to_owned(),
    };
    tell(&world, &id, bounce(), "email:sendgrid").await;
    assert_eq!(world.status(&id).await, "SENT", "it still stands in the inbox");
    tell(&world, &id, bounce(), "inbox").await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE BOUNCED");
}

#[tokio::test]
async fn a_bounce_while_it_waits_is_told_at_the_end() {
    let (world, _, twilio) = mail_and_text(queued(), taken()).await;
    let mut message = to_ada("single", &["email", "sms"]);
    message["timeout"] = json!({ "escalation": 15 * MINUTE, "criteria": "viewed" });
    message["to"].as_object_mut().unwrap().remove("phone_number");
    message["routing"] = json!({ "method": "all", "channels": [
        { "method": "single", "channels": ["email", "inbox"] },
    ] });
    message["channels"] = json!({ "inbox": { "if": "false" } });
    let id = world.send(message).await;
    world.drain().await;
    let act = Act::Undeliverable {
        reason: Reason::Bounced,
        error: "no such mailbox".to_owned(),
    };
    tell(&world, &id, act, "email").await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE BOUNCED");
    assert_eq!(twilio.calls(), 0);
}

fn bounce() -> Act {
    Act::Undeliverable {
        reason: Reason::Bounced,
        error: "no such mailbox".to_owned(),
    }
}

/// A mail that took a message over, with a text message after it.
async fn mailed() -> (World, HttpDouble, MessageId) {
    let (world, _, twilio) = mail_and_text(queued(), taken()).await;
    let mut message = to_ada("single", &["email", "sms"]);
    message["timeout"] = json!({ "escalation": 15 * MINUTE, "criteria": "viewed" });
    let id = world.send(message).await;
    world.drain().await;
    assert_eq!((world.status(&id).await.as_str(), twilio.calls()), ("SENT", 0));
    world.clock.advance(MINUTE);
    (world, twilio, id)
}

#[tokio::test]
async fn a_bounce_brings_the_next_channel_forward() {
    let (world, twilio, id) = mailed().await;
    tell(&world, &id, bounce(), "email:sendgrid").await;
    world.drain().await;
    assert_eq!((world.status(&id).await.as_str(), twilio.calls()), ("SENT", 1));
    assert_eq!(world.next_due().await, None, "and that was all");
    let message = world.message(&id).await;
    let entries: Vec<_> = message.providers.iter().map(|entry| entry.status.as_str()).collect();
    assert_eq!(entries, ["UNDELIVERABLE", "SENT"]);
    let text = message.providers[1].channel["key"].as_str().unwrap().to_owned();
    tell(&world, &id, bounce(), &text).await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE BOUNCED", "nothing arrived");
}

#[tokio::test]
async fn who_complains_or_unsubscribes_is_not_written_to_another_way() {
    for (act, ends) in [(Act::Complained, "UNDELIVERABLE BOUNCED"), (Act::Unsubscribed, "SENT")] {
        let (world, twilio, id) = mailed().await;
        tell(&world, &id, act, "email:sendgrid").await;
        world.drain().await;
        assert_eq!(world.next_due().await, None, "it ended at once");
        assert_eq!((world.status(&id).await.as_str(), twilio.calls()), (ends, 0));
    }
}

#[tokio::test]
async fn a_bounce_of_one_of_two_leaves_it_waiting() {
    let (world, _, twilio) = mail_and_text(queued(), taken()).await;
    let mut message = to_ada("single", &["email"]);
    message["timeout"] = json!({ "escalation": 15 * MINUTE, "criteria": "viewed" });
    message["routing"]["channels"] = json!([{ "method": "all", "channels": ["email", "inbox"] }, "sms"]);
    let id = world.send(message).await;
    world.drain().await;
    tell(&world, &id, bounce(), "email:sendgrid").await;
    world.drain().await;
    assert_eq!(twilio.calls(), 0, "it stands in the inbox");
    world.clock.advance(15 * MINUTE);
    world.drain().await;
    assert_eq!(twilio.calls(), 1);
}
