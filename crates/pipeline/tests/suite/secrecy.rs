//! What a one-time message says is seen by the person alone.

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tidings_pipeline::upkeep;
use tidings_testkit::{Reply, World};
use tidings_types::{Clock as _, ErrorKind, MessageId};
use tracing_subscriber::filter::LevelFilter;

use crate::common::{CODE, HOUR, mail_and_text, queued, taken, template_of, template_to_ada, to_ada};

/// A number among the data, as a code often is.
const NUMBER: u32 = 771_203;

/// Every log line of this process, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn listen() -> Self {
        let log = Self::default();
        let writer = log.clone();
        let listener = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_writer(move || writer.clone());
        tracing::subscriber::set_global_default(listener.finish()).unwrap();
        log
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

fn holds_secret(text: &str) -> bool {
    text.contains(CODE) || text.contains(&NUMBER.to_string())
}

/// A vendor that quotes everything it was sent in its refusal.
fn echo(request: &tidings_testkit::http_double::Request) -> Reply {
    let form = request.form("Body").unwrap_or_default();
    let quote = format!("cannot take {form} {}", request.body);
    let body = json!({ "code": 20001, "message": quote, "errors": [{ "message": quote }] });
    Reply::json("500 Broken", &body)
}

fn one_time() -> serde_json::Value {
    let mut message = to_ada("single", &["email", "sms"]);
    message["content"]["body"] = json!("Your code is {{code}}, or {{number}}.");
    message["data"]["number"] = json!(NUMBER);
    message["metadata"] = json!({ "tags": ["otp"] });
    message["timeout"] = json!({ "message": HOUR });
    message
}

/// Everything that is stored of a message, as JSON text.
async fn everything(world: &World, id: &MessageId) -> String {
    let (store, environment) = (&world.services.store, world.caller.environment);
    let message = world.message(id).await;
    let request = store.request(environment, &message.request_id).await.unwrap().unwrap();
    let history = store.history(environment, id).await.unwrap();
    let outputs = store.outputs(environment, id).await.unwrap();
    format!(
        "{} {} {} {} {message:?}",
        request.spec,
        message.to,
        json!(history),
        json!(outputs)
    )
}

#[tokio::test]
async fn a_code_stands_in_no_trace_no_error_and_no_log_line() {
    let log = Log::listen();
    let world = World::new().await;
    let sendgrid = tidings_testkit::HttpDouble::start_with(echo).await;
    let twilio = tidings_testkit::HttpDouble::start_with(echo).await;
    world.sendgrid(&sendgrid.url("")).await;
    world.twilio(&twilio.url("")).await;
    let id = world.send(one_time()).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE PROVIDER_ERROR");
    assert!(
        holds_secret(&twilio.requests()[0].form("Body").unwrap()),
        "the person would have got it"
    );
    let message = world.message(&id).await;
    let shown = format!(
        "{} {:?} {:?} {:?}",
        world.trace(&id).await,
        message.error,
        message.providers,
        message.progress
    );
    assert!(!holds_secret(&shown), "{shown}");
    assert!(shown.contains("[redacted]"), "the vendors did quote it: {shown}");
    let history = json!(
        world
            .services
            .store
            .history(world.caller.environment, &id)
            .await
            .unwrap()
    )
    .to_string();
    assert!(!holds_secret(&history), "{history}");
    let log = log.text();
    assert!(log.contains(id.as_str()), "the log was heard");
    let line = log.lines().find(|line| holds_secret(line));
    assert_eq!(line, None);
}

#[tokio::test]
async fn its_data_is_gone_after_a_day() {
    let (world, ..) = mail_and_text(queued(), taken()).await;
    world.topic("security", "REQUIRED").await;
    world.template("reset", template_of("security")).await;
    let tagged = world.send(one_time()).await;
    let of_topic = world.send(template_to_ada("reset")).await;
    let usual = world.send(to_ada("single", &["email"])).await;
    world.finish().await;
    upkeep::round(&world.services).await.unwrap();
    assert!(holds_secret(&everything(&world, &tagged).await));

    world.clock.advance(24 * HOUR + 1);
    upkeep::round(&world.services).await.unwrap();
    for id in [&tagged, &of_topic] {
        let left = everything(&world, id).await;
        assert!(!holds_secret(&left), "{left}");
        assert_eq!(world.status(id).await, "SENT");
        let again = tidings_pipeline::accept::resend(&world.services, &world.caller, id)
            .await
            .unwrap_err();
        assert_eq!(again.kind(), ErrorKind::Conflict);
    }
    assert!(
        holds_secret(&everything(&world, &usual).await),
        "only one-time messages are redacted"
    );
}

/// Waiting messages need their data.
#[tokio::test]
async fn what_still_waits_is_not_redacted() {
    let (world, sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
    let mut message = one_time();
    message["delay"] = json!({ "duration": 30 * HOUR });
    let id = world.send(message).await;
    world.drain().await;
    world.clock.advance(25 * HOUR);
    upkeep::round(&world.services).await.unwrap();
    world.finish().await;
    assert_eq!(world.status(&id).await, "SENT");
    assert!(holds_secret(&sendgrid.requests()[0].body));
    assert!(world.clock.now().since(tidings_testkit::world::NOW) >= 30 * HOUR);
}
