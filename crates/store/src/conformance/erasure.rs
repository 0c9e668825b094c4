//! Forgetting a person altogether.

use serde_json::{Value, json};
use tidings_types::{MessageId, Object, RequestId, Status, Timestamp, UserId};

use super::feed::entry;
use super::fixtures::{HERE, LEASE, NOW, claim_new, finish, first, message, single, step};
use crate::lists::By;
use crate::{
    Acceptance, BulkRun, ErasedMessages, FeedFilter, Holding, JobClaim, JobKey, Lane, MessageFilter, NewBulkUser,
    NewJob, NewMembership, NewSubscription, Next, Output, ProfileChange, Store, TrackEvent, TrackKind,
};
use crate::{DigestFilter, DigestKey, RequestRow};

/// How many messages are erased at once here.
const PAGE: u32 = 10;

fn ada() -> UserId {
    UserId::from("ada")
}

fn nobody() -> UserId {
    UserId::from("erased:1")
}

fn object(value: Value) -> Object {
    serde_json::from_value(value).unwrap()
}

fn job() -> NewJob {
    NewJob {
        name: JobKey::new(HERE, "erase", "ada"),
        lane: Lane::Normal,
        due: NOW,
        body: json!("erased:1"),
    }
}

async fn erase(store: &dyn Store, until: Timestamp) -> (u32, u32) {
    let ErasedMessages { erased, under_way } = store
        .erase_messages(HERE, &ada(), &nobody(), until, PAGE, NOW.plus(9))
        .await
        .unwrap();
    (erased, under_way)
}

/// Whose messages there are, newest first.
async fn recipients(store: &dyn Store) -> Vec<String> {
    let page = store
        .messages(HERE, MessageFilter::default(), first(100))
        .await
        .unwrap();
    page.items.into_iter().map(|one| one.recipient).collect()
}

pub async fn nothing_is_known_of_a_person_who_was_erased(store: &dyn Store) {
    let others = UserId::from("ben");
    for user in [&ada(), &others] {
        let profile = ProfileChange::Replace(object(json!({ "email": "a@example.org" })));
        store.change_profile(HERE, user, profile, NOW).await.unwrap();
        let membership = NewMembership {
            user_id: user.clone(),
            tenant_id: "acme".to_owned(),
            profile: None,
        };
        store.put_memberships(HERE, vec![membership], NOW).await.unwrap();
        let subscription = NewSubscription {
            user_id: user.clone(),
            preferences: None,
        };
        store
            .subscribe(HERE, "news", vec![subscription], false, By::api(NOW))
            .await
            .unwrap();
        let event = TrackEvent {
            message_id: format!("t-{user}"),
            kind: TrackKind::Track,
            event: "bought".to_owned(),
            user_id: Some(user.to_string()),
            properties: object(json!({ "what": "a coat" })),
            at: NOW,
        };
        assert!(store.take_track_event(HERE, event, None).await.unwrap());
        let key = DigestKey {
            user_id: user.clone(),
            topic_id: "likes".into(),
            tenant_id: None,
            schedule_id: "daily".to_owned(),
        };
        let holding = Holding {
            key,
            categories: vec!["like".to_owned()],
            data: Object::new(),
            recipient: Object::new(),
            at: NOW,
        };
        let new = entry(user.as_str(), "hello");
        finish(store, &format!("m-{user}"), |record| {
            record.feed = vec![new];
            record.hold = Some(holding);
        })
        .await;
    }
    let proof = store
        .erase_person(HERE, &ada(), &nobody(), job(), NOW.plus(1))
        .await
        .unwrap();
    assert_eq!(proof, 1);
    for (user, known) in [(ada(), false), (others, true)] {
        let rows = usize::from(known);
        assert_eq!(store.is_known(HERE, &user).await.unwrap(), known, "{user}");
        assert_eq!(store.profile(HERE, &user).await.unwrap().is_some(), known);
        assert_eq!(
            store.memberships(HERE, &user, first(9)).await.unwrap().items.len(),
            rows
        );
        assert_eq!(store.lists_of(HERE, &user, first(9)).await.unwrap().items.len(), rows);
        let feed = store
            .feed(HERE, user.as_str(), FeedFilter::default(), NOW, first(9))
            .await
            .unwrap();
        assert_eq!(feed.items.len(), rows);
        let told = store.track_event(HERE, &format!("t-{user}")).await.unwrap().unwrap();
        assert_eq!((told.user_id.is_some(), told.properties.is_empty()), (known, !known));
    }
    let gathered = store
        .digest_instances(HERE, DigestFilter::default(), first(9))
        .await
        .unwrap()
        .items;
    assert_eq!(gathered.len(), 1);
    let claim = JobClaim {
        kind: "erase".to_owned(),
        now: NOW,
        limit: 9,
        lease_ms: LEASE,
    };
    let claimed = store.claim_jobs(claim).await.unwrap();
    assert_eq!((claimed.len(), &claimed[0].job.body), (1, &json!("erased:1")));
}

