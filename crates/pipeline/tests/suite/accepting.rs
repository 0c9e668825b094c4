//! What is accepted, what is refused, and that nothing is done twice or by halves.

use serde_json::{Value, json};
use tidings_pipeline::accept;
use tidings_store::{Begin, IdempotencyKey, MessageFilter, PageRequest, StoredReply};
use tidings_testkit::{When, World};
use tidings_types::{Clock as _, ErrorKind};

use crate::common::{CODE, HOUR, mail_and_text, queued, taken, to_ada};

fn key(world: &World) -> IdempotencyKey {
    IdempotencyKey {
        environment: world.caller.environment,
        operation: "POST /send".to_owned(),
        key: "k-1".to_owned(),
    }
}

/// Asks what to do with a call that carries the key, as the API does.
async fn begin(world: &World) -> Begin {
    let now = world.clock.now();
    world
        .services
        .store
        .begin(&key(world), "fingerprint", now, now.plus(HOUR), 1)
        .await
        .unwrap()
}

async fn stored(world: &World) -> usize {
    let page = PageRequest {
        after: None,
        limit: 100,
    };
    let filter = MessageFilter::default();
    world
        .services
        .store
        .messages(world.caller.environment, filter, page)
        .await
        .unwrap()
        .items
        .len()
}

#[tokio::test]
async fn the_reply_is_kept_with_the_message_or_neither_is() {
    for when in When::BOTH {
        let world = World::new().await;
        assert_eq!(begin(&world).await, Begin::Fresh);
        world.faults.fail("accept", 1, when);
        let body = json!({ "message": to_ada("single", &["email"]) });
        let answer = accept::send(&world.services, &world.caller, body, Some(key(&world))).await;
        assert!(answer.is_err() && !world.faults.any_left());
        world.clock.advance(10);
        match (when, begin(&world).await) {
            (When::Before, Begin::Fresh) => assert_eq!(stored(&world).await, 0),
            (When::After, Begin::Done(StoredReply { status: 202, body })) => {
                assert_eq!(stored(&world).await, 1);
                let id = serde_json::from_str::<Value>(&body).unwrap()["requestId"]
                    .as_str()
                    .unwrap()
                    .into();
                assert_eq!(world.message(&id).await.recipient, "ada");
            }
            (when, other) => panic!("{when:?}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_send_that_is_refused_leaves_nothing_behind() {
    let world = World::new().await;
    let wrong = [
        json!({ "content": { "title": "a", "body": "b" } }),
        json!({ "to": { "email": "a@b.example" } }),
        json!({ "to": [{ "email": "a@b.example" }, {}], "content": { "title": "a", "body": "b" } }),
        json!({ "to": { "email": "a@b.example" }, "content": { "title": "a", "body": "b" }, "delay": { "until": "Xy" } }),
    ];
    for message in wrong {
        let refusal = world.try_send(message).await.unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::Invalid);
        assert!(refusal.message().starts_with("message."), "{refusal}");
    }
    assert_eq!((stored(&world).await, world.next_due().await), (0, None));
}

#[tokio::test]
async fn several_recipients_are_several_messages() {
    let (world, sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
    let mut message = to_ada("single", &["email"]);
    message["to"] = json!([{ "email": "a@example.org" }, { "email": "b@example.org", "data": { "code": "own" } }]);
    world.try_send(message).await.unwrap();
    world.finish().await;
    let bodies: Vec<_> = sendgrid.requests().iter().map(|request| request.body.clone()).collect();
    assert_eq!((stored(&world).await, bodies.len()), (2, 2));
    let own = bodies.iter().find(|body| body.contains("b@example.org")).unwrap();
    assert!(own.contains("Your code is own.") && !own.contains(CODE));
}

#[tokio::test]
async fn sending_again_makes_a_new_message_like_the_first() {
    let (world, sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
    let first = world.send(to_ada("single", &["email"])).await;
    world.finish().await;
    let second = accept::resend(&world.services, &world.caller, &first).await.unwrap();
    world.finish().await;
    assert_ne!(first, second);
    assert_eq!((world.status(&second).await.as_str(), sendgrid.calls()), ("SENT", 2));
    let [one, two] = [0, 1].map(|index| sendgrid.requests()[index].json()["content"].clone());
    assert_eq!(one, two);
    let nobody = accept::resend(&world.services, &world.caller, &"1-none".into())
        .await
        .unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_dry_run_shows_everything_and_does_nothing() {
    let (world, sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    let body = json!({ "message": to_ada("single", &["email", "sms"]) });
    let shown = accept::dry_run(&world.services, &world.caller, body).await.unwrap();
    assert_eq!(shown["results"][0]["firstCalls"], json!(["0/sendgrid"]));
    assert_eq!(
        shown["results"][0]["output"][0]["content"]["subject"],
        "Reset your password"
    );
    world.finish().await;
    assert_eq!((stored(&world).await, sendgrid.calls(), twilio.calls()), (0, 0, 0));
}

#[tokio::test]
async fn a_one_time_message_does_not_queue_behind_others() {
    let (world, sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
    for name in ["first", "second", "urgent"] {
        let mut message = to_ada("single", &["email"]);
        message["content"]["title"] = json!(name);
        if name == "urgent" {
            message["metadata"] = json!({ "tags": ["otp"] });
        }
        world.send(message).await;
    }
    world.finish().await;
    let subjects: Vec<_> = sendgrid
        .requests()
        .iter()
        .map(|request| request.json()["subject"].clone())
        .collect();
    assert_eq!(subjects, ["urgent", "first", "second"]);
}
