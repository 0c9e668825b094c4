//! Customers' own servers are told what happened, signed, until they listen.

use serde_json::{Value, json};
use tidings_pipeline::audiences::rebuild;
use tidings_pipeline::engage;
use tidings_pipeline::webhooks::{Endpoint, HEADER, endpoints, seal_secret, signature};
use tidings_store::webhooks::{DeliveryState, WebhookDelivery};
use tidings_store::{Act, AudienceWrite, DocumentKind, Engagement, PageRequest, ProfileChange, WriteMode};
use tidings_testkit::{HttpDouble, Reply, World};
use tidings_types::{Clock as _, MessageId, SecretString, Timestamp};

use crate::common::{HOUR, mail_and_text, queued, taken, template_of, to_ada};

const HOOK: &str = "hook";

async fn listening(events: &[&str], reply: Reply) -> (World, HttpDouble) {
    let (world, ..) = mail_and_text(queued(), taken()).await;
    let double = HttpDouble::start(reply).await;
    let services = &world.services;
    let environment = world.caller.environment;
    let sealed = seal_secret(&services.vault, services.random.as_ref(), environment, HOOK, "shh");
    let body = json!({ "url": double.url("/in"), "events": events, "secret": sealed, "enabled": true });
    world
        .document(DocumentKind::Webhook, HOOK, None, body, WriteMode::Live)
        .await;
    (world, double)
}

fn ok() -> Reply {
    Reply::status("204 No Content")
}

fn down() -> Reply {
    Reply::answer("503 Service Unavailable", &[], "come back later")
}

async fn deliveries(world: &World) -> Vec<WebhookDelivery> {
    let page = PageRequest {
        after: None,
        limit: 100,
    };
    let environment = world.caller.environment;
    let store = &world.services.store;
    store
        .webhook_deliveries(environment, HOOK, None, page)
        .await
        .unwrap()
        .items
}

/// The event that [`happen`] brings about.
const ONE: &[&str] = &["notification:published"];

/// Has exactly one thing happen of which an endpoint is told.
async fn happen(world: &World) {
    let id = format!("t-{}", deliveries(world).await.len());
    world.template(&id, template_of("news")).await;
}

async fn endpoint(world: &World) -> Endpoint {
    let mut all = endpoints(&world.services, world.caller.environment).await.unwrap();
    all.remove(0).1
}

/// Moves on step by step, since jobs are not among what a world waits for.
async fn pass(world: &World, ms: u64, step: u64) {
    for _ in 0..ms / step {
        world.clock.advance(step);
        world.drain().await;
    }
}

async fn open(world: &World, id: &MessageId) {
    let environment = world.caller.environment;
    let opened = Engagement::new(environment, id.clone(), Act::Opened, world.clock.now(), "test");
    engage(&world.services, vec![opened.via("email")]).await.unwrap();
}

#[tokio::test]
async fn every_change_of_status_is_told_and_signed() {
    let (world, double) = listening(&[], ok()).await;
    let mut message = to_ada("single", &["email"]);
    message["metadata"] = json!({ "trace_id": "t-1", "tags": ["a"], "event": "reset", "utm": { "source": "app" } });
    let id = world.send(message).await;
    world.drain().await;
    open(&world, &id).await;
    open(&world, &id).await;
    world.drain().await;

    let requests = double.requests();
    let told: Vec<Value> = requests
        .iter()
        .map(tidings_testkit::http_double::Request::json)
        .collect();
    // They are told in no particular order.
    let of = |status: &str| {
        let mut found = told.iter().filter(|one| one["data"]["status"] == status);
        let first = found.next().unwrap_or_else(|| panic!("{status} is told"));
        assert!(found.next().is_none(), "{status} is told once");
        first
    };
    assert!(of("ENQUEUED")["data"]["sent"].is_null() && of("ROUTED")["data"]["sent"].is_null());
    let (sent, opened) = (of("SENT"), of("OPENED"));
    assert_eq!(told.len(), 4);
    assert_eq!(sent["type"], "message:updated");
    assert_eq!(sent["data"]["id"], id.as_str());
    for (field, value) in [
        ("recipientId", json!("ada")),
        ("trace_id", json!("t-1")),
        ("tags", json!(["a"])),
        ("event", json!("reset")),
        ("utm", json!({ "source": "app" })),
    ] {
        assert_eq!(sent["data"][field], value, "{field}");
    }
    assert_eq!(sent["data"]["providers"][0]["status"], "SENT");
    assert_eq!(opened["data"]["providers"][0]["status"], "OPENED");
    assert!(sent["data"]["opened"].is_null(), "as it stood at that moment: {sent}");
    for request in &requests {
        let given = request.header(HEADER).unwrap();
        let time = given.split([',', '=']).nth(1).unwrap().parse().unwrap();
        let expected = signature(&SecretString::from("shh"), &request.body, Timestamp::from_millis(time));
        assert_eq!(given, expected);
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/in"));
    }
    let log = deliveries(&world).await;
    assert!(
        log.iter()
            .all(|one| one.state == DeliveryState::Delivered && one.tries == 1)
    );
    assert_eq!(log[0].attempts[0].status, Some(204));
}

#[tokio::test]
async fn an_endpoint_that_wants_something_else_hears_nothing() {
    let (world, double) = listening(&["notification:published"], ok()).await;
    world.send(to_ada("single", &["email"])).await;
    world.drain().await;
    assert_eq!((double.calls(), deliveries(&world).await.len()), (0, 0));
}

