//! Recording what a step came to.

use serde_json::json;
use tidings_types::rendered::{Inbox, Sms};
use tidings_types::trace::TraceCode;
use tidings_types::{Event, EventType, Progress, Reason, Rendered, Status, Timestamp, Trace, TraceEntry};

use super::fixtures::{HERE, MINUTE, NOW, accept, claim_all, claim_new, first, ids, single, step, wish};
use crate::{Claimed, FeedFilter, Lane, NewCaught, NewFeedEntry, Next, Output, ProviderRecord, Record, Store};

fn output(channel_id: &str, text: &str) -> Output {
    Output {
        channel: "email:smtp".to_owned(),
        channel_id: channel_id.to_owned(),
        content: json!({"subject": text, "blocks": [{"type": "text", "text": text}]}),
    }
}

fn full_step(work: &Claimed) -> Record {
    let mut trace = Trace::default();
    trace.push(TraceEntry::new(NOW, TraceCode::Accepted, "taken over"));
    Record {
        reason: Some(Reason::ProviderError),
        error: Some("in words".to_owned()),
        sent: Some(NOW.plus(5)),
        providers: vec![ProviderRecord {
            channel: json!({"key": "email"}),
            provider: "smtp".to_owned(),
            status: "SENT".to_owned(),
            reference: json!({"messageId": "x"}),
            sent: Some(NOW.plus(5)),
            ..ProviderRecord::default()
        }],
        progress: Progress {
            routed_at: Some(NOW),
            ..Progress::default()
        },
        trace,
        notification: Some("template-id".to_owned()),
        one_time: true,
        events: vec![
            Event::new(EventType::Mapped, NOW),
            Event::new(EventType::Sent, NOW).with("provider", "smtp"),
        ],
        outputs: vec![output("b1", "one")],
        feed: vec![NewFeedEntry {
            user_id: "ada".to_owned(),
            tenant_id: Some("acme".to_owned()),
            content: Inbox {
                title: "Hello".to_owned(),
                ..Inbox::default()
            },
            created: NOW,
            expires_at: None,
        }],
        caught: vec![NewCaught {
            provider: "outbox".to_owned(),
            to: "+11234567890".to_owned(),
            rendered: Rendered::Sms(Sms {
                body: "Hello".to_owned(),
            }),
            payload: Some(json!({"a": [1, null]})),
            at: NOW,
        }],
        ..step(work, Status::Sent, Next::Finished)
    }
}

pub async fn a_record_writes_everything(store: &dyn Store) {
    let work = claim_new(store, "m").await;
    let record = full_step(&work);
    assert!(store.record(record.clone()).await.unwrap());

    let row = store.message(HERE, &record.id).await.unwrap().unwrap();
    assert_eq!(
        (row.status, row.reason, row.error),
        (Status::Sent, record.reason, record.error)
    );
    assert_eq!((row.sent, row.providers), (record.sent, record.providers));
    assert_eq!((row.progress, row.trace), (record.progress, record.trace));
    assert_eq!((row.notification.as_str(), row.one_time), ("template-id", true));
    assert_eq!(store.history(HERE, &record.id).await.unwrap(), record.events);
    assert_eq!(store.outputs(HERE, &record.id).await.unwrap(), record.outputs);

    let acme = || FeedFilter {
        tenant_id: Some("acme".to_owned()),
        ..FeedFilter::default()
    };
    let feed = store.feed(HERE, "ada", acme(), NOW, first(10)).await.unwrap().items;
    assert_eq!((&feed[0].entry, &feed[0].message_id), (&record.feed[0], &record.id));
    let caught = store.outbox(None, first(10)).await.unwrap().items;
    let expected = &record.caught[0];
    assert_eq!((caught[0].environment, &caught[0].message_id), (HERE, &record.id));
    assert_eq!(
        (&caught[0].provider, &caught[0].to, caught[0].at),
        (&expected.provider, &expected.to, expected.at)
    );
    assert_eq!(
        (&caught[0].rendered, &caught[0].payload),
        (&expected.rendered, &expected.payload)
    );
}

