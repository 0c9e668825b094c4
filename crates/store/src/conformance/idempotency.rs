//! Replies kept for repeated calls.

use futures_util::future::join_all;

use super::fixtures::{HERE, MINUTE, NOW, THERE};
use crate::{Begin, IdempotencyKey, Store, StoredReply};

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey {
        environment: HERE,
        operation: "POST /send".to_owned(),
        key: text.to_owned(),
    }
}

fn reply(body: &str) -> StoredReply {
    StoredReply {
        status: 202,
        body: body.to_owned(),
    }
}

/// Begins a call with a body, some milliseconds after [`NOW`]. It counts as running for a minute and expires an hour
/// after it began.
async fn begin(store: &dyn Store, key: &IdempotencyKey, body: &str, after: u64) -> Begin {
    let now = NOW.plus(after);
    store
        .begin(key, body, now, now.plus(60 * MINUTE), MINUTE)
        .await
        .unwrap()
}

pub async fn a_call_is_fresh_then_running_then_done(store: &dyn Store) {
    let key = key("k");
    assert_eq!(begin(store, &key, "body", 0).await, Begin::Fresh);
    assert_eq!(begin(store, &key, "body", 1).await, Begin::Running);
    store.finish(&key, reply("done")).await.unwrap();
    assert_eq!(begin(store, &key, "body", 2).await, Begin::Done(reply("done")));
    assert_eq!(
        begin(store, &key, "body", 2 * MINUTE).await,
        Begin::Done(reply("done")),
        "a reply stays"
    );
}

pub async fn another_body_is_a_mismatch(store: &dyn Store) {
    let key = key("k");
    begin(store, &key, "body", 0).await;
    assert_eq!(begin(store, &key, "other", 1).await, Begin::Mismatch);
    store.finish(&key, reply("done")).await.unwrap();
    assert_eq!(begin(store, &key, "other", 2).await, Begin::Mismatch);
    assert_eq!(begin(store, &key, "body", 3).await, Begin::Done(reply("done")));
}

pub async fn a_call_that_never_finished_stops_counting(store: &dyn Store) {
    let key = key("k");
    begin(store, &key, "body", 0).await;
    assert_eq!(begin(store, &key, "body", MINUTE - 1).await, Begin::Running);
    assert_eq!(begin(store, &key, "body", MINUTE).await, Begin::Fresh);
    assert_eq!(
        begin(store, &key, "body", MINUTE + 1).await,
        Begin::Running,
        "the new one counts"
    );
}

pub async fn an_abandoned_call_is_fresh_again(store: &dyn Store) {
    let key = key("k");
    begin(store, &key, "body", 0).await;
    store.abandon(&key).await.unwrap();
    assert_eq!(begin(store, &key, "other", 1).await, Begin::Fresh);
    store.finish(&key, reply("done")).await.unwrap();
    store.abandon(&key).await.unwrap();
    assert_eq!(
        begin(store, &key, "other", 2).await,
        Begin::Done(reply("done")),
        "what had an effect stays"
    );
}

pub async fn the_first_expiry_stays(store: &dyn Store) {
    let key = key("k");
    begin(store, &key, "body", 0).await;
    store.finish(&key, reply("done")).await.unwrap();
    assert_eq!(
        begin(store, &key, "body", 59 * MINUTE).await,
        Begin::Done(reply("done"))
    );
    assert_eq!(
        begin(store, &key, "other", 60 * MINUTE).await,
        Begin::Fresh,
        "repeating does not prolong it"
    );
}

pub async fn keys_are_told_apart_by_everything(store: &dyn Store) {
    let here = key("k");
    begin(store, &here, "body", 0).await;
    let there = IdempotencyKey {
        environment: THERE,
        ..here.clone()
    };
    let elsewhere = IdempotencyKey {
        operation: "POST /bulk".to_owned(),
        ..here.clone()
    };
    for other in [there, elsewhere, key("K")] {
        assert_eq!(begin(store, &other, "other", 1).await, Begin::Fresh, "{other:?}");
    }
}

pub async fn only_one_of_many_is_fresh(store: &dyn Store) {
    let key = key("k");
    let begun = join_all((0..20).map(|_| begin(store, &key, "body", 0))).await;
    assert_eq!(begun.iter().filter(|begin| **begin == Begin::Fresh).count(), 1);
    assert_eq!(begun.iter().filter(|begin| **begin == Begin::Running).count(), 19);
}
