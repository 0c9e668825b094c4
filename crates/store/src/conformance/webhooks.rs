//! What is told to customers' own servers.

use serde_json::json;
use tidings_types::{MessageId, Status, Timestamp};

use super::fixtures::{HERE, LEASE, MINUTE, NOW, THERE, claim_new, finish, first, step};
use crate::webhooks::{
    DELIVERY, DeliveryState, EVENT, MessageState, NewWebhookDelivery, WebhookAttempt, WebhookEvent, WebhookHealth,
    WebhookTried, message_updated,
};
use crate::{
    Act, ClaimedJob, DocumentKind, DocumentWrite, Engagement, JobClaim, NewDocument, Next, PageRequest, ParentChange,
    Store, WriteMode,
};

fn new(id: &str, after: u64) -> NewWebhookDelivery {
    NewWebhookDelivery {
        environment: HERE,
        endpoint_id: "hook".to_owned(),
        id: id.to_owned(),
        event: "message:updated".to_owned(),
        resource: "m".to_owned(),
        payload: json!({"type": "message:updated", "data": {"id": "m"}}).to_string(),
        created: NOW.plus(after),
    }
}

fn tried(id: &str, after: u64, state: DeliveryState) -> WebhookTried {
    let worked = state == DeliveryState::Delivered;
    WebhookTried {
        environment: HERE,
        endpoint_id: "hook".to_owned(),
        id: id.to_owned(),
        attempt: Some(WebhookAttempt {
            at: NOW.plus(after),
            took_ms: 5,
            status: Some(if worked { 204 } else { 500 }),
            ..WebhookAttempt::default()
        }),
        state,
        next_at: (state == DeliveryState::Pending).then(|| NOW.plus(after + MINUTE)),
    }
}

async fn jobs(store: &dyn Store, kind: &str, now: Timestamp) -> Vec<ClaimedJob> {
    let claim = JobClaim {
        kind: kind.to_owned(),
        now,
        limit: 100,
        lease_ms: LEASE,
    };
    store.claim_jobs(claim).await.unwrap()
}

pub(super) async fn listen(store: &dyn Store) {
    let endpoint = NewDocument {
        kind: DocumentKind::Webhook,
        id: "hook".to_owned(),
        parent: None,
        names: Vec::new(),
        body: json!({"url": "https://example.com", "enabled": true}),
        mode: WriteMode::Live,
        now: NOW,
        by: "test".to_owned(),
    };
    store.create_document(HERE, endpoint).await.unwrap();
}

/// The states that are told, in the order of their jobs.
async fn told(store: &dyn Store) -> Vec<(String, MessageState)> {
    let mut told = Vec::new();
    for one in jobs(store, EVENT, NOW.plus(MINUTE)).await {
        match serde_json::from_value(one.job.body).unwrap() {
            WebhookEvent::Message { id, state } => told.push((id.into_string(), *state)),
            WebhookEvent::Other { kind, .. } => panic!("{kind} did not happen"),
        }
    }
    told
}

pub async fn a_delivery_is_made_once_with_its_job(store: &dyn Store) {
    store
        .add_webhook_deliveries(vec![new("a", 0), new("b", 1)])
        .await
        .unwrap();
    store
        .add_webhook_deliveries(vec![new("a", 9), new("c", 2)])
        .await
        .unwrap();
    let page = |after, limit| PageRequest { after, limit };
    let found = store
        .webhook_deliveries(HERE, "hook", None, page(None, 2))
        .await
        .unwrap();
    let ids = |items: &[crate::webhooks::WebhookDelivery]| -> Vec<String> {
        items.iter().map(|one| one.delivery.id.clone()).collect()
    };
    assert_eq!(ids(&found.items), ["c", "b"], "newest first");
    let rest = store
        .webhook_deliveries(HERE, "hook", None, page(found.next, 2))
        .await
        .unwrap();
    assert_eq!((ids(&rest.items), rest.next), (vec!["a".to_owned()], None));
    assert_eq!(rest.items[0].delivery, new("a", 0), "what was known stays");
    let jobs = jobs(store, DELIVERY, NOW.plus(9)).await;
    let bodies: Vec<_> = jobs.iter().map(|one| one.job.body["id"].clone()).collect();
    assert_eq!(bodies, ["a", "b", "c"]);
    assert_eq!(jobs[0].job.body["endpoint"], "hook");
    assert!(store.webhook_delivery(THERE, "hook", "a").await.unwrap().is_none());
    assert!(store.webhook_delivery(HERE, "other", "a").await.unwrap().is_none());
}