#[tokio::test]
async fn it_is_tried_again_on_the_clock_until_it_listens() {
    let (world, double) = listening(ONE, down()).await;
    happen(&world).await;
    world.drain().await;
    assert_eq!(double.calls(), 1);
    let waiting = deliveries(&world).await.remove(0);
    assert_eq!(waiting.state, DeliveryState::Pending);
    assert_eq!(waiting.next_at, Some(world.clock.now().plus(5_000)));
    assert_eq!(waiting.attempts[0].answer, "come back later");
    world.clock.advance(4_999);
    world.drain().await;
    assert_eq!(double.calls(), 1, "not before its time");
    world.clock.advance(1);
    world.drain().await;
    assert_eq!(double.calls(), 2);
    double.now(ok());
    world.clock.advance(10_000);
    world.drain().await;
    let done = deliveries(&world).await.remove(0);
    assert_eq!(
        (done.state, done.tries, double.calls()),
        (DeliveryState::Delivered, 3, 3)
    );
    let bodies: Vec<_> = double.requests().into_iter().map(|request| request.body).collect();
    assert!(bodies.windows(2).all(|two| two[0] == two[1]), "the same each time");
}

#[tokio::test]
async fn a_refusal_is_final_and_gone_disables() {
    let (world, double) = listening(ONE, Reply::status("400 Bad Request")).await;
    happen(&world).await;
    world.drain().await;
    pass(&world, HOUR, HOUR / 4).await;
    assert_eq!(double.calls(), 1);
    assert_eq!(deliveries(&world).await[0].state, DeliveryState::Failed);
    assert!(endpoint(&world).await.enabled);

    double.now(Reply::status("410 Gone"));
    happen(&world).await;
    world.drain().await;
    let now = endpoint(&world).await;
    assert!(!now.enabled);
    assert_eq!(now.disabled_reason.as_deref(), Some("It answered 410 Gone"));
    happen(&world).await;
    world.drain().await;
    assert_eq!(double.calls(), 2, "it is told nothing more");
}

#[tokio::test]
async fn after_a_day_a_delivery_is_given_up_and_its_endpoint_disabled() {
    let (world, double) = listening(ONE, down()).await;
    happen(&world).await;
    world.drain().await;
    pass(&world, 600_000, 5_000).await;
    pass(&world, 26 * HOUR, 300_000).await;
    let ended = deliveries(&world).await.remove(0);
    assert_eq!((ended.state, ended.next_at), (DeliveryState::Failed, None));
    assert!((90..=104).contains(&double.calls()), "{} calls", double.calls());
    // The last attempt came before a whole day of failing had passed; the next failure is the end.
    happen(&world).await;
    world.drain().await;
    let now = endpoint(&world).await;
    assert!(!now.enabled, "{now:?}");
    assert_eq!(now.disabled_reason.as_deref(), Some("It took nothing for 24 hours"));
}

#[tokio::test]
async fn it_is_told_once_more_when_asked() {
    let (world, double) = listening(ONE, Reply::status("400 Bad Request")).await;
    happen(&world).await;
    world.drain().await;
    double.now(ok());
    let failed = deliveries(&world).await.remove(0);
    world.clock.advance(HOUR);
    let store = &world.services.store;
    let environment = world.caller.environment;
    let asked = store.redeliver_webhook(environment, HOOK, &failed.delivery.id, world.clock.now());
    assert!(asked.await.unwrap());
    world.drain().await;
    let again = deliveries(&world).await.remove(0);
    assert_eq!((again.state, double.calls()), (DeliveryState::Delivered, 2));
    assert_eq!(again.attempts.len(), 2);
    let bodies: Vec<_> = double.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn one_that_hangs_keeps_nobody_waiting_and_nothing_is_lost_in_a_restart() {
    let (world, double) = listening(ONE, Reply::Cut).await;
    for calls in 1..=3 {
        happen(&world).await;
        world.drain().await;
        assert_eq!(double.calls(), calls);
    }
    let world = world.restarted().await;
    double.now(ok());
    world.clock.advance(5_000);
    world.drain().await;
    let log = deliveries(&world).await;
    assert!(log.iter().all(|one| one.state == DeliveryState::Delivered), "{log:?}");
    assert!(log[0].attempts[0].error.is_some());
}

#[tokio::test]
async fn what_becomes_of_audiences_is_told() {
    let (world, double) = listening(&["audiences:updated", "audiences:user:matched"], ok()).await;
    let environment = world.caller.environment;
    let store = &world.services.store;
    let profile = json!({ "city": "Bonn" });
    let change = ProfileChange::Replace(profile.as_object().cloned().unwrap());
    let now = world.clock.now();
    store
        .change_profile(environment, &"ada".into(), change, now)
        .await
        .unwrap();
    let filter = json!({ "operator": "EQ", "path": "city", "value": "Bonn" });
    let write = AudienceWrite {
        id: "bonn".to_owned(),
        name: None,
        description: None,
        filter: Some(filter.clone()),
        operator: None,
        keys: vec!["city".to_owned()],
        rebuild: rebuild(environment, "bonn", now),
        now,
    };
    store.put_audience(environment, write).await.unwrap();
    world.drain().await;
    let mut told: Vec<Value> = double
        .requests()
        .iter()
        .map(tidings_testkit::http_double::Request::json)
        .collect();
    told.sort_by_key(|one| one["type"].to_string());
    let matched = json!({
        "audience_id": "bonn", "audience_version": 1, "user_id": "ada", "reason": "EQ('city', 'Bonn') => true",
    });
    assert_eq!(
        told,
        [
            json!({
                "type": "audiences:updated",
                "data": { "audience_id": "bonn", "audience_version": 1, "filter": filter },
            }),
            json!({ "type": "audiences:user:matched", "data": matched }),
        ]
    );
}
