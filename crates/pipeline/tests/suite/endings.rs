//! Every way in which a message ends without anybody having failed it.

use serde_json::json;
use tidings_pipeline::PipelineSettings;
use tidings_store::{DocumentKind, FeedFilter, PageRequest, WriteMode};
use tidings_testkit::World;
use tidings_types::{Clock as _, Environment, EventType, KeyMode, Status};

use crate::common::{mail_and_text, queued, taken, template_of, template_to_ada, to_ada};

#[tokio::test]
async fn nobody_knows_the_template() {
    let (world, ..) = mail_and_text(queued(), taken()).await;
    let id = world.send(template_to_ada("nothing")).await;
    world.finish().await;
    assert_eq!(world.message(&id).await.status, Status::Unmapped);
    assert_eq!(world.history(&id).await, [EventType::Unmapped]);
}

#[tokio::test]
async fn the_template_was_never_published() {
    let (world, ..) = mail_and_text(queued(), taken()).await;
    world.draft("draft", template_of("none")).await;
    let id = world.send(template_to_ada("draft")).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNROUTABLE UNPUBLISHED");
}

#[tokio::test]
async fn nobody_configured_a_provider() {
    let world = World::new().await;
    let id = world.send(to_ada("single", &["email", "sms"])).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNROUTABLE NO_PROVIDERS");
}

#[tokio::test]
async fn the_person_has_no_address_there() {
    let (world, ..) = mail_and_text(queued(), taken()).await;
    let mut message = to_ada("single", &["email"]);
    message["to"] = json!({ "phone_number": "+15558675310" });
    let id = world.send(message).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE NO_CHANNELS");
}

#[tokio::test]
async fn an_address_that_cannot_be_one_closes_its_channel_only() {
    let (world, sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    let mut message = to_ada("all", &["email", "sms"]);
    message["to"]["email"] = json!("not an address");
    let id = world.send(message).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("SENT", 0, 1)
    );
    let trace = world.trace(&id).await;
    assert!(trace.contains("email sendgrid bad_address: "), "{trace}");
}

#[tokio::test]
async fn numbers_without_a_plus_are_read_in_the_default_region() {
    let (world, _sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    let mut message = to_ada("single", &["sms"]);
    message["to"] = json!({ "phone_number": "123-456-7890" });
    world.send(message).await;
    world.finish().await;
    assert_eq!(twilio.requests()[0].form("To").as_deref(), Some("+11234567890"));
}

#[tokio::test]
async fn a_mock_key_calls_nobody() {
    let (mut world, sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    world.caller.mode = KeyMode::Mock;
    let id = world.send(to_ada("all", &["email", "sms"])).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("SIMULATED", 0, 0)
    );
    assert!(world.history(&id).await.contains(&EventType::Simulated));
}

#[tokio::test]
async fn the_feed_holds_what_was_sent_to_it() {
    let world = World::new().await;
    let mut message = to_ada("single", &["inbox"]);
    message["expiry"] = json!({ "expires_in": "PT1H" });
    let id = world.send(message).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "SENT");
    let page = || PageRequest { after: None, limit: 10 };
    let store = &world.services.store;
    let feed = store
        .feed(
            world.caller.environment,
            "ada",
            FeedFilter::default(),
            world.clock.now(),
            page(),
        )
        .await
        .unwrap()
        .items;
    assert_eq!(feed.len(), 1);
    assert_eq!(
        (&feed[0].message_id, feed[0].entry.content.title.as_str()),
        (&id, "Reset your password")
    );
    let later = world.clock.now().plus(3_600_001);
    assert!(
        store
            .feed(world.caller.environment, "ada", FeedFilter::default(), later, page())
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn the_outbox_catches_what_has_no_provider_in_the_test_environment() {
    let mut world = World::new().await;
    world.caller.environment = Environment::Test;
    let id = world.send(to_ada("all", &["email", "sms"])).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "SENT");
    let caught = world
        .services
        .store
        .outbox_since(Some(Environment::Test), 0, 10)
        .await
        .unwrap();
    let mut addresses: Vec<_> = caught.iter().map(|one| one.to.as_str()).collect();
    addresses.sort_unstable();
    assert_eq!(addresses, ["+15558675310", "ada@example.org"]);
}

#[tokio::test]
async fn in_development_the_outbox_stands_in_for_every_provider() {
    let world = World::with(PipelineSettings {
        dev: true,
        ..PipelineSettings::default()
    })
    .await;
    let sendgrid = tidings_testkit::HttpDouble::start(queued()).await;
    world.sendgrid(&sendgrid.url("")).await;
    let id = world.send(to_ada("single", &["sendgrid"])).await;
    world.finish().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 0));
    let trace = world.trace(&id).await;
    assert!(trace.contains("stand_in: outbox stands in for sendgrid"), "{trace}");
}

/// A document that this program did not write must not keep a message for ever.
#[tokio::test]
async fn a_template_that_cannot_be_read_ends_the_message() {
    let (world, sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
    let body = json!({ "name": "Broken", "content": { "elements": "none" } });
    world
        .document(DocumentKind::Notification, "broken", None, body, WriteMode::Publish)
        .await;
    let id = world.send(template_to_ada("broken")).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls()),
        ("UNDELIVERABLE FAILED", 0)
    );
}

#[tokio::test]
async fn content_that_a_value_makes_impossible_closes_its_channel_only() {
    let (world, sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    let mut message = to_ada("single", &["email", "sms"]);
    message["channels"] = json!({ "email": { "override": { "from": "no address at all" } } });
    let id = world.send(message).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("SENT", 0, 1)
    );
}

#[tokio::test]
async fn a_condition_decides_which_channel_is_used() {
    let (world, sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    let mut message = to_ada("all", &[]);
    message["routing"]["channels"] = json!([{ "channel": "email", "if": "data.wanted == true" }, "sms"]);
    let id = world.send(message).await;
    world.finish().await;
    assert_eq!((sendgrid.calls(), twilio.calls()), (0, 1));
    let trace = world.trace(&id).await;
    assert!(trace.contains("email condition_false: "), "{trace}");
}
