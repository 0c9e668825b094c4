//! Digests.

use serde_json::{Value, json};
use tidings_types::{Object, Preference, Status, TopicId, UserId};

use super::documents::change;
use super::fixtures::{HERE, MINUTE, NOW, THERE, finish, first, single};
use crate::jobs::REVIEW_DIGESTS;
use crate::{
    DigestFilter, DigestInstance, DigestKey, DocumentKind, Evidence, Holding, JobKey, Lane, NewDocument, NewJob,
    PreferenceWrite, Store, StoredPreference, WriteMode,
};

fn object(value: Value) -> Object {
    serde_json::from_value(value).unwrap()
}

fn key(schedule: &str) -> DigestKey {
    DigestKey {
        user_id: UserId::from("ada"),
        topic_id: TopicId::from("news"),
        tenant_id: None,
        schedule_id: schedule.to_owned(),
    }
}

fn job(name: &str) -> NewJob {
    NewJob {
        name: JobKey::new(HERE, "release", name),
        lane: Lane::Normal,
        due: NOW.plus(MINUTE),
        body: Value::Null,
    }
}

/// Files a message in a rhythm, accepted so many minutes after the beginning.
async fn hold(store: &dyn Store, id: &str, schedule: &str, category: &str, minutes: u64) {
    let holding = Holding {
        key: key(schedule),
        categories: vec![category.to_owned()],
        data: object(json!({ "id": id })),
        recipient: object(json!({ "email": format!("{id}@example.org") })),
        at: NOW.plus(minutes * MINUTE),
    };
    finish(store, id, |record| {
        record.status = Status::Digested;
        record.hold = Some(holding);
    })
    .await;
}

async fn open(store: &dyn Store) -> Vec<DigestInstance> {
    let filter = DigestFilter {
        open: true,
        ..DigestFilter::default()
    };
    store.digest_instances(HERE, filter, first(10)).await.unwrap().items
}

async fn events(store: &dyn Store, instance: &str) -> Vec<String> {
    let events = store.digest_events(HERE, &"ada".into(), instance).await.unwrap();
    events.iter().map(|event| event.message_id.to_string()).collect()
}

pub async fn what_is_filed_is_released_once(store: &dyn Store) {
    hold(store, "two", "daily", "like", 2).await;
    hold(store, "one", "daily", "comment", 1).await;
    let instance = open(store).await.remove(0);
    assert_eq!((instance.events, &instance.key), (2, &key("daily")));
    assert_eq!(
        instance.counts,
        [("comment".to_owned(), 1), ("like".to_owned(), 1)].into()
    );
    assert_eq!(
        events(store, &instance.id).await,
        ["one", "two"],
        "in the order of acceptance"
    );
    let filed = store.digest_events(HERE, &"ada".into(), &instance.id).await.unwrap();
    assert_eq!(filed[0].recipient, object(json!({ "email": "one@example.org" })));
    assert_eq!(filed[0].data, object(json!({ "id": "one" })));

    let release = async |instance: &DigestInstance, ids: &[&str]| {
        let acceptances = ids
            .iter()
            .map(|id| single(id, |message| message.due = NOW.plus(MINUTE)))
            .collect();
        store.release_digest(HERE, instance.clone(), acceptances, NOW).await
    };
    let stale = DigestInstance {
        events: 1,
        ..instance.clone()
    };
    assert!(!release(&stale, &["early"]).await.unwrap(), "something was filed since");
    assert!(store.message(HERE, &"early".into()).await.unwrap().is_none());
    assert!(release(&instance, &["digest", "alone"]).await.unwrap());
    for id in ["digest", "alone"] {
        assert!(store.message(HERE, &id.into()).await.unwrap().is_some(), "{id}");
    }
    assert!(!release(&instance, &["again"]).await.unwrap());
    assert_eq!(open(store).await, []);

    hold(store, "three", "daily", "like", 3).await;
    let next = open(store).await.remove(0);
    assert_ne!(next.id, instance.id, "another one begins");
    release(&next, &["digest"]).await.unwrap_err();
    assert_eq!(
        open(store).await,
        std::slice::from_ref(&next),
        "a refused message leaves all as it was"
    );
    assert!(release(&next, &[]).await.unwrap(), "nothing need follow");
}

pub async fn a_gathering_moves_to_another_rhythm(store: &dyn Store) {
    hold(store, "one", "daily", "like", 2).await;
    let daily = open(store).await.remove(0);
    assert!(
        store
            .move_digest(HERE, daily.clone(), "weekly", vec![job("weekly")])
            .await
            .unwrap()
    );
    assert!(store.job(&job("weekly").name).await.unwrap().is_some());
    let weekly = open(store).await.remove(0);
    assert_eq!((&weekly.key, &weekly.id), (&key("weekly"), &daily.id));
    assert!(
        !store
            .move_digest(HERE, daily, "monthly", vec![job("monthly")])
            .await
            .unwrap()
    );
    assert!(
        store.job(&job("monthly").name).await.unwrap().is_none(),
        "nothing was written"
    );

    hold(store, "two", "daily", "like", 1).await;
    let daily = open(store)
        .await
        .into_iter()
        .find(|one| one.key == key("daily"))
        .unwrap();
    assert!(
        store
            .move_digest(HERE, daily, "weekly", vec![job("weekly")])
            .await
            .unwrap()
    );
    let all = open(store).await;
    assert_eq!(all.len(), 1, "they are one now");
    assert_eq!((all[0].events, &all[0].id), (2, &weekly.id));
    assert_eq!(all[0].counts, [("like".to_owned(), 2)].into());
    assert_eq!(all[0].created, NOW.plus(MINUTE), "since the earlier of the two");
    assert_eq!(events(store, &weekly.id).await, ["two", "one"]);

    assert!(
        store
            .release_digest(HERE, all[0].clone(), Vec::new(), NOW)
            .await
            .unwrap()
    );
    assert!(
        !store.move_digest(HERE, all[0].clone(), "daily", vec![]).await.unwrap(),
        "it was released"
    );
}

