//! Sends to lists, patterns, audiences and tenants.

use serde_json::{Value, json};
use tidings_pipeline::requests::Canceled;
use tidings_pipeline::{accept, requests, subscribe};
use tidings_store::lists::By;
use tidings_store::{
    DocumentKind, MessageFilter, NewMembership, NewSubscription, PageRequest, ProfileChange, WriteMode,
};
use tidings_testkit::{When, World};
use tidings_types::{Environment, Lane, RequestId, Status, UserId};

const HERE: Environment = Environment::Production;

async fn on_list(world: &World, list: &str, users: impl IntoIterator<Item = String>) {
    let now = world.services.clock.now();
    let people: Vec<_> = users
        .into_iter()
        .map(|user| NewSubscription {
            user_id: UserId::from(user),
            preferences: None,
        })
        .collect();
    world
        .services
        .store
        .subscribe(HERE, list, people, false, By::api(now))
        .await
        .unwrap();
}

fn several(range: std::ops::Range<u32>) -> impl Iterator<Item = String> {
    range.map(|number| format!("user{number:05}"))
}

async fn send(world: &World, to: Value, more: Value) -> RequestId {
    let mut message = json!({"to": to, "content": {"title": "t", "body": "Hi {{who}}"}, "data": {"who": "all"}});
    message
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().cloned().unwrap());
    let body = json!({ "message": message });
    accept::send(&world.services, &world.caller, body, None)
        .await
        .unwrap()
        .request_id
}

