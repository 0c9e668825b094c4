//! Upkeep: redaction, pruning, health.

use serde_json::json;
use tidings_types::rendered::{Email, Inbox, Sms};
use tidings_types::{Event, EventType, MessageId, Rendered, RequestId, Status};

use super::fixtures::{HERE, MINUTE, NOW, accept, claim_all, first, several, single, step, wish};
use crate::{
    Begin, Claimed, FeedFilter, IdempotencyKey, Lane, NewCaught, NewFeedEntry, Next, Output, QueueState, Record, Store,
};

const CODE: &str = "4711";

pub async fn a_store_answers_until_it_is_closed(store: &dyn Store) {
    store.ping().await.unwrap();
    store.close().await.unwrap();
    store.ping().await.unwrap_err();
    store.close().await.unwrap();
}

pub async fn the_queue_counts_what_waits_and_what_is_late(store: &dyn Store) {
    assert_eq!(store.queue_state(NOW).await.unwrap(), QueueState::default());
    accept(store, "due").await;
    store
        .accept(single("later", |message| message.due = NOW.plus(MINUTE)))
        .await
        .unwrap();
    store
        .accept(single("late", |message| message.deadline = NOW.minus(1)))
        .await
        .unwrap();
    store
        .accept(single("just", |message| message.deadline = NOW))
        .await
        .unwrap();
    let expected = QueueState {
        pending: 4,
        due: 3,
        overdue: 1,
    };
    assert_eq!(
        store.queue_state(NOW).await.unwrap(),
        expected,
        "a deadline is kept until it has passed"
    );

    for work in claim_all(store).await {
        let next = if work.message.id.as_str() == "late" {
            Next::At(NOW)
        } else {
            Next::Finished
        };
        assert!(store.record(step(&work, Status::Sent, next)).await.unwrap());
    }
    let expected = QueueState {
        pending: 1,
        due: 0,
        overdue: 0,
    };
    assert_eq!(
        store.queue_state(NOW).await.unwrap(),
        expected,
        "what has a final status is neither pending nor late"
    );
}

/// A last step that leaves the code everywhere it can be.
fn telling_step(work: &Claimed) -> Record {
    Record {
        events: vec![
            Event::new(EventType::Mapped, NOW).with("data", json!({"code": CODE, "deep": [{"n": 1}]})),
            Event::new(EventType::Routed, NOW).with("override", json!({"email": {"subject": CODE}})),
        ],
        outputs: vec![Output {
            channel: "email:smtp".to_owned(),
            channel_id: "b".to_owned(),
            content: json!({"html": CODE, "text": CODE, "subject": CODE, "title": CODE, "body": CODE,
                            "blocks": [{"type": "text", "text": CODE}]}),
        }],
        feed: vec![NewFeedEntry {
            user_id: "ada".to_owned(),
            tenant_id: None,
            content: Inbox {
                title: CODE.to_owned(),
                preview: CODE.to_owned(),
                ..Inbox::default()
            },
            created: NOW,
            expires_at: None,
        }],
        caught: vec![
            NewCaught {
                provider: "smtp".to_owned(),
                to: "a@b.c".to_owned(),
                rendered: Rendered::Email(Email {
                    subject: CODE.to_owned(),
                    html: CODE.to_owned(),
                    text: CODE.to_owned(),
                    ..Email::default()
                }),
                payload: None,
                at: NOW,
            },
            NewCaught {
                provider: "twilio".to_owned(),
                to: "+1".to_owned(),
                rendered: Rendered::Sms(Sms { body: CODE.to_owned() }),
                payload: Some(json!({"code": CODE})),
                at: NOW,
            },
        ],
        ..step(work, Status::Sent, Next::Finished)
    }
}

/// Everything a reader can find of a message, as text.
async fn everything(store: &dyn Store, id: &str) -> String {
    let message = store.message(HERE, &MessageId::from(id)).await.unwrap().unwrap();
    let request = store.request(HERE, &message.request_id).await.unwrap().unwrap();
    serde_json::from_str::<tidings_types::MessageSpec>(&request.spec).unwrap();
    let history = store.history(HERE, &message.id).await.unwrap();
    let outputs = store.outputs(HERE, &message.id).await.unwrap();
    let feed = store
        .feed(HERE, "ada", FeedFilter::default(), NOW, first(100))
        .await
        .unwrap()
        .items;
    let outbox = store.outbox(None, first(100)).await.unwrap().items;
    let feed: Vec<_> = feed.into_iter().filter(|one| one.message_id == message.id).collect();
    let outbox: Vec<_> = outbox.into_iter().filter(|one| one.message_id == message.id).collect();
    format!("{message:?} {request:?} {history:?} {outputs:?} {feed:?} {outbox:?}")
}