pub async fn attempts_are_kept_and_tell_how_an_endpoint_does(store: &dyn Store) {
    store
        .add_webhook_deliveries(vec![new("a", 0), new("b", 0)])
        .await
        .unwrap();
    assert_eq!(
        store.webhook_health(HERE, "hook").await.unwrap(),
        WebhookHealth::default()
    );
    for after in 1..=30 {
        let health = store
            .webhook_tried(tried("a", after, DeliveryState::Pending))
            .await
            .unwrap();
        assert_eq!(health.unwrap().failing_since, Some(NOW.plus(1)));
    }
    let found = store.webhook_delivery(HERE, "hook", "a").await.unwrap().unwrap();
    assert_eq!(
        (found.tries, found.attempts.len()),
        (30, 20),
        "only the latest are kept"
    );
    assert_eq!(found.attempts[19].at, NOW.plus(30));
    assert_eq!(found.next_at, Some(NOW.plus(30 + MINUTE)));
    let health = store
        .webhook_tried(tried("b", 31, DeliveryState::Delivered))
        .await
        .unwrap()
        .unwrap();
    let expected = WebhookHealth {
        last_success: Some(NOW.plus(31)),
        last_failure: Some(NOW.plus(30)),
        failing_since: None,
    };
    assert_eq!(health, expected);
    assert_eq!(store.webhook_health(HERE, "hook").await.unwrap(), expected);
    let of = |state| store.webhook_deliveries(HERE, "hook", Some(state), first(9));
    assert_eq!(of(DeliveryState::Delivered).await.unwrap().items[0].delivery.id, "b");
    assert_eq!(of(DeliveryState::Pending).await.unwrap().items.len(), 1);
    assert!(of(DeliveryState::Failed).await.unwrap().items.is_empty());
    let unknown = store.webhook_tried(tried("z", 1, DeliveryState::Failed)).await.unwrap();
    assert_eq!(unknown, None);
    store
        .webhook_tried(tried("a", 40, DeliveryState::Failed))
        .await
        .unwrap();
    store.forgive_webhook(HERE, "hook").await.unwrap();
    assert_eq!(store.webhook_health(HERE, "hook").await.unwrap().failing_since, None);
}

pub async fn a_delivery_is_asked_for_again(store: &dyn Store) {
    store.add_webhook_deliveries(vec![new("a", 0)]).await.unwrap();
    store.webhook_tried(tried("a", 1, DeliveryState::Failed)).await.unwrap();
    assert!(store.redeliver_webhook(HERE, "hook", "a", NOW.plus(5)).await.unwrap());
    let found = store.webhook_delivery(HERE, "hook", "a").await.unwrap().unwrap();
    assert_eq!(
        (found.state, found.tries, found.since),
        (DeliveryState::Pending, 0, NOW.plus(5))
    );
    assert_eq!(found.attempts.len(), 1, "what was tried stays known");
    let jobs = jobs(store, DELIVERY, NOW.plus(5)).await;
    let since: Vec<_> = jobs.iter().map(|one| one.job.body["since"].clone()).collect();
    assert_eq!(since, [json!(NOW), json!(NOW.plus(5))], "the first one is void");
    assert!(!store.redeliver_webhook(HERE, "hook", "z", NOW).await.unwrap());
}

pub async fn ended_deliveries_are_forgotten(store: &dyn Store) {
    store
        .add_webhook_deliveries(vec![new("a", 0), new("b", 0), new("c", 10)])
        .await
        .unwrap();
    for id in ["a", "c"] {
        store
            .webhook_tried(tried(id, 11, DeliveryState::Delivered))
            .await
            .unwrap();
    }
    assert_eq!(store.prune_webhook_deliveries(NOW.plus(10), 9).await.unwrap(), 1);
    assert!(store.webhook_delivery(HERE, "hook", "a").await.unwrap().is_none());
    assert!(
        store.webhook_delivery(HERE, "hook", "b").await.unwrap().is_some(),
        "it is pending"
    );
}