pub async fn of_a_message_to_the_erased_its_status_and_times_stay(store: &dyn Store) {
    let to = json!({ "user_id": "ada", "email": "ada@example.org" }).to_string();
    store
        .accept(single("sent", |message| {
            message.to = to;
            message.tags = vec!["ada".to_owned()];
            message.trace_id = Some("ada".to_owned());
        }))
        .await
        .unwrap();
    let claimed = super::fixtures::claim_all(store).await.remove(0);
    let mut record = step(&claimed, Status::Sent, Next::Finished);
    record.sent = Some(NOW.plus(3));
    record.error = Some("ada@example.org: no".to_owned());
    record.events = vec![tidings_types::Event::new(tidings_types::EventType::Sent, NOW)];
    record.outputs = vec![Output {
        channel: "email".to_owned(),
        channel_id: "1".to_owned(),
        content: json!({ "subject": "Dear Ada" }),
    }];
    record.feed = vec![entry("ada", "Dear Ada")];
    assert!(store.record(record).await.unwrap());
    assert_eq!(erase(store, NOW).await, (1, 0));
    assert_eq!(erase(store, NOW).await, (0, 0), "once is enough");

    let id = MessageId::from("sent");
    let kept = store.message(HERE, &id).await.unwrap().unwrap();
    assert_eq!((kept.recipient.as_str(), kept.user_id), ("erased:1", Some(nobody())));
    assert_eq!((kept.status, kept.sent), (Status::Sent, Some(NOW.plus(3))));
    assert_eq!(kept.notification, "welcome");
    assert_eq!((kept.error, kept.trace_id, kept.tags), (None, None, Vec::new()));
    assert!(!kept.to.contains("example"), "{}", kept.to);
    assert!(store.history(HERE, &id).await.unwrap().is_empty());
    assert!(store.outputs(HERE, &id).await.unwrap().is_empty());
    let feed = store
        .feed(HERE, "ada", FeedFilter::default(), NOW, first(9))
        .await
        .unwrap();
    assert!(feed.items.is_empty());
    let request = store.request(HERE, &RequestId::from("sent")).await.unwrap().unwrap();
    assert_eq!(request.spec, json!({ "template": "welcome" }).to_string());
}

pub async fn what_is_pending_to_the_erased_is_called_off(store: &dyn Store) {
    let claimed = claim_new(store, "under-way").await;
    for (id, minutes) in [("waits", 0), ("later", 5)] {
        let later = Acceptance {
            request: RequestRow {
                accepted_at: NOW.plus(minutes),
                ..single(id, |_| {}).request
            },
            ..single(id, |message| message.due = NOW.plus(100))
        };
        store.accept(later).await.unwrap();
    }
    assert_eq!(
        erase(store, NOW).await,
        (1, 1),
        "one is under way, and one was accepted later"
    );
    assert_eq!(
        store.message(HERE, &"waits".into()).await.unwrap().unwrap().status,
        Status::Canceled
    );
    assert!(
        store
            .record(step(&claimed, Status::Sent, Next::Finished))
            .await
            .unwrap()
    );
    assert_eq!(erase(store, NOW).await, (1, 0));
    assert_eq!(recipients(store).await, ["ada", "erased:1", "erased:1"]);
    assert_eq!(
        store.message(HERE, &"under-way".into()).await.unwrap().unwrap().status,
        Status::Sent
    );
}

pub async fn a_request_to_many_goes_on_for_the_others(store: &dyn Store) {
    let mut many = super::fixtures::several("many", &["m1", "m2"]);
    many.messages[1].recipient = "ben".to_owned();
    many.messages[1].user_id = Some("ben".into());
    let before = many.request.spec.clone();
    store.accept(many).await.unwrap();
    assert_eq!(erase(store, NOW).await, (1, 0));
    let request = store.request(HERE, &RequestId::from("many")).await.unwrap().unwrap();
    assert_eq!(request.spec, before);
    let left = super::fixtures::claim_all(store).await;
    assert_eq!(super::fixtures::ids(&left), ["m2"]);
}

pub async fn a_bulk_job_forgets_the_erased(store: &dyn Store) {
    store
        .create_bulk_job(HERE, "b", json!({ "event": "e" }), false, NOW)
        .await
        .unwrap();
    let users = ["ada", "ben"].map(|name| NewBulkUser {
        recipient: name.to_owned(),
        body: json!({ "recipient": name, "data": { "code": 1 } }),
    });
    store.add_bulk_users(HERE, "b", users.to_vec()).await.unwrap();
    let request = RequestRow {
        id: RequestId::from("b"),
        ..super::fixtures::request("b")
    };
    assert_eq!(
        store.run_bulk_job(HERE, "b", request.clone(), job()).await.unwrap(),
        BulkRun::Started
    );
    let sent = Acceptance {
        request: super::fixtures::request("else"),
        messages: vec![message("else")],
        jobs: Vec::new(),
        idempotency: None,
    };
    store.accept(sent).await.unwrap();
    let claim = JobClaim {
        kind: "erase".to_owned(),
        now: NOW,
        limit: 1,
        lease_ms: LEASE,
    };
    let claimed = store.claim_jobs(claim).await.unwrap().remove(0);
    let done = crate::JobDone {
        name: claimed.job.name,
        proof: claimed.proof,
        next: crate::JobNext::Finished,
        follow_ups: crate::FollowUps {
            messages: vec![crate::MessagePage {
                request,
                messages: vec![message("b:ada")],
            }],
            ..crate::FollowUps::default()
        },
    };
    assert!(store.complete_job(done).await.unwrap());
    assert_eq!(erase(store, NOW).await, (2, 0));
    let users = store.bulk_users(HERE, "b", first(9)).await.unwrap().items;
    let kept: Vec<_> = users.iter().map(|user| (user.recipient.as_str(), &user.body)).collect();
    let bens = json!({ "recipient": "ben", "data": { "code": 1 } });
    assert_eq!(kept, [("erased:1", &json!({})), ("ben", &bens)]);
    assert!(store.message(HERE, &"b:ada".into()).await.unwrap().is_none());
    assert!(store.message(HERE, &"b:erased:1".into()).await.unwrap().is_some());
}