/// The review that was asked for under a key, and what it knows.
async fn review(store: &dyn Store, key: &str) -> Option<Value> {
    let name = JobKey::new(HERE, REVIEW_DIGESTS, key);
    let body = store.job(&name).await.unwrap().map(|job| job.body);
    store.cancel_job(&name).await.unwrap();
    body
}

pub async fn a_digest_that_changes_asks_for_a_review(store: &dyn Store) {
    let body = |digest: Value, name: &str| json!({ "name": name, "digest": digest });
    let new = NewDocument {
        kind: DocumentKind::Topic,
        id: "news".to_owned(),
        parent: None,
        names: Vec::new(),
        body: body(json!("first"), "a"),
        mode: WriteMode::Live,
        now: NOW,
        by: "api".to_owned(),
    };
    store.create_document(HERE, new).await.unwrap();
    assert_eq!(review(store, "topic/news").await, None, "nothing can be gathered yet");
    let write = async |body: Value| {
        let change = change(DocumentKind::Topic, "news", body, WriteMode::Live);
        store.write_document(HERE, change).await.unwrap();
        review(store, "topic/news").await
    };
    assert_eq!(write(body(json!("first"), "b")).await, None, "the digest is as it was");
    let first = json!({ "topic": "news", "digest": "first" });
    assert_eq!(write(body(json!("second"), "b")).await, Some(first));
    let second = json!({ "topic": "news", "digest": "second" });
    assert_eq!(write(json!({ "name": "b" })).await, Some(second));
    assert_eq!(write(body(json!("third"), "b")).await, None);
    let third = json!({ "topic": "news", "digest": "third" });
    assert!(store.archive_document(HERE, DocumentKind::Topic, "news").await.unwrap());
    assert_eq!(
        review(store, "topic/news").await,
        Some(third),
        "an archived topic has none"
    );
}

pub async fn a_rhythm_that_is_chosen_asks_for_a_review(store: &dyn Store) {
    let said = |rhythm: Option<&str>| StoredPreference {
        topic_id: TopicId::from("news"),
        preference: Preference {
            digest_schedule_id: rhythm.map(str::to_owned),
            has_custom_routing: Some(false),
            ..Preference::default()
        },
    };
    let write = async |set: Vec<StoredPreference>, unset: Vec<TopicId>| {
        let write = PreferenceWrite {
            tenant_id: None,
            set,
            unset,
            replace_all: false,
            source: "api".to_owned(),
            evidence: Evidence::default(),
            consents: Vec::new(),
            mail: None,
            seen: None,
            now: NOW,
        };
        store.write_preferences(HERE, &"ada".into(), write).await.unwrap();
        review(store, "person/ada").await
    };
    assert_eq!(write(vec![said(None)], vec![]).await, None);
    let asked = Some(json!({ "person": "ada" }));
    assert_eq!(write(vec![said(Some("daily"))], vec![]).await, asked);
    assert_eq!(write(vec![said(Some("daily"))], vec![]).await, None, "the same again");
    assert_eq!(write(vec![said(Some("weekly"))], vec![]).await, asked);
    assert_eq!(write(vec![], vec!["news".into()]).await, asked, "the topic's own again");
    let name = JobKey::new(THERE, REVIEW_DIGESTS, "person/ada");
    assert!(store.job(&name).await.unwrap().is_none());
}

pub async fn what_was_gathered_is_forgotten_after_its_release(store: &dyn Store) {
    for (message, schedule) in [("one", "daily"), ("two", "weekly"), ("three", "monthly")] {
        hold(store, message, schedule, "like", 0).await;
    }
    let of = async |schedule: &str| {
        let filter = DigestFilter {
            schedule_id: Some(schedule.to_owned()),
            ..DigestFilter::default()
        };
        let found = store.digest_instances(HERE, filter, first(9)).await.unwrap().items;
        found.into_iter().next()
    };
    for (schedule, at) in [("daily", NOW.plus(MINUTE)), ("weekly", NOW)] {
        let instance = of(schedule).await.unwrap();
        assert!(store.release_digest(HERE, instance, Vec::new(), at).await.unwrap());
    }
    assert_eq!(store.prune_digests(NOW, 9).await.unwrap(), 0, "not before its moment");
    let weekly = of("weekly").await.unwrap();
    assert_eq!(
        store.prune_digests(NOW.plus(1), 9).await.unwrap(),
        1,
        "it counts from the release"
    );
    assert!(of("weekly").await.is_none());
    assert!(events(store, &weekly.id).await.is_empty());
    let daily = of("daily").await.unwrap();
    assert_eq!(events(store, &daily.id).await, ["one"]);
    assert_eq!(store.prune_digests(NOW.plus(2 * MINUTE), 9).await.unwrap(), 1);
    assert!(of("daily").await.is_none());
    let monthly = of("monthly").await.unwrap();
    assert_eq!(events(store, &monthly.id).await, ["three"], "what is open stays");
}
