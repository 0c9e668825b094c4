//! The person decides, up to the moment of the hand-over.

use std::time::Duration;

use serde_json::json;
use tidings_testkit::{HttpDouble, Reply, World};

use crate::common::{HOUR, MINUTE, mail_and_text, queued, taken, template_of, template_to_ada};

/// The scene: a template in a topic, and vendors that work.
async fn scene(default_status: &str) -> (World, HttpDouble, HttpDouble) {
    let (world, sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    world.topic("account", default_status).await;
    world.template("reset", template_of("account")).await;
    (world, sendgrid, twilio)
}

#[tokio::test]
async fn who_said_nothing_gets_it() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("SENT", 1, 0)
    );
}

#[tokio::test]
async fn who_opted_out_does_not() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE UNSUBSCRIBED");
    assert_eq!((sendgrid.calls(), twilio.calls()), (0, 0));
    let trace = world.trace(&id).await;
    assert!(
        trace.contains("opted_out: The person opted out of topic \"account\""),
        "{trace}"
    );
}

#[tokio::test]
async fn an_opt_in_topic_needs_an_opt_in() {
    let (world, sendgrid, _twilio) = scene("OPTED_OUT").await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE OPT_IN_REQUIRED");
    world.prefers("ada", "account", json!({ "status": "OPTED_IN" })).await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 1));
}

#[tokio::test]
async fn chosen_channels_are_the_only_ones() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    let chosen = json!({ "status": "OPTED_IN", "has_custom_routing": true, "custom_routing": ["sms"] });
    world.prefers("ada", "account", chosen).await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("SENT", 0, 1)
    );
    let trace = world.trace(&id).await;
    assert!(trace.contains("email not_chosen: "), "{trace}");
}

#[tokio::test]
async fn what_is_required_goes_out_whatever_they_chose() {
    let (world, sendgrid, _twilio) = scene("REQUIRED").await;
    world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 1));
}

#[tokio::test]
async fn an_opt_out_during_a_delay_holds() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    let mut message = template_to_ada("reset");
    message["delay"] = json!({ "duration": HOUR });
    let id = world.send(message).await;
    world.drain().await;
    assert_eq!(world.status(&id).await, "DELAYED");
    world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE UNSUBSCRIBED");
    assert_eq!((sendgrid.calls(), twilio.calls()), (0, 0));
}

#[tokio::test]
async fn an_opt_out_between_two_attempts_holds() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    sendgrid.now(Reply::status("503 Unavailable"));
    twilio.now(Reply::status("503 Unavailable"));
    let id = world.send(template_to_ada("reset")).await;
    world.drain().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("ROUTED", 1, 1)
    );
    world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE UNSUBSCRIBED");
    assert_eq!((sendgrid.calls(), twilio.calls()), (1, 1));
}

#[tokio::test]
async fn an_opt_out_during_the_first_call_stops_the_second() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    let slow = Box::new(Reply::status("503 Unavailable"));
    sendgrid.now(Reply::After(Duration::from_millis(500), slow));
    let id = world.send(template_to_ada("reset")).await;
    let opting_out = async {
        while sendgrid.calls() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    };
    tokio::join!(world.drain(), opting_out);
    assert_eq!(world.status(&id).await, "UNDELIVERABLE UNSUBSCRIBED");
    assert_eq!((sendgrid.calls(), twilio.calls()), (1, 0));
}

#[tokio::test]
async fn an_opt_out_after_one_of_all_channels_leaves_what_was_sent() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    twilio.now(Reply::status("503 Unavailable"));
    let mut message = template_to_ada("reset");
    message["routing"]["method"] = json!("all");
    let id = world.send(message).await;
    world.drain().await;
    world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("SENT", 1, 1)
    );
}

#[tokio::test]
async fn a_paused_topic_is_filtered_until_the_pause_ends() {
    let (world, sendgrid, _twilio) = scene("OPTED_IN").await;
    let until = tidings_testkit::world::NOW.plus(HOUR).as_millis();
    world
        .prefers("ada", "account", json!({ "snooze": [{ "until": until }] }))
        .await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls()),
        ("FILTERED FILTERED", 0)
    );
    world.clock.advance(HOUR + MINUTE);
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 1));
}

/// What a message began with stays: a later version of the template does not change it.
#[tokio::test]
async fn a_message_ends_with_the_template_version_it_began_with() {
    let (world, sendgrid, _twilio) = scene("OPTED_IN").await;
    sendgrid.now(Reply::status("503 Unavailable"));
    let mut message = template_to_ada("reset");
    message["routing"]["channels"] = json!(["email"]);
    let id = world.send(message).await;
    world.drain().await;
    let mut later = template_of("account");
    later["content"]["elements"][0]["title"] = json!("Another subject");
    world.publish("reset", later).await;
    sendgrid.now(queued());
    world.finish().await;
    assert_eq!(world.status(&id).await, "SENT");
    assert_eq!(sendgrid.requests()[1].json()["subject"], "Reset your password");
}
