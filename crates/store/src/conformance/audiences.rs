use serde_json::{Value, json};
use tidings_types::{Timestamp, UserId};

use super::fixtures::{HERE, LEASE, MINUTE, NOW, THERE, first};
use crate::webhooks::{EVENT, WebhookEvent};
use crate::{AudienceWrite, JobClaim, JobKey, Lane, NewJob, NewMembership, ProfileChange, Store};

fn rebuild(id: &str) -> NewJob {
    NewJob {
        name: JobKey::new(HERE, "rebuild", id),
        lane: Lane::Bulk,
        due: NOW,
        body: Value::Null,
    }
}

fn write(id: &str, filter: Option<Value>, keys: &[&str]) -> AudienceWrite {
    AudienceWrite {
        id: id.to_owned(),
        name: None,
        description: None,
        filter,
        operator: None,
        keys: keys.iter().map(|&key| key.to_owned()).collect(),
        rebuild: rebuild(id),
        now: NOW,
    }
}

fn city(name: &str) -> Value {
    json!({"operator": "EQ", "path": "city", "value": name})
}

async fn lives(store: &dyn Store, user: &str, profile: Value, now: Timestamp) {
    let change = ProfileChange::Replace(profile.as_object().cloned().unwrap());
    store.change_profile(HERE, &user.into(), change, now).await.unwrap();
}

async fn members(store: &dyn Store, id: &str) -> Vec<String> {
    let page = store.audience_members(HERE, id, first(100)).await.unwrap();
    page.items.into_iter().map(|one| one.user_id.into_string()).collect()
}

async fn build(store: &dyn Store, id: &str) {
    let mut after: Option<UserId> = None;
    loop {
        after = store.rebuild_audience(HERE, id, after.as_ref(), NOW, 2).await.unwrap();
        if after.is_none() {
            break;
        }
    }
    while store.sweep_audience(HERE, id, NOW, 2).await.unwrap() == 2 {}
}

pub async fn an_audience_is_made_changed_and_deleted(store: &dyn Store) {
    let made = store
        .put_audience(HERE, write("a", Some(city("Bonn")), &["city"]))
        .await
        .unwrap();
    assert_eq!((made.version, made.name.as_str(), made.created), (1, "a", NOW));
    assert!(store.job(&rebuild("a").name).await.unwrap().is_some());
    store.cancel_job(&rebuild("a").name).await.unwrap();
    let renamed = AudienceWrite {
        name: Some("Bonn".to_owned()),
        description: Some("people in Bonn".to_owned()),
        now: NOW.plus(MINUTE),
        ..write("a", None, &[])
    };
    let now = store.put_audience(HERE, renamed).await.unwrap();
    assert_eq!(
        (now.version, now.filter, now.updated),
        (1, Some(city("Bonn")), NOW.plus(MINUTE))
    );
    assert!(
        store.job(&rebuild("a").name).await.unwrap().is_none(),
        "the filter is the same"
    );
    let moved = store
        .put_audience(HERE, write("a", Some(city("Ulm")), &["city"]))
        .await
        .unwrap();
    assert_eq!((moved.version, moved.name.as_str()), (2, "Bonn"));
    assert_eq!(store.audience(HERE, "a").await.unwrap(), Some(moved));
    assert_eq!(store.audience(THERE, "a").await.unwrap(), None);
    assert_eq!(store.audiences(HERE, first(9)).await.unwrap().items.len(), 1);
    assert!(store.delete_audience(HERE, "a", rebuild("a")).await.unwrap());
    assert!(!store.delete_audience(HERE, "a", rebuild("a")).await.unwrap());
}