/// Statuses by count, and every message's recipient.
async fn sent_to(world: &World, request: &RequestId) -> Vec<String> {
    let mut page = PageRequest {
        after: None,
        limit: 100,
    };
    let mut found = Vec::new();
    loop {
        let filter = MessageFilter {
            trace_id: Some(request.to_string()),
            ..MessageFilter::default()
        };
        let read = world.services.store.messages(HERE, filter, page.clone()).await.unwrap();
        found.extend(read.items.into_iter().map(|row| row.recipient));
        match read.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    found.sort();
    found
}

async fn counts(world: &World, request: &RequestId) -> Vec<(Status, u64)> {
    let store = &world.services.store;
    assert_eq!(store.request_progress(HERE, request).await.unwrap().expanding, 0);
    store.count_messages(HERE, request).await.unwrap()
}

#[tokio::test]
async fn a_list_is_expanded_once_each_whatever_happens_to_the_pages() {
    let world = World::new().await;
    on_list(&world, "news", several(0..600)).await;
    let request = send(&world, json!({"list_id": "news"}), json!({})).await;
    world.drain().await;
    let people = sent_to(&world, &request).await;
    assert_eq!(people, several(0..600).collect::<Vec<_>>());
    let id = format!("{request}:user00007");
    let message = world
        .services
        .store
        .message(HERE, &id.as_str().into())
        .await
        .unwrap()
        .unwrap();
    assert!(message.to.contains("\"list_id\":\"news\""));
    assert_eq!(message.request_id, request);
}

#[tokio::test]
async fn a_crash_at_any_page_loses_and_doubles_nobody() {
    for (nth, when) in [3, 9, 17, 40]
        .into_iter()
        .flat_map(|nth| When::BOTH.map(|when| (nth, when)))
    {
        let mut world = World::new().await;
        on_list(&world, "news", several(0..600)).await;
        let request = send(&world, json!({"list_id": "news"}), json!({})).await;
        world.faults.crash(nth, when);
        // Whatever was under way is gone with the program.
        let _died = world.try_drain().await;
        world = world.restarted().await;
        world.drain().await;
        assert_eq!(sent_to(&world, &request).await.len(), 600, "{nth} {when:?}");
        let total: u64 = counts(&world, &request).await.iter().map(|(_, count)| count).sum();
        assert_eq!(total, 600);
    }
}

#[tokio::test]
async fn a_pattern_reaches_everybody_once() {
    let world = World::new().await;
    on_list(&world, "orders.eu", several(0..3)).await;
    on_list(&world, "orders.us", several(2..5)).await;
    on_list(&world, "orders.us.late", several(9..10)).await;
    on_list(&world, "other", several(7..8)).await;
    let request = send(&world, json!({"list_pattern": "orders.*"}), json!({})).await;
    let open = send(&world, json!({"list_pattern": "orders.**"}), json!({})).await;
    let none = send(&world, json!({"list_pattern": "nothing.*"}), json!({})).await;
    world.drain().await;
    assert_eq!(sent_to(&world, &request).await, several(0..5).collect::<Vec<_>>());
    assert_eq!(sent_to(&world, &open).await.len(), 6);
    assert!(sent_to(&world, &none).await.is_empty());
    let notes = world.services.store.request_progress(HERE, &none).await.unwrap().notes;
    assert_eq!(notes[0].note, "There is no list that matches \"nothing.*\"");
}

#[tokio::test]
async fn a_tenant_with_its_children_and_filters() {
    let world = World::new().await;
    for (id, parent) in [("group", None), ("acme", Some("group")), ("labs", Some("acme"))] {
        let body = json!({ "name": id });
        world
            .document(DocumentKind::Tenant, id, parent, body, WriteMode::Live)
            .await;
    }
    let join = |user: &str, tenant: &str| NewMembership {
        user_id: user.into(),
        tenant_id: tenant.to_owned(),
        profile: None,
    };
    let all = vec![
        join("a", "group"),
        join("b", "acme"),
        join("c", "labs"),
        join("a", "labs"),
    ];
    let now = world.services.clock.now();
    world.services.store.put_memberships(HERE, all, now).await.unwrap();
    on_list(&world, "news", ["a", "b", "z"].map(str::to_owned)).await;

    let alone = send(&world, json!({"tenant_id": "group"}), json!({})).await;
    let whole = send(
        &world,
        json!({"tenant_id": "group", "include_children": true}),
        json!({}),
    )
    .await;
    let filters = json!([{"operator": "MEMBER_OF", "path": "account_id", "value": "acme"}]);
    let filtered = send(&world, json!({"list_id": "news", "filters": filters}), json!({})).await;
    let unknown = send(&world, json!({"tenant_id": "nobody"}), json!({})).await;
    world.drain().await;
    assert_eq!(sent_to(&world, &alone).await, ["a"]);
    assert_eq!(sent_to(&world, &whole).await, ["a", "b", "c"]);
    assert_eq!(sent_to(&world, &filtered).await, ["b"]);
    let c = world
        .services
        .store
        .message(HERE, &format!("{whole}:c").as_str().into())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(c.tenant_id.as_deref(), Some("labs"));
    let notes = world
        .services
        .store
        .request_progress(HERE, &unknown)
        .await
        .unwrap()
        .notes;
    assert_eq!(notes[0].note, "There is no tenant \"nobody\"");
}

#[tokio::test]
async fn entries_of_one_array_are_sends_of_their_own() {
    let world = World::new().await;
    world
        .account(
            "mail",
            "smtp",
            json!({"host": "127.0.0.1", "port": 1, "from_address": "a@example.com"}),
        )
        .await;
    on_list(&world, "news", ["ada"].map(str::to_owned)).await;
    let to = json!([{"user_id": "ada"}, {"list_id": "news", "data": {"who": "list"}}, {"list_id": "news"},
                    {"audience_id": "nobody"}]);
    let request = send(&world, to, json!({})).await;
    world.drain().await;
    assert_eq!(sent_to(&world, &request).await, ["ada", "ada", "ada"]);
    let notes = world
        .services
        .store
        .request_progress(HERE, &request)
        .await
        .unwrap()
        .notes;
    assert_eq!(
        (notes[0].entry, notes[0].note.as_str()),
        (3, "There is no audience \"nobody\"")
    );

    // The data of an entry is kept once and counts for its messages, also when one is sent again.
    let message = format!("{request}:1:ada");
    let again = accept::resend(&world.services, &world.caller, &message.as_str().into())
        .await
        .unwrap();
    let again = world.services.store.message(HERE, &again).await.unwrap().unwrap();
    let to: Value = serde_json::from_str(&again.to).unwrap();
    assert_eq!(
        to,
        json!({"user_id": "ada", "list_id": "news", "data": {"who": "list"}})
    );
}

#[tokio::test]
async fn what_was_said_of_a_list_counts_unless_the_person_said_more() {
    let world = World::new().await;
    world.topic("t", "OPTED_IN").await;
    let out = json!({"categories": {"t": {"status": "OPTED_OUT"}}});
    let now = world.services.clock.now();
    world
        .services
        .store
        .put_list(HERE, "news", "News", out.as_object().cloned(), now)
        .await
        .unwrap();
    on_list(&world, "news", ["ada", "bob"].map(str::to_owned)).await;
    world.prefers("bob", "t", json!({"status": "OPTED_IN"})).await;
    let topic = json!({"preferences": {"subscription_topic_id": "t"}});
    let request = send(&world, json!({"list_id": "news"}), topic).await;
    world.drain().await;
    let of = async |user: &str| {
        let id = format!("{request}:{user}");
        world
            .services
            .store
            .message(HERE, &id.as_str().into())
            .await
            .unwrap()
            .unwrap()
    };
    assert_eq!(
        of("ada").await.reason.map(tidings_types::Reason::as_str),
        Some("UNSUBSCRIBED")
    );
    assert_ne!(
        of("bob").await.reason.map(tidings_types::Reason::as_str),
        Some("UNSUBSCRIBED")
    );
}

#[tokio::test]
async fn a_request_called_off_hands_nothing_more_over() {
    let world = World::new().await;
    on_list(&world, "news", several(0..300)).await;
    let later = json!({"delay": {"duration": 3_600_000}});
    let request = send(&world, json!({"list_id": "news"}), later).await;
    world.drain().await;
    assert_eq!(counts(&world, &request).await, [(Status::Delayed, 300)]);
    assert_eq!(cancel(&world, &request).await, Canceled::Done);
    world.drain().await;
    assert_eq!(counts(&world, &request).await, [(Status::Canceled, 300)]);
    assert_eq!(cancel(&world, &request).await, Canceled::Done, "as it was before");

    let request = send(&world, json!({"list_id": "news"}), json!({})).await;
    assert_eq!(cancel(&world, &request).await, Canceled::Done);
    world.drain().await;
    assert!(
        counts(&world, &request).await.is_empty(),
        "called off before it was expanded"
    );
    assert_eq!(cancel(&world, &"1-none".into()).await, Canceled::NotFound);

    let ended = send(&world, json!({"list_id": "news"}), json!({})).await;
    world.drain().await;
    assert!(counts(&world, &ended).await.iter().all(|(status, _)| status.is_final()));
    assert_eq!(cancel(&world, &ended).await, Canceled::TooLate);
    let request = world.services.store.request(HERE, &ended).await.unwrap().unwrap();
    assert_eq!(request.canceled_at, None);
}

async fn cancel(world: &World, request: &RequestId) -> Canceled {
    requests::cancel(&world.services, HERE, request).await.unwrap()
}

#[tokio::test]
async fn a_request_is_hidden_page_by_page_also_while_it_is_expanded() {
    let world = World::new().await;
    on_list(&world, "news", several(0..600)).await;
    let later = json!({"delay": {"duration": 3_600_000}});
    let request = send(&world, json!({"list_id": "news"}), later).await;
    // Nothing of it is there yet.
    assert!(requests::archive(&world.services, HERE, &request).await.unwrap());
    world.drain().await;
    world.clock.advance(2_000);
    world.drain().await;
    assert!(sent_to(&world, &request).await.is_empty());
    let filter = MessageFilter {
        archived: Some(true),
        trace_id: Some(request.to_string()),
        ..MessageFilter::default()
    };
    let page = PageRequest {
        after: None,
        limit: 1000,
    };
    let hidden = world.services.store.messages(HERE, filter, page).await.unwrap();
    assert_eq!(hidden.items.len(), 600);
    assert!(requests::archive(&world.services, HERE, &request).await.unwrap());
    assert!(
        !requests::archive(&world.services, HERE, &"1-none".into())
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn a_dry_run_counts_a_crowd_and_shows_some_of_it() {
    let world = World::new().await;
    world
        .account(
            "mail",
            "smtp",
            json!({"host": "127.0.0.1", "port": 1, "from_address": "a@example.com"}),
        )
        .await;
    on_list(&world, "orders.eu", several(0..300)).await;
    on_list(&world, "orders.us", several(290..310)).await;
    let profile = ProfileChange::Replace(json!({"email": "zero@example.com"}).as_object().cloned().unwrap());
    let now = world.services.clock.now();
    let store = &world.services.store;
    store
        .change_profile(HERE, &"user00000".into(), profile, now)
        .await
        .unwrap();
    let to = json!([{"list_pattern": "orders.*", "data": {"who": "crowd"}}, {"list_id": "nothing"}]);
    let message = json!({"to": to, "content": {"title": "t", "body": "Hi {{who}}"}});
    let body = json!({ "message": message });
    let told = accept::dry_run(&world.services, &world.caller, body).await.unwrap();
    let crowd = &told["results"][0];
    assert_eq!((&crowd["people"], &crowd["more"]), (&json!(310), &json!(false)));
    let sample = crowd["sample"].as_array().unwrap();
    assert_eq!(sample.len(), 5);
    assert_eq!(sample[0]["recipient"], "user00000");
    assert_eq!(sample[0]["status"], "ROUTED");
    assert!(sample[0]["output"].to_string().contains("Hi crowd"), "{}", sample[0]);
    assert!(
        !sample[1]["output"].to_string().contains("email"),
        "nobody knows their address"
    );
    let nobody = &told["results"][1];
    assert_eq!((&nobody["people"], &nobody["sample"]), (&json!(0), &json!([])));
    assert_eq!(nobody["notes"], json!(["There is no list \"nothing\""]));
    world.drain().await;
    let all = PageRequest { after: None, limit: 10 };
    let stored = store.messages(HERE, MessageFilter::default(), all).await.unwrap();
    assert!(stored.items.is_empty(), "nothing is stored");
}

#[tokio::test]
async fn crowds_wait_in_the_bulk_lane() {
    let world = World::new().await;
    on_list(&world, "news", ["ada"].map(str::to_owned)).await;
    let tags = json!({"metadata": {"tags": ["otp"]}, "delay": {"duration": 3_600_000}});
    send(&world, json!({"list_id": "news"}), tags).await;
    world.drain().await;
    let next = async |lane| world.services.store.next_due(lane).await.unwrap();
    assert!(next(Lane::Bulk).await.is_some());
    assert!(next(Lane::Urgent).await.is_none());
}

async fn put_audience(world: &World, id: &str, filter: Value) {
    let now = world.services.clock.now();
    let write = tidings_store::AudienceWrite {
        id: id.to_owned(),
        name: None,
        description: None,
        filter: Some(filter),
        operator: None,
        keys: vec!["city".to_owned()],
        rebuild: tidings_pipeline::audiences::rebuild(HERE, id, now),
        now,
    };
    world.services.store.put_audience(HERE, write).await.unwrap();
}

async fn lives_in(world: &World, user: &str, city: &str) {
    world.profile(user, json!({ "city": city })).await;
}

#[tokio::test]
async fn an_audience_is_sent_to_as_it_is() {
    let world = World::new().await;
    lives_in(&world, "ada", "Bonn").await;
    put_audience(
        &world,
        "bonn",
        json!({"operator": "EQ", "path": "city", "value": "Bonn"}),
    )
    .await;
    world.drain().await;
    lives_in(&world, "bob", "Bonn").await;
    let request = send(&world, json!({"audience_id": "bonn"}), json!({})).await;
    world.drain().await;
    assert_eq!(sent_to(&world, &request).await, ["ada", "bob"]);
}

#[tokio::test]
async fn an_audience_whose_filter_has_just_changed_is_waited_for() {
    let world = World::new().await;
    for number in 0..600 {
        let city = if number % 2 == 0 { "Bonn" } else { "Kiel" };
        lives_in(&world, &format!("user{number:05}"), city).await;
    }
    let of = |parity: u32| several(0..600).skip(parity as usize).step_by(2).collect::<Vec<_>>();
    for (parity, city) in [(0, "Bonn"), (1, "Kiel")] {
        put_audience(&world, "city", json!({"operator": "EQ", "path": "city", "value": city})).await;
        let request = send(&world, json!({"audience_id": "city"}), json!({})).await;
        world.drain().await;
        world.clock.advance(1000);
        world.drain().await;
        assert_eq!(sent_to(&world, &request).await, of(parity), "{city}");
        let progress = world.services.store.request_progress(HERE, &request).await.unwrap();
        assert!(progress.notes.is_empty());
    }
}

#[tokio::test]
async fn a_list_that_is_being_filled_is_waited_for() {
    let world = World::new().await;
    let people: Vec<_> = several(0..600)
        .map(|user| NewSubscription {
            user_id: UserId::from(user),
            preferences: None,
        })
        .collect();
    subscribe::later(&world.services, HERE, "news", &people, true)
        .await
        .unwrap();
    let list = send(&world, json!({"list_id": "news"}), json!({})).await;
    let pattern = send(&world, json!({"list_pattern": "news.**"}), json!({})).await;
    on_list(&world, "news.late", several(0..1)).await;
    world.drain().await;
    world.clock.advance(1000);
    world.drain().await;
    assert_eq!(sent_to(&world, &list).await.len(), 600);
    assert_eq!(sent_to(&world, &pattern).await.len(), 1);
}

#[tokio::test]
async fn whoever_is_in_several_is_sent_to_as_one_of_the_first() {
    let world = World::new().await;
    world.topic("t", "OPTED_IN").await;
    let now = world.services.clock.now();
    // The first list is long, so that it would end last if they were read side by side.
    on_list(&world, "pp.a", several(0..600)).await;
    on_list(&world, "pp.b", several(0..600)).await;
    let out = json!({"categories": {"t": {"status": "OPTED_OUT"}}});
    let told = NewSubscription {
        user_id: "user00599".into(),
        preferences: out.as_object().cloned(),
    };
    world
        .services
        .store
        .subscribe(HERE, "pp.b", vec![told], false, By::api(now))
        .await
        .unwrap();
    let topic = json!({"preferences": {"subscription_topic_id": "t"}});
    let request = send(&world, json!({"list_pattern": "pp.*"}), topic).await;
    for (id, parent) in [
        ("group", None),
        ("old", Some("group")),
        ("young", Some("group")),
        ("deep", Some("old")),
    ] {
        let body = json!({ "name": id });
        world
            .document(DocumentKind::Tenant, id, parent, body, WriteMode::Live)
            .await;
        world.clock.advance(1);
    }
    let join = |tenant: &str| NewMembership {
        user_id: "ada".into(),
        tenant_id: tenant.to_owned(),
        profile: None,
    };
    let all = vec![join("young"), join("deep")];
    world.services.store.put_memberships(HERE, all, now).await.unwrap();
    let tenants = send(
        &world,
        json!({"tenant_id": "group", "include_children": true}),
        json!({}),
    )
    .await;
    world.drain().await;
    let of = async |id: String| {
        world
            .services
            .store
            .message(HERE, &id.as_str().into())
            .await
            .unwrap()
            .unwrap()
    };
    let message = of(format!("{request}:user00599")).await;
    assert!(message.to.contains("\"list_id\":\"pp.a\""), "{}", message.to);
    assert_ne!(message.reason.map(tidings_types::Reason::as_str), Some("UNSUBSCRIBED"));
    assert_eq!(of(format!("{tenants}:ada")).await.tenant_id.as_deref(), Some("deep"));
}

#[tokio::test]
async fn a_tenant_named_beside_a_list_is_the_messages_own() {
    let world = World::new().await;
    for id in ["acme", "other"] {
        world
            .document(DocumentKind::Tenant, id, None, json!({ "name": id }), WriteMode::Live)
            .await;
    }
    let other = NewMembership {
        user_id: "ada".into(),
        tenant_id: "other".to_owned(),
        profile: None,
    };
    let now = world.services.clock.now();
    world
        .services
        .store
        .put_memberships(HERE, vec![other], now)
        .await
        .unwrap();
    on_list(&world, "news", ["ada"].map(str::to_owned)).await;
    let request = send(&world, json!({"list_id": "news", "tenant_id": "acme"}), json!({})).await;
    world.drain().await;
    let id = format!("{request}:ada");
    let message = world
        .services
        .store
        .message(HERE, &id.as_str().into())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(message.tenant_id.as_deref(), Some("acme"));
}

#[tokio::test]
async fn a_crowd_of_nobody_is_told() {
    let world = World::new().await;
    let now = world.services.clock.now();
    world
        .services
        .store
        .put_list(HERE, "empty", "x", None, now)
        .await
        .unwrap();
    on_list(&world, "news", ["ada"].map(str::to_owned)).await;
    let filters = json!([{"operator": "MEMBER_OF", "path": "account_id", "value": "acme"}]);
    for (to, told) in [
        (json!({"list_id": "empty"}), "There is nobody on the list \"empty\""),
        (
            json!({"list_pattern": "empty"}),
            "There is nobody on the lists that match \"empty\"",
        ),
        (
            json!({"list_id": "news", "filters": filters}),
            "There is nobody on the list \"news\" whom the filters let pass",
        ),
    ] {
        let request = send(&world, to, json!({})).await;
        world.drain().await;
        let notes = world
            .services
            .store
            .request_progress(HERE, &request)
            .await
            .unwrap()
            .notes;
        assert_eq!(notes.iter().map(|note| note.note.as_str()).collect::<Vec<_>>(), [told]);
    }
}