pub async fn a_lost_claim_writes_nothing(store: &dyn Store) {
    let work = claim_new(store, "m").await;
    let before = store.message(HERE, &work.message.id).await.unwrap().unwrap();
    let mut stray = full_step(&work);
    stray.token = work.token.wrapping_add(1);
    assert!(!store.record(stray).await.unwrap());
    assert_eq!(store.message(HERE, &work.message.id).await.unwrap().unwrap(), before);
    assert!(store.history(HERE, &work.message.id).await.unwrap().is_empty());
    assert!(store.outputs(HERE, &work.message.id).await.unwrap().is_empty());
    let filter = FeedFilter {
        tenant_id: Some("acme".to_owned()),
        ..FeedFilter::default()
    };
    assert_eq!(store.feed_count(HERE, "ada", filter, NOW).await.unwrap(), 0);
    assert!(store.outbox(None, first(10)).await.unwrap().items.is_empty());
    assert!(
        store.record(full_step(&work)).await.unwrap(),
        "the true claim still holds"
    );
    assert!(
        !store.record(full_step(&work)).await.unwrap(),
        "and ended with its last step"
    );
}

pub async fn a_kept_claim_goes_on(store: &dyn Store) {
    let work = claim_new(store, "m").await;
    let mut routed = step(&work, Status::Routed, Next::KeepClaim);
    routed.events = vec![Event::new(EventType::Routed, NOW)];
    assert!(store.record(routed).await.unwrap());
    assert!(claim_all(store).await.is_empty(), "it is still held");
    let mut sent = step(&work, Status::Sent, Next::Finished);
    sent.events = vec![Event::new(EventType::Sent, NOW)];
    assert!(store.record(sent).await.unwrap());
    let kinds: Vec<_> = store
        .history(HERE, &work.message.id)
        .await
        .unwrap()
        .into_iter()
        .map(|event| event.kind)
        .collect();
    assert_eq!(kinds, [EventType::Routed, EventType::Sent], "the history grows");
}

pub async fn work_put_back_waits_until_it_is_due(store: &dyn Store) {
    let work = claim_new(store, "m").await;
    let due = NOW.plus(MINUTE);
    assert!(store.record(step(&work, Status::Delayed, Next::At(due))).await.unwrap());
    assert!(
        !store.record(step(&work, Status::Delayed, Next::At(due))).await.unwrap(),
        "the claim has ended"
    );
    assert!(claim_all(store).await.is_empty());
    assert_eq!(store.next_due(Lane::Normal).await.unwrap(), Some(due));
    let again = store.claim(wish(Lane::Normal, due, 10)).await.unwrap();
    assert_eq!(ids(&again), ["m"]);
    assert_eq!(again[0].message.status, Status::Delayed);
    assert_eq!(again[0].deadline, work.deadline, "the deadline stays");
}

pub async fn finished_work_never_comes_back(store: &dyn Store) {
    let work = claim_new(store, "m").await;
    assert!(store.record(step(&work, Status::Sent, Next::Finished)).await.unwrap());
    assert!(
        store
            .claim(wish(Lane::Normal, Timestamp::from_millis(i64::MAX), 10))
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(store.next_due(Lane::Normal).await.unwrap(), None);
    store.release(vec![(HERE, work.message.id, work.token)]).await.unwrap();
    assert!(
        claim_all(store).await.is_empty(),
        "letting go of what is finished changes nothing"
    );
}

pub async fn outputs_replace_those_of_the_same_block(store: &dyn Store) {
    let work = claim_new(store, "m").await;
    let mut record = step(&work, Status::Routed, Next::KeepClaim);
    record.outputs = vec![output("b1", "one"), output("b2", "two")];
    store.record(record).await.unwrap();
    let mut record = step(&work, Status::Sent, Next::Finished);
    record.outputs = vec![output("b3", "three"), output("b1", "one again")];
    store.record(record).await.unwrap();
    let mut outputs = store.outputs(HERE, &work.message.id).await.unwrap();
    outputs.sort_by(|a, b| a.channel_id.cmp(&b.channel_id));
    assert_eq!(
        outputs,
        [output("b1", "one again"), output("b2", "two"), output("b3", "three")]
    );
}

pub async fn the_first_hand_over_stays(store: &dyn Store) {
    store
        .accept(single("m", |message| message.one_time = true))
        .await
        .unwrap();
    accept(store, "other").await;
    for work in claim_all(store).await {
        let mut record = step(&work, Status::Sent, Next::KeepClaim);
        record.sent = Some(NOW.plus(1));
        store.record(record.clone()).await.unwrap();
        record.sent = Some(NOW.plus(2));
        record.next = Next::Finished;
        store.record(record).await.unwrap();
        let row = store.message(HERE, &work.message.id).await.unwrap().unwrap();
        assert_eq!(row.sent, Some(NOW.plus(1)));
        assert_eq!(row.notification, "welcome", "without a new name the old one stays");
        assert_eq!(
            row.one_time, work.message.one_time,
            "what is one-time stays so, and only that"
        );
    }
}