pub async fn finished_one_time_messages_are_redacted_everywhere(store: &dyn Store) {
    let acceptance = single("m", |message| {
        message.one_time = true;
        message.to = json!({"user_id": "ada", "data": {"code": CODE}}).to_string();
    });
    store.accept(acceptance).await.unwrap();
    let work = claim_all(store).await.remove(0);
    assert!(store.record(telling_step(&work)).await.unwrap());
    assert!(
        everything(store, "m").await.matches(CODE).count() > 15,
        "it is everywhere"
    );

    assert_eq!(store.redact_one_time(NOW.plus(1), 10).await.unwrap(), 1);
    let left = everything(store, "m").await;
    assert!(!left.contains(CODE), "{left}");
    let row = store.message(HERE, &work.message.id).await.unwrap().unwrap();
    assert!(row.redacted && row.to.contains("ada"), "the recipient stays");
    assert_eq!(store.history(HERE, &row.id).await.unwrap().len(), 2, "the lines stay");
    assert_eq!(store.redact_one_time(NOW.plus(1), 10).await.unwrap(), 0, "once");
}

pub async fn pending_and_recent_and_other_messages_are_not_redacted(store: &dyn Store) {
    for (id, one_time, lane) in [
        ("plain", false, Lane::Normal),
        ("one", true, Lane::Normal),
        ("two", true, Lane::Normal),
        ("wait", true, Lane::Bulk),
    ] {
        let acceptance = single(id, |message| {
            message.one_time = one_time;
            message.lane = lane;
        });
        store.accept(acceptance).await.unwrap();
    }
    for work in claim_all(store).await {
        assert!(store.record(telling_step(&work)).await.unwrap());
    }
    assert_eq!(
        store.redact_one_time(NOW, 10).await.unwrap(),
        0,
        "not accepted before then"
    );
    assert_eq!(
        store.redact_one_time(NOW.plus(1), 1).await.unwrap(),
        1,
        "at most as many as asked for"
    );
    assert_eq!(store.redact_one_time(NOW.plus(1), 10).await.unwrap(), 1);
    assert!(everything(store, "plain").await.contains(CODE));
    assert!(everything(store, "wait").await.contains(CODE), "it is still to be sent");
    let work = store.claim(wish(Lane::Bulk, NOW, 10)).await.unwrap().remove(0);
    assert!(store.record(telling_step(&work)).await.unwrap());
    assert_eq!(
        store.redact_one_time(NOW.plus(1), 10).await.unwrap(),
        1,
        "now it has been"
    );

    // The data of a request is needed until the last of its messages has ended.
    let mut acceptance = several("both", &["b1", "b2"]);
    for message in &mut acceptance.messages {
        message.one_time = true;
    }
    store.accept(acceptance).await.unwrap();
    let claimed = claim_all(store).await;
    assert!(store.record(telling_step(&claimed[0])).await.unwrap());
    store.redact_one_time(NOW.plus(1), 10).await.unwrap();
    let request = store.request(HERE, &RequestId::from("both")).await.unwrap().unwrap();
    assert!(request.spec.contains(CODE));
    assert!(store.record(telling_step(&claimed[1])).await.unwrap());
    store.redact_one_time(NOW.plus(1), 10).await.unwrap();
    for id in ["b1", "b2"] {
        assert!(!everything(store, id).await.contains(CODE));
    }
}

pub async fn expired_replies_are_forgotten(store: &dyn Store) {
    let key = |text: &str| IdempotencyKey {
        environment: HERE,
        operation: "POST".to_owned(),
        key: text.to_owned(),
    };
    for (text, expires) in [("old", NOW.plus(1)), ("older", NOW), ("new", NOW.plus(MINUTE))] {
        store
            .begin(&key(text), "body", NOW.minus(1), expires, MINUTE)
            .await
            .unwrap();
    }
    assert_eq!(store.prune_replies(NOW.plus(1)).await.unwrap(), 2);
    assert_eq!(store.prune_replies(NOW.plus(1)).await.unwrap(), 0);
    let begin = store
        .begin(&key("new"), "body", NOW.plus(1), NOW.plus(MINUTE), MINUTE)
        .await
        .unwrap();
    assert_eq!(begin, Begin::Running, "what has not expired is kept");
}
