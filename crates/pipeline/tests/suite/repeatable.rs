//! The same inputs at the same moment give the same plan and the same rendering, byte for byte.

use proptest::prelude::*;
use serde_json::{Value, json};
use tidings_pipeline::accept;
use tidings_testkit::World;

use crate::common::{mail_and_text, queued, taken, to_ada};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z ]{1,20}",
        "\\PC{1,20}",
        Just("{{code}} {{missing}} **bold**".to_owned())
    ]
}

fn channels() -> impl Strategy<Value = Vec<&'static str>> {
    let channel = prop_oneof![
        Just("email"),
        Just("sms"),
        Just("inbox"),
        Just("push"),
        Just("sendgrid"),
        Just("webhook")
    ];
    proptest::collection::vec(channel, 0..5)
}

prop_compose! {
    fn send()(
        method in prop_oneof![Just("single"), Just("all")],
        channels in channels(),
        title in text(),
        body in text(),
        data in proptest::collection::hash_map("[a-z]{1,6}", text(), 0..5),
        email in prop_oneof![Just("ada@example.org".to_owned()), text()],
    ) -> Value {
        let mut message = to_ada(method, &channels);
        message["content"] = json!({ "title": title, "body": body });
        message["data"] = json!(data);
        message["to"]["email"] = json!(email);
        json!({ "message": message })
    }
}

/// A world built anew from the same facts.
async fn world() -> World {
    let world = World::new().await;
    world.sendgrid("http://127.0.0.1:9").await;
    world.twilio("http://127.0.0.1:9").await;
    world
}

async fn shown(world: &World, body: Value) -> String {
    match accept::dry_run(&world.services, &world.caller, body).await {
        Ok(shown) => shown.to_string(),
        Err(refusal) => refusal.message().to_owned(),
    }
}

#[test]
fn two_worlds_agree_on_every_byte() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (one, other) = runtime.block_on(async { (world().await, world().await) });
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 200,
        ..ProptestConfig::default()
    });
    let agree = |body: Value| {
        let (first, second) = runtime.block_on(async { (shown(&one, body.clone()).await, shown(&other, body).await) });
        prop_assert_eq!(first, second);
        Ok(())
    };
    runner.run(&send(), agree).unwrap();
}

#[tokio::test]
async fn what_is_sent_is_the_same_to_the_byte() {
    let mut bodies = Vec::new();
    for _ in 0..2 {
        let (world, sendgrid, twilio) = mail_and_text(queued(), taken()).await;
        world.send(to_ada("all", &["email", "sms"])).await;
        world.finish().await;
        bodies.push((sendgrid.requests()[0].body.clone(), twilio.requests()[0].body.clone()));
    }
    assert_eq!(bodies[0], bodies[1]);
}
