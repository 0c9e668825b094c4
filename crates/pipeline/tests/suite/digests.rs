//! Messages are gathered and sent as one, each exactly once, whatever dies in between.

use proptest::prelude::*;
use serde_json::{Value, json};
use tidings_store::{DocumentKind, WriteMode};
use tidings_testkit::{HttpDouble, When, World};
use tidings_types::MessageId;

use crate::common::{HOUR, mail_and_text, queued, taken, template_of, template_to_ada};

const DAY: u64 = 24 * HOUR;

/// A topic whose messages are gathered daily, and the template that tells what was.
async fn scene(categories: Value) -> (World, HttpDouble, HttpDouble) {
    let (world, sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    let rhythm = |id: &str, frequency: &str| json!({ "schedule_id": id, "frequency": frequency, "time": "09:00" });
    let topic = json!({ "name": "account", "default_status": "OPTED_IN", "digest": {
        "template_id": "summary", "schedules": [rhythm("daily", "daily"), rhythm("instant", "instant")],
        "categories": categories, "created": 0, "updated": 0,
    } });
    world
        .document(DocumentKind::Topic, "account", None, topic, WriteMode::Live)
        .await;
    world.template("reset", template_of("account")).await;
    let summary = json!({ "name": "Summary", "content": { "version": "2022-01-01", "elements": [
        { "type": "meta", "title": "Gathered" },
        { "type": "text", "content": "{{code.count}} in all, the last ones: {{#each code.items}}[{{this.code}}]{{/each}}" },
    ] } });
    world.template("summary", summary).await;
    world
        .profile(
            "ada",
            json!({ "email": "ada@example.com", "phone_number": "+12025550143" }),
        )
        .await;
    (world, sendgrid, twilio)
}

fn last(limit: u32) -> Value {
    json!([{ "category_key": "code", "retain": "LAST", "limit": limit }])
}

async fn send(world: &World, code: &str) -> MessageId {
    let mut message = template_to_ada("reset");
    message["data"] = json!({ "code": code });
    world.clock.advance(1);
    world.send(message).await
}

async fn a_day_later(world: &World) {
    world.clock.advance(DAY);
    world.drain().await;
    world.finish().await;
}

fn texts(double: &HttpDouble) -> Vec<String> {
    let requests = double.requests();
    requests.iter().map(|request| request.text.clone()).collect()
}

#[tokio::test]
async fn what_was_gathered_is_sent_as_one_at_its_time() {
    let (world, sendgrid, _twilio) = scene(last(2)).await;
    let mut ids = Vec::new();
    for code in ["one", "two", "three"] {
        ids.push(send(&world, code).await);
    }
    world.drain().await;
    for id in &ids {
        assert_eq!(world.status(id).await, "DIGESTED");
    }
    assert_eq!(sendgrid.calls(), 0);
    a_day_later(&world).await;
    let sent = texts(&sendgrid);
    assert_eq!(sent.len(), 1, "one mail for all");
    assert!(
        sent[0].contains("3 in all") && sent[0].contains("[two][three]"),
        "{}",
        sent[0]
    );
    a_day_later(&world).await;
    assert_eq!(sendgrid.calls(), 1, "nothing was gathered, and nothing is sent");
}

#[tokio::test]
async fn without_a_key_or_with_the_rhythm_at_once_it_goes_by_itself() {
    let (world, sendgrid, _twilio) = scene(json!([{ "category_key": "comment", "retain": "FIRST", "limit": 9 }])).await;
    let id = send(&world, "one").await;
    world.finish().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 1));

    let (world, sendgrid, _twilio) = scene(last(9)).await;
    world
        .prefers("ada", "account", json!({ "digest_schedule_id": "instant" }))
        .await;
    let id = send(&world, "one").await;
    world.finish().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 1));
}

#[tokio::test]
async fn an_opt_out_holds_for_what_was_gathered() {
    let (world, sendgrid, twilio) = scene(last(9)).await;
    send(&world, "one").await;
    world.drain().await;
    world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    a_day_later(&world).await;
    assert_eq!((sendgrid.calls(), twilio.calls()), (0, 0));
}

/// Which codes were sent, over all digests.
fn codes(double: &HttpDouble) -> Vec<String> {
    let mut found = Vec::new();
    for text in texts(double) {
        let told = text
            .split_once("the last ones: ")
            .map(|(_, rest)| rest)
            .unwrap_or_default();
        // A mail has its words twice: as text and as HTML.
        let told = told.split(['<', '"', '\\']).next().unwrap_or_default();
        found.extend(
            told.split(['[', ']'])
                .filter(|code| code.starts_with("c-"))
                .map(str::to_owned),
        );
    }
    found.sort();
    found
}

async fn live(sends: usize, crashes: Vec<(u32, When)>, days: Vec<bool>) {
    let (mut world, sendgrid, _twilio) = scene(last(100)).await;
    for index in 0..sends {
        send(&world, &format!("c-{index:02}")).await;
        let Some((nth, when)) = crashes.get(index) else {
            continue;
        };
        world.faults.crash(*nth, *when);
        let _died = world.try_drain().await;
        if days.get(index).copied().unwrap_or(false) {
            world.clock.advance(DAY);
            let _died = world.try_drain().await;
        }
        world = world.restarted().await;
    }
    for _ in 0..3 {
        a_day_later(&world).await;
    }
    let expected: Vec<_> = (0..sends).map(|index| format!("c-{index:02}")).collect();
    let mut sent = codes(&sendgrid);
    // A call that was under way when the program died may be made twice: the same digest, with the same codes.
    sent.dedup();
    assert_eq!(sent, expected);
    let filter = tidings_store::DigestFilter::default();
    let page = tidings_store::PageRequest {
        after: None,
        limit: 100,
    };
    let environment = world.caller.environment;
    let instances = world
        .services
        .store
        .digest_instances(environment, filter, page)
        .await
        .unwrap()
        .items;
    let filed: u32 = instances.iter().map(|instance| instance.events).sum();
    assert!(instances.iter().all(|instance| instance.released));
    assert_eq!(filed as usize, sends, "each is filed once");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn each_goes_into_exactly_one_digest(
        sends in 1_usize..6,
        crashes in proptest::collection::vec((1..25_u32, prop_oneof![Just(When::Before), Just(When::After)]), 0..5),
        days in proptest::collection::vec(any::<bool>(), 0..5),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(live(sends, crashes, days));
    }
}