pub async fn a_changed_message_is_told_to_who_listens(store: &dyn Store) {
    let opened = |id: &str| vec![Engagement::new(HERE, id, Act::Opened, NOW.plus(1), "test")];
    finish(store, "unheard", |record| record.sent = Some(NOW)).await;
    store.engage(opened("unheard")).await.unwrap();
    assert!(told(store).await.is_empty(), "nobody listens");

    listen(store).await;
    finish(store, "m", |record| record.sent = Some(NOW)).await;
    store.engage(opened("m")).await.unwrap();
    store.engage(opened("m")).await.unwrap();
    let machine = Engagement::new(HERE, "m", Act::Scanned, NOW.plus(2), "test");
    store.engage(vec![machine]).await.unwrap();
    let heard = told(store).await;
    assert_eq!(heard.len(), 1, "once, and machines are nothing to tell of");
    assert_eq!(
        (heard[0].0.as_str(), heard[0].1.status, heard[0].1.opened),
        ("m", Status::Opened, Some(NOW.plus(1)))
    );

    super::fixtures::accept(store, "waiting").await;
    store
        .cancel(HERE, &MessageId::from("waiting"), NOW.plus(3))
        .await
        .unwrap();
    let heard = told(store).await;
    assert_eq!((heard.len(), heard[0].1.status), (1, Status::Canceled));

    let work = claim_new(store, "stepping").await;
    let mut record = step(&work, Status::Sent, Next::Finished);
    let state = MessageState::of(&work.message);
    record.jobs = vec![message_updated(HERE, &work.message.id, state, "SENT", NOW.plus(4))];
    store.record(record).await.unwrap();
    assert_eq!(told(store).await.len(), 1);
}

pub async fn a_published_template_is_told_to_who_listens(store: &dyn Store) {
    listen(store).await;
    let template = |id: &str, kind, mode| NewDocument {
        kind,
        id: id.to_owned(),
        parent: None,
        names: Vec::new(),
        body: json!({"name": id}),
        mode,
        now: NOW,
        by: "test".to_owned(),
    };
    for new in [
        template("drafted", DocumentKind::Notification, WriteMode::Draft),
        template("published", DocumentKind::Notification, WriteMode::Publish),
        template("brand", DocumentKind::Brand, WriteMode::Publish),
    ] {
        store.create_document(HERE, new).await.unwrap();
    }
    let kind = DocumentKind::Notification;
    store
        .publish_document(HERE, kind, "drafted", None, NOW.plus(1), "test")
        .await
        .unwrap();
    let heard = jobs(store, EVENT, NOW.plus(1)).await;
    let bodies: Vec<_> = heard.into_iter().map(|one| one.job.body).collect();
    let told = |id: &str, at: Timestamp| {
        let data = json!({"id": id, "published_at": at});
        json!({"other": {"type": "notification:published", "data": data}})
    };
    assert_eq!(bodies, [told("published", NOW), told("drafted", NOW.plus(1))]);
}

pub async fn a_submitted_template_is_told_to_who_listens(store: &dyn Store) {
    listen(store).await;
    let body = |state: &str| json!({"checks": [], "state": state});
    let submitted = NewDocument {
        kind: DocumentKind::Submission,
        id: "template/7".to_owned(),
        parent: None,
        names: Vec::new(),
        body: body("WAITING"),
        mode: WriteMode::Live,
        now: NOW,
        by: "test".to_owned(),
    };
    store.create_document(HERE, submitted).await.unwrap();
    for (state, after) in [("WAITING", 1), ("CANCELED", 2), ("CANCELED", 3)] {
        let write = DocumentWrite {
            kind: DocumentKind::Submission,
            id: "template/7".to_owned(),
            names: None,
            parent: ParentChange::Keep,
            body: body(state),
            mode: WriteMode::Live,
            seen: None,
            now: NOW.plus(after),
            by: "test".to_owned(),
        };
        store.write_document(HERE, write).await.unwrap();
    }
    let heard = jobs(store, EVENT, NOW.plus(9)).await;
    let bodies: Vec<_> = heard.into_iter().map(|one| one.job.body["other"].clone()).collect();
    let ids = json!({"id": "template", "submission_id": "7"});
    let mut canceled = ids.clone();
    canceled["canceled_at"] = json!(NOW.plus(2));
    assert_eq!(
        bodies,
        [
            json!({"type": "notification:submitted", "data": ids}),
            json!({"type": "notification:submission_canceled", "data": canceled}),
        ]
    );
}
