//! Which provider is called next when one fails.

use std::time::{Duration, Instant};

use serde_json::json;
use tidings_testkit::smtp_double::Rules;
use tidings_testkit::{HttpDouble, Reply, SmtpDouble, World, refused_url};
use tidings_types::Status;

use crate::common::{CODE, HOUR, SENT_BY_ONE, mail_and_text, queued, taken, to_ada};

#[tokio::test]
async fn one_channel_is_enough_when_it_works() {
    let (world, sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    let id = world.send(to_ada("single", &["email", "sms"])).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "SENT");
    assert_eq!((sendgrid.calls(), twilio.calls()), (1, 0));
    let mail = sendgrid.requests()[0].json();
    assert_eq!(mail["subject"], "Reset your password");
    assert!(mail.to_string().contains(CODE), "{mail}");
    let provider = world.message(&id).await.providers.remove(0);
    assert_eq!(
        (provider.status.as_str(), &provider.reference["x-message-id"]),
        ("SENT", &json!("m-1"))
    );
    assert_eq!(world.history(&id).await, SENT_BY_ONE);
}

#[tokio::test]
async fn the_next_channel_goes_at_once_when_the_provider_is_down() {
    for answer in ["503 Unavailable", "500 Broken", "401 Unauthorized", "403 Forbidden"] {
        let (world, sendgrid, twilio) = mail_and_text(Reply::status(answer), taken()).await;
        let id = world.send(to_ada("single", &["email", "sms"])).await;
        world.drain().await;
        assert_eq!(world.status(&id).await, "SENT", "{answer}");
        assert_eq!((sendgrid.calls(), twilio.calls()), (1, 1), "{answer}");
        assert_eq!(twilio.requests()[0].form("To").as_deref(), Some("+15558675310"));
        let trace = world.trace(&id).await;
        assert!(trace.contains("email sendgrid "), "{trace}");
        assert!(trace.contains("sms twilio accepted: "), "{trace}");
    }
}

#[tokio::test]
async fn a_refused_connection_is_no_reason_to_wait() {
    let world = World::new().await;
    let twilio = HttpDouble::start(taken()).await;
    world.sendgrid(&refused_url().await).await;
    world.twilio(&twilio.url("")).await;
    let id = world.send(to_ada("single", &["email", "sms"])).await;
    world.drain().await;
    assert_eq!((world.status(&id).await.as_str(), twilio.calls()), ("SENT", 1));
}

#[tokio::test]
async fn a_second_provider_of_the_channel_comes_before_the_next_channel() {
    let (world, sendgrid, twilio) = mail_and_text(Reply::status("503 Unavailable"), taken()).await;
    let server = SmtpDouble::start(Rules::default()).await;
    world.smtp(&server).await;
    let mut message = to_ada("single", &["email", "sms"]);
    message["channels"] = json!({ "email": { "providers": ["sendgrid", "smtp"] } });
    let id = world.send(message).await;
    world.drain().await;
    assert_eq!(world.status(&id).await, "SENT");
    assert_eq!((sendgrid.calls(), server.mails().len(), twilio.calls()), (1, 1, 0));
}

#[tokio::test]
async fn all_means_each_channel_once() {
    let (world, sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    let id = world.send(to_ada("all", &["email", "sms"])).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "SENT");
    assert_eq!((sendgrid.calls(), twilio.calls()), (1, 1));
}

#[tokio::test]
async fn of_all_channels_the_one_that_is_down_is_tried_again_alone() {
    let (world, sendgrid, twilio) = mail_and_text(Reply::status("503 Unavailable"), taken()).await;
    let id = world.send(to_ada("all", &["email", "sms"])).await;
    world.drain().await;
    assert_eq!(
        (world.message(&id).await.status, sendgrid.calls(), twilio.calls()),
        (Status::Sent, 1, 1)
    );
    sendgrid.now(queued());
    world.finish().await;
    assert_eq!(
        (world.message(&id).await.status, sendgrid.calls(), twilio.calls()),
        (Status::Sent, 2, 1)
    );
}

/// One branch must not wait for another that hangs.
#[tokio::test]
async fn of_all_channels_one_that_hangs_does_not_hold_up_the_failover_of_another() {
    let (world, sendgrid, twilio) = mail_and_text(Reply::status("503 Unavailable"), Reply::Hang).await;
    let server = SmtpDouble::start(Rules::default()).await;
    world.smtp(&server).await;
    let mut message = to_ada("all", &["email", "sms"]);
    message["channels"] = json!({ "email": { "providers": ["sendgrid", "smtp"] } });
    message["providers"] = json!({ "twilio": { "timeouts": 4000 } });
    let id = world.send(message).await;
    let begun = Instant::now();
    let mail_arrives = async {
        while server.mails().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        begun.elapsed()
    };
    let (after, ()) = tokio::join!(mail_arrives, world.drain());
    assert!(
        after < Duration::from_secs(3),
        "the mail waited {after:?} for the text message"
    );
    assert_eq!((sendgrid.calls(), twilio.calls(), server.mails().len()), (1, 1, 1));
    assert_eq!(world.message(&id).await.status, Status::Sent);
}

#[tokio::test]
async fn the_last_provider_has_the_whole_retry_clock() {
    let (world, sendgrid, twilio) =
        mail_and_text(Reply::status("401 Unauthorized"), Reply::status("503 Unavailable")).await;
    let id = world.send(to_ada("single", &["email", "sms"])).await;
    world.drain().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("ROUTED", 1, 1)
    );
    world.clock.advance(HOUR);
    twilio.now(taken());
    world.drain().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("SENT", 1, 2)
    );
}

#[tokio::test]
async fn when_nothing_ever_works_it_ends_within_its_time() {
    let (world, _sendgrid, twilio) =
        mail_and_text(Reply::status("401 Unauthorized"), Reply::status("503 Unavailable")).await;
    let mut message = to_ada("single", &["email", "sms"]);
    message["timeout"] = json!({ "message": HOUR });
    let id = world.send(message).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE PROVIDER_ERROR");
    assert!((5..20).contains(&twilio.calls()), "{} calls in an hour", twilio.calls());
    assert_eq!(world.next_due().await, None);
}

#[tokio::test]
async fn a_cut_call_is_repeated_with_the_same_key_and_goes_no_other_way() {
    let (world, sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    sendgrid.now(Reply::Cut);
    let id = world.send(to_ada("single", &["email", "sms"])).await;
    world.drain().await;
    assert_eq!(
        (world.status(&id).await.as_str(), twilio.calls()),
        ("ROUTED", 0),
        "it may have been taken over"
    );
    sendgrid.now(queued());
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("SENT", 2, 0)
    );
}
