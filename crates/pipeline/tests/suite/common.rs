//! A person, something to tell them, and vendors that work.

use serde_json::{Value, json};
use tidings_testkit::{HttpDouble, Reply, World};
use tidings_types::EventType;

/// The word that nobody but the person may see.
pub(crate) const CODE: &str = "493021-secret";

/// The history of a message that one provider took over at the first attempt.
pub(crate) const SENT_BY_ONE: [EventType; 5] = [
    EventType::ProfileLoaded,
    EventType::Routed,
    EventType::Rendered,
    EventType::Delivering,
    EventType::Sent,
];

/// A minute and an hour, in milliseconds.
pub(crate) const MINUTE: u64 = 60_000;
pub(crate) const HOUR: u64 = 60 * MINUTE;

/// A send to Ada by mail and phone, with this routing.
pub(crate) fn to_ada(method: &str, channels: &[&str]) -> Value {
    json!({
        "to": { "user_id": "ada", "email": "ada@example.org", "phone_number": "+15558675310" },
        "content": { "title": "Reset your password", "body": "Your code is {{code}}." },
        "data": { "code": CODE },
        "routing": { "method": method, "channels": channels },
    })
}

/// A send of a template to Ada.
pub(crate) fn template_to_ada(template: &str) -> Value {
    let mut message = to_ada("single", &["email", "sms"]);
    message["template"] = json!(template);
    message.as_object_mut().unwrap().remove("content");
    message
}

/// What a template says of itself when it belongs to a topic.
pub(crate) fn template_of(topic: &str) -> Value {
    json!({
        "name": "Password reset",
        "subscription": { "topic_id": topic },
        "content": { "version": "2022-01-01", "elements": [
            { "type": "meta", "title": "Reset your password" },
            { "type": "text", "content": "Your code is {{code}}." },
        ] },
    })
}

/// Twilio's answer to a message it takes.
pub(crate) fn taken() -> Reply {
    Reply::json("201 Created", &json!({ "sid": "SM1" }))
}

/// SendGrid's answer to a mail it takes.
pub(crate) fn queued() -> Reply {
    Reply::answer("202 Accepted", &["x-message-id: m-1"], "")
}

/// A world with a mail and a text provider that reply as told.
pub(crate) async fn mail_and_text(mail: Reply, text: Reply) -> (World, HttpDouble, HttpDouble) {
    let world = World::new().await;
    let (sendgrid, twilio) = (HttpDouble::start(mail).await, HttpDouble::start(text).await);
    world.sendgrid(&sendgrid.url("")).await;
    world.twilio(&twilio.url("")).await;
    (world, sendgrid, twilio)
}
