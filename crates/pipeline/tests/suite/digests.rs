//! Messages are gathered and sent as one, each exactly once, whatever dies in between.

use proptest::prelude::*;
use serde_json::{Value, json};
use tidings_pipeline::webhooks::seal_secret;
use tidings_store::{DocumentKind, MessageFilter, WriteMode};
use tidings_testkit::http_double::Request;
use tidings_testkit::{HttpDouble, Reply, When, World};
use tidings_types::{Clock as _, MessageId};

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

#[tokio::test]
async fn who_listens_is_told_of_the_digest_from_its_beginning() {
    let (world, ..) = scene(last(2)).await;
    let double = HttpDouble::start(Reply::status("204 No Content")).await;
    let services = &world.services;
    let environment = world.caller.environment;
    let secret = seal_secret(&services.vault, services.random.as_ref(), environment, "hook", "shh");
    let body = json!({ "url": double.url("/in"), "events": ["message:updated"], "secret": secret, "enabled": true });
    world
        .document(DocumentKind::Webhook, "hook", None, body, WriteMode::Live)
        .await;
    let gathered = send(&world, "1").await;
    world.finish().await;
    a_day_later(&world).await;
    world.drain().await;
    let told: Vec<Value> = double.requests().iter().map(Request::json).collect();
    let mut of_digest: Vec<&str> = told
        .iter()
        .filter(|one| one["data"]["id"] != gathered.as_str())
        .filter_map(|one| one["data"]["status"].as_str())
        .collect();
    of_digest.sort_unstable();
    assert_eq!(of_digest, ["ENQUEUED", "ROUTED", "SENT"]);
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

/// The topic as it stands, changed to taste.
async fn topic(world: &World, change: impl FnOnce(&mut Value)) {
    let store = &world.services.store;
    let environment = world.caller.environment;
    let found = store
        .document(environment, DocumentKind::Topic, "account")
        .await
        .unwrap();
    let mut body = found.unwrap().body;
    change(&mut body);
    world
        .rewrite(DocumentKind::Topic, "account", body, WriteMode::Live)
        .await;
    world.drain().await;
}

async fn open(world: &World) -> usize {
    let filter = tidings_store::DigestFilter {
        open: true,
        ..tidings_store::DigestFilter::default()
    };
    let page = tidings_store::PageRequest {
        after: None,
        limit: 100,
    };
    let environment = world.caller.environment;
    let found = world.services.store.digest_instances(environment, filter, page).await;
    found.unwrap().items.len()
}

#[tokio::test]
async fn a_digest_that_is_taken_away_is_sent_once_more() {
    let (world, sendgrid, _twilio) = scene(last(9)).await;
    for code in ["one", "two"] {
        send(&world, code).await;
    }
    world.drain().await;
    topic(&world, |topic| topic["digest"] = Value::Null).await;
    world.finish().await;
    let sent = texts(&sendgrid);
    assert_eq!(sent.len(), 1, "one last digest");
    assert!(sent[0].contains("2 in all"), "{}", sent[0]);
    send(&world, "three").await;
    world.finish().await;
    assert_eq!(sendgrid.calls(), 2, "from now on each goes by itself");
    assert_eq!(open(&world).await, 0);
    a_day_later(&world).await;
    assert_eq!(sendgrid.calls(), 2);
}

#[tokio::test]
async fn a_new_time_holds_for_what_is_gathered() {
    let (world, sendgrid, _twilio) = scene(last(9)).await;
    // 14:13 on a Monday: the rhythm comes round at nine the next day.
    send(&world, "one").await;
    world.drain().await;
    topic(&world, |topic| topic["digest"]["schedules"][0]["time"] = json!("16:00")).await;
    world.clock.advance(HOUR);
    world.finish().await;
    assert_eq!(sendgrid.calls(), 0);
    world.clock.advance(HOUR);
    world.finish().await;
    assert_eq!(sendgrid.calls(), 1, "at four the same day");

    send(&world, "two").await;
    world.drain().await;
    topic(&world, |topic| topic["digest"]["schedules"][0]["time"] = json!("18:00")).await;
    world.clock.advance(DAY - HOUR);
    world.finish().await;
    assert_eq!(sendgrid.calls(), 2, "at six");
    assert_eq!(open(&world).await, 0);
}

#[tokio::test]
async fn a_rhythm_that_a_person_chooses_takes_what_is_gathered_along() {
    let (world, sendgrid, _twilio) = scene(last(9)).await;
    topic(&world, |topic| {
        let weekly = json!({
            "schedule_id": "weekly", "frequency": "weekly", "day_of_week": "friday", "time": "09:00",
        });
        topic["digest"]["schedules"].as_array_mut().unwrap().push(weekly);
    })
    .await;
    let chooses = async |schedule: &str| {
        let choice = json!({ "digest_schedule_id": schedule });
        world.prefers("ada", "account", choice).await;
        world.finish().await;
    };
    send(&world, "one").await;
    world.drain().await;
    chooses("weekly").await;
    a_day_later(&world).await;
    assert_eq!(sendgrid.calls(), 0, "it waits for Friday");
    send(&world, "two").await;
    world.drain().await;
    assert_eq!(open(&world).await, 1, "the two are together");
    chooses("daily").await;
    send(&world, "three").await;
    world.drain().await;
    a_day_later(&world).await;
    let sent = texts(&sendgrid);
    assert_eq!(sent.len(), 1);
    assert!(
        sent[0].contains("3 in all") && sent[0].contains("[one][two][three]"),
        "{}",
        sent[0]
    );

    send(&world, "four").await;
    world.drain().await;
    chooses("instant").await;
    assert_eq!(
        sendgrid.calls(),
        2,
        "who wants everything at once gets what is gathered at once"
    );
}

#[tokio::test]
async fn what_belongs_to_no_category_any_more_goes_by_itself() {
    let (world, sendgrid, _twilio) = scene(last(9)).await;
    for code in ["one", "two"] {
        send(&world, code).await;
    }
    world.drain().await;
    topic(&world, |topic| {
        topic["digest"]["categories"][0]["category_key"] = json!("comment");
    })
    .await;
    a_day_later(&world).await;
    let sent = texts(&sendgrid);
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert!(
        sent[0].contains("Your code is one.") && sent[1].contains("Your code is two."),
        "{sent:?}"
    );
    assert_eq!(open(&world).await, 0);
}

#[tokio::test]
async fn a_digest_whose_template_is_gone_loses_nothing() {
    let (world, sendgrid, _twilio) = scene(last(9)).await;
    for code in ["one", "two"] {
        send(&world, code).await;
    }
    world.drain().await;
    world.archive(DocumentKind::Notification, "summary").await;
    a_day_later(&world).await;
    let sent = texts(&sendgrid);
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert!(sent[0].contains("Your code is one."), "{}", sent[0]);
}

#[tokio::test]
async fn whoever_is_known_from_the_send_alone_gets_it_there() {
    let (world, sendgrid, _twilio) = scene(last(9)).await;
    for (code, address) in [("one", "old@example.net"), ("two", "bob@example.net")] {
        let mut message = template_to_ada("reset");
        message["to"] = json!({ "user_id": "bob", "email": address });
        message["data"] = json!({ "code": code });
        world.clock.advance(1);
        world.send(message).await;
    }
    world.drain().await;
    a_day_later(&world).await;
    let sent = texts(&sendgrid);
    assert_eq!(sent.len(), 1);
    assert!(
        sent[0].contains("bob@example.net") && sent[0].contains("2 in all"),
        "{}",
        sent[0]
    );
    assert!(!sent[0].contains("old@example.net"), "the last address counts");

    // What a profile says meanwhile counts more: Ada's own address is used, and not the send's.
    send(&world, "three").await;
    world.drain().await;
    a_day_later(&world).await;
    let sent = texts(&sendgrid);
    assert!(sent[1].contains("ada@example.com"), "{}", sent[1]);
}

#[tokio::test]
async fn an_empty_digest_goes_on_as_long_as_the_person_wants_it() {
    let (world, sendgrid, twilio) = scene(last(9)).await;
    topic(&world, |topic| topic["digest"]["trigger_empty"] = json!(true)).await;
    send(&world, "one").await;
    world.drain().await;
    for _ in 0..3 {
        a_day_later(&world).await;
    }
    let sent = texts(&sendgrid);
    assert_eq!(sent.len(), 3, "each day one");
    assert!(
        sent[0].contains("1 in all") && sent[2].contains("0 in all"),
        "{}",
        sent[2]
    );

    let pause = json!([{ "until": world.clock.now().plus(DAY + HOUR) }]);
    world.prefers("ada", "account", json!({ "snooze": pause })).await;
    a_day_later(&world).await;
    assert_eq!(sendgrid.calls(), 3, "a pause is kept");
    a_day_later(&world).await;
    assert_eq!(sendgrid.calls(), 4, "and ends");

    let before = messages(&world).await;
    world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    for _ in 0..3 {
        a_day_later(&world).await;
    }
    assert_eq!((sendgrid.calls(), twilio.calls()), (4, 0));
    assert_eq!(messages(&world).await, before, "nothing is even tried");
    assert_eq!(world.services.store.next_job_due("release-digest").await.unwrap(), None);
}

/// How many messages there are.
async fn messages(world: &World) -> usize {
    let page = tidings_store::PageRequest {
        after: None,
        limit: 100,
    };
    let environment = world.caller.environment;
    let found = world
        .services
        .store
        .messages(environment, MessageFilter::default(), page)
        .await;
    found.unwrap().items.len()
}

#[tokio::test]
async fn a_digest_for_an_audience_gathers_for_its_members_only() {
    let (world, sendgrid, _twilio) = scene(last(9)).await;
    let environment = world.caller.environment;
    let filter = json!({ "operator": "EQ", "path": "plan", "value": "pro" });
    let rebuild = tidings_pipeline::audiences::rebuild(environment, "pros", world.clock.now());
    let audience = tidings_store::AudienceWrite {
        id: "pros".to_owned(),
        name: None,
        description: None,
        filter: Some(filter),
        operator: None,
        keys: vec!["plan".to_owned()],
        rebuild,
        now: world.clock.now(),
    };
    world.services.store.put_audience(environment, audience).await.unwrap();
    topic(&world, |topic| topic["digest"]["audience_id"] = json!("pros")).await;
    let id = send(&world, "one").await;
    world.finish().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 1));
    world
        .profile("ada", json!({ "email": "ada@example.com", "plan": "pro" }))
        .await;
    let id = send(&world, "two").await;
    world.drain().await;
    assert_eq!(world.status(&id).await, "DIGESTED");
}

#[tokio::test]
async fn what_a_mock_key_sends_never_becomes_a_real_digest() {
    let (mut world, sendgrid, _twilio) = scene(last(9)).await;
    world.caller.mode = tidings_types::KeyMode::Mock;
    let id = send(&world, "one").await;
    world.finish().await;
    a_day_later(&world).await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SIMULATED", 0));
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