pub async fn who_passes_belongs_as_soon_as_the_profile_changes(store: &dyn Store) {
    store
        .put_audience(HERE, write("bonn", Some(city("Bonn")), &["city"]))
        .await
        .unwrap();
    let without = json!({"operator": "OMIT", "path": "tags", "value": "x"});
    store
        .put_audience(HERE, write("plain", Some(without), &["tags", "$nothing"]))
        .await
        .unwrap();
    lives(store, "ada", json!({"city": "Bonn"}), NOW).await;
    lives(store, "bob", json!({"city": "Ulm", "tags": ["x"]}), NOW).await;
    assert_eq!(members(store, "bonn").await, ["ada"]);
    assert_eq!(members(store, "plain").await, ["ada"]);
    lives(store, "ada", json!({"city": "Bonn", "age": 7}), NOW.plus(MINUTE)).await;
    let page = store.audience_members(HERE, "bonn", first(9)).await.unwrap();
    let ada = &page.items[0];
    assert_eq!(
        (ada.version, ada.added, ada.reason.as_str()),
        (1, NOW, "EQ('city', 'Bonn') => true")
    );
    lives(store, "ada", json!({"city": "Ulm"}), NOW).await;
    lives(store, "bob", json!({"city": "Bonn"}), NOW).await;
    assert_eq!(members(store, "bonn").await, ["bob"]);
    let belongs = async |user: &str| store.is_audience_member(HERE, "bonn", &user.into()).await.unwrap();
    assert_eq!((belongs("ada").await, belongs("bob").await), (false, true));
    assert!(store.delete_profile(HERE, &"bob".into()).await.unwrap());
    assert!(members(store, "bonn").await.is_empty());
    assert_eq!(members(store, "plain").await, ["ada"]);
}

pub async fn a_changed_filter_has_everybody_looked_at_again(store: &dyn Store) {
    for (user, city) in [("a", "Bonn"), ("b", "Ulm"), ("c", "Bonn"), ("d", "Ulm"), ("e", "Ulm")] {
        lives(store, user, json!({ "city": city }), NOW).await;
    }
    store
        .put_audience(HERE, write("x", Some(city("Bonn")), &["city"]))
        .await
        .unwrap();
    let page = store.profiles(HERE, first(2)).await.unwrap();
    assert_eq!(
        (page.items[1].0.as_str(), &page.items[1].1["city"]),
        ("b", &json!("Ulm"))
    );
    assert!(page.next.is_some());
    build(store, "x").await;
    assert_eq!(members(store, "x").await, ["a", "c"]);
    store
        .put_audience(HERE, write("x", Some(city("Ulm")), &["city"]))
        .await
        .unwrap();
    build(store, "x").await;
    assert_eq!(members(store, "x").await, ["b", "d", "e"]);
    let page = store.audience_members(HERE, "x", first(1)).await.unwrap();
    assert_eq!((page.items[0].version, page.next.is_some()), (2, true));
    store.delete_audience(HERE, "x", rebuild("x")).await.unwrap();
    build(store, "x").await;
    assert!(members(store, "x").await.is_empty());
}

/// What is told of audiences, as kind and data, in that order.
async fn told(store: &dyn Store) -> Vec<(String, Value)> {
    let claim = JobClaim {
        kind: EVENT.to_owned(),
        now: NOW.plus(60 * MINUTE),
        limit: 100,
        lease_ms: LEASE,
    };
    let jobs = store.claim_jobs(claim).await.unwrap();
    let mut told = Vec::new();
    for job in jobs {
        let WebhookEvent::Other { kind, data } = serde_json::from_value(job.job.body).unwrap() else {
            panic!("nothing else happened");
        };
        told.push((kind, data));
    }
    told.sort_by_key(|(kind, data)| format!("{kind} {data}"));
    told
}

pub async fn those_who_listen_are_told(store: &dyn Store) {
    lives(store, "ada", json!({"city": "Bonn"}), NOW).await;
    lives(store, "bob", json!({"city": "Ulm"}), NOW).await;
    let in_town = |name: &str| write("x", Some(city(name)), &["city"]);
    store.put_audience(HERE, in_town("Bonn")).await.unwrap();
    build(store, "x").await;
    store.tell_audience(HERE, "x", NOW).await.unwrap();
    assert_eq!(told(store).await, [], "nobody listens");
    super::webhooks::listen(store).await;
    lives(store, "eve", json!({"city": "Bonn"}), NOW).await;
    lives(store, "eve", json!({"city": "Bonn", "age": 7}), NOW).await;
    let (id, version) = (json!("x"), json!(1));
    let passes = json!("EQ('city', 'Bonn') => true");
    let eve = json!({"audience_id": id, "audience_version": version, "user_id": "eve", "reason": passes});
    assert_eq!(told(store).await, [("audiences:user:matched".to_owned(), eve)], "once");

    store.put_audience(HERE, in_town("Ulm")).await.unwrap();
    build(store, "x").await;
    store.tell_audience(HERE, "x", NOW).await.unwrap();
    let told_of = told(store).await;
    let kinds: Vec<_> = told_of
        .iter()
        .map(|(kind, data)| (kind.as_str(), &data["user_id"]))
        .collect();
    let (ada, bob, eve) = (json!("ada"), json!("bob"), json!("eve"));
    assert_eq!(
        kinds,
        [
            ("audiences:calculated", &Value::Null),
            ("audiences:updated", &Value::Null),
            ("audiences:user:matched", &bob),
            ("audiences:user:unmatched", &ada),
            ("audiences:user:unmatched", &eve),
        ]
    );
    let counts = json!({"audience_id": "x", "user_count": 1, "total_users": 3, "total_users_filtered": 2});
    assert!(told_of.contains(&("audiences:calculated".to_owned(), counts)));
    let updated = json!({"audience_id": "x", "audience_version": 2, "filter": city("Ulm")});
    assert!(told_of.contains(&("audiences:updated".to_owned(), updated)));
    store.delete_audience(HERE, "x", rebuild("x")).await.unwrap();
    build(store, "x").await;
    store.tell_audience(HERE, "x", NOW).await.unwrap();
    assert_eq!(told(store).await, [], "it has gone");
}

pub async fn filters_ask_for_tenants(store: &dyn Store) {
    let filter = json!({"operator": "MEMBER_OF", "path": "account_id", "value": "acme"});
    store
        .put_audience(HERE, write("x", Some(filter), &["$tenants"]))
        .await
        .unwrap();
    lives(store, "ada", json!({}), NOW).await;
    let new = NewMembership {
        user_id: "ada".into(),
        tenant_id: "acme".to_owned(),
        profile: None,
    };
    store.put_memberships(HERE, vec![new], NOW).await.unwrap();
    let review = JobKey::new(HERE, crate::jobs::REVIEW_AUDIENCES, "ada");
    assert!(store.cancel_job(&review).await.unwrap(), "it was asked for");
    store
        .review_audiences(HERE, &"ada".into(), "$tenants", NOW)
        .await
        .unwrap();
    assert_eq!(members(store, "x").await, ["ada"]);
    assert!(store.delete_membership(HERE, &"ada".into(), "acme").await.unwrap());
    assert!(store.cancel_job(&review).await.unwrap());
    store
        .review_audiences(HERE, &"ada".into(), "$tenants", NOW)
        .await
        .unwrap();
    assert!(members(store, "x").await.is_empty());
}

pub async fn an_audience_made_again_keeps_nobody_of_the_one_before(store: &dyn Store) {
    lives(store, "ada", json!({"city": "Bonn"}), NOW).await;
    for filter in [None, Some(city("Kiel"))] {
        store
            .put_audience(HERE, write("a", Some(city("Bonn")), &["city"]))
            .await
            .unwrap();
        build(store, "a").await;
        assert_eq!(members(store, "a").await, ["ada"]);
        assert!(store.delete_audience(HERE, "a", rebuild("a")).await.unwrap());
        // Before anybody has taken its members away.
        let again = store.put_audience(HERE, write("a", filter, &["city"])).await.unwrap();
        let left = store.audience_members(HERE, "a", first(9)).await.unwrap().items;
        assert!(left.iter().all(|one| one.version < again.version), "{left:?} {again:?}");
        build(store, "a").await;
        assert!(members(store, "a").await.is_empty());
        assert!(store.delete_audience(HERE, "a", rebuild("a")).await.unwrap());
    }
}

pub async fn who_comes_or_goes_is_looked_at_by_those_alone_that_may_hold(store: &dyn Store) {
    // The keys are what the stores go by: an audience that is not found under any is not looked at.
    let omits = json!({"operator": "OMIT", "path": "tags", "value": "x"});
    store
        .put_audience(HERE, write("bonn", Some(city("Bonn")), &["city"]))
        .await
        .unwrap();
    store
        .put_audience(HERE, write("omits", Some(omits.clone()), &["tags", "$nothing"]))
        .await
        .unwrap();
    store
        .put_audience(HERE, write("unfound", Some(omits), &["tags"]))
        .await
        .unwrap();
    lives(store, "ada", json!({"city": "Bonn"}), NOW).await;
    assert_eq!(members(store, "bonn").await, ["ada"]);
    assert_eq!(members(store, "omits").await, ["ada"]);
    assert!(members(store, "unfound").await.is_empty());
    store.delete_profile(HERE, &"ada".into()).await.unwrap();
    assert!(members(store, "bonn").await.is_empty());
    assert!(members(store, "omits").await.is_empty());
}
