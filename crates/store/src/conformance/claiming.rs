//! Claims: order, exclusivity, release.

use std::collections::HashSet;

use futures_util::future::join_all;

use super::fixtures::{MINUTE, NOW, accept, claim_all, claim_new, ids, several, single, step, wish};
use crate::{Lane, Next, Store};
use tidings_types::{KeyScope, Status};

pub async fn the_oldest_due_comes_first_and_lanes_are_apart(store: &dyn Store) {
    for (id, age, lane) in [
        ("young", 1, Lane::Normal),
        ("old", 3, Lane::Normal),
        ("middle", 2, Lane::Normal),
        ("bulk", 9, Lane::Bulk),
        ("urgent", 0, Lane::Urgent),
    ] {
        store
            .accept(single(id, |message| {
                message.due = NOW.minus(age * MINUTE);
                message.lane = lane;
            }))
            .await
            .unwrap();
    }
    store
        .accept(single("later", |message| message.due = NOW.plus(1)))
        .await
        .unwrap();

    let first = store.claim(wish(Lane::Normal, NOW, 2)).await.unwrap();
    assert_eq!(ids(&first), ["old", "middle"]);
    assert_eq!(ids(&store.claim(wish(Lane::Normal, NOW, 10)).await.unwrap()), ["young"]);
    assert_eq!(
        ids(&store.claim(wish(Lane::Urgent, NOW, 10)).await.unwrap()),
        ["urgent"]
    );
    assert_eq!(ids(&store.claim(wish(Lane::Bulk, NOW, 10)).await.unwrap()), ["bulk"]);
    assert_eq!(
        ids(&store.claim(wish(Lane::Normal, NOW.plus(1), 10)).await.unwrap()),
        ["later"]
    );
}

pub async fn what_is_claimed_is_not_claimed_again(store: &dyn Store) {
    claim_new(store, "m").await;
    assert!(claim_all(store).await.is_empty());
    assert!(store.claim(wish(Lane::Normal, NOW, 0)).await.unwrap().is_empty());
}

pub async fn concurrent_claims_never_share_a_message(store: &dyn Store) {
    let messages: Vec<String> = (0..100).map(|number| format!("m{number:03}")).collect();
    let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
    store.accept(several("many", &messages)).await.unwrap();

    let claims = join_all((0..10).map(|_| store.claim(wish(Lane::Normal, NOW, 15)))).await;
    let mut seen = HashSet::new();
    let mut tokens = HashSet::new();
    for work in claims.into_iter().flat_map(Result::unwrap) {
        assert!(
            seen.insert(work.message.id.clone()),
            "{} was claimed twice",
            work.message.id
        );
        tokens.insert((work.message.id, work.token));
    }
    // Claims that ran side by side may have left some to the next.
    for work in claim_all(store).await {
        assert!(
            seen.insert(work.message.id.clone()),
            "{} was claimed twice",
            work.message.id
        );
    }
    assert_eq!(seen.len(), 100);
}

pub async fn released_work_is_due_as_before(store: &dyn Store) {
    let work = claim_new(store, "m").await;
    let key = (work.message.environment, work.message.id.clone());
    store
        .release(vec![(key.0, key.1.clone(), work.token.wrapping_add(1))])
        .await
        .unwrap();
    assert!(claim_all(store).await.is_empty(), "only the holder lets go");

    store.release(vec![(key.0, key.1.clone(), work.token)]).await.unwrap();
    let again = claim_all(store).await;
    assert_eq!(ids(&again), ["m"]);
    assert_ne!(again[0].token, work.token, "each claim has a proof of its own");
    assert!(
        !store.record(step(&work, Status::Sent, Next::Finished)).await.unwrap(),
        "the old claim is lost"
    );
    assert!(
        store
            .record(step(&again[0], Status::Sent, Next::Finished))
            .await
            .unwrap()
    );
}

pub async fn next_due_is_that_of_unclaimed_work(store: &dyn Store) {
    assert_eq!(store.next_due(Lane::Normal).await.unwrap(), None);
    accept(store, "now").await;
    store
        .accept(single("later", |message| message.due = NOW.plus(MINUTE)))
        .await
        .unwrap();
    assert_eq!(store.next_due(Lane::Normal).await.unwrap(), Some(NOW));
    assert_eq!(store.next_due(Lane::Bulk).await.unwrap(), None);
    assert_eq!(ids(&claim_all(store).await), ["now"]);
    assert_eq!(store.next_due(Lane::Normal).await.unwrap(), Some(NOW.plus(MINUTE)));
}

pub async fn a_claim_brings_message_and_request(store: &dyn Store) {
    let mut acceptance = several("request", &["m1", "m2"]);
    acceptance.request.scope = KeyScope::Draft;
    let expected = acceptance.request.clone();
    store.accept(acceptance).await.unwrap();
    let claimed = claim_all(store).await;
    assert_eq!(claimed.len(), 2);
    for work in claimed {
        assert_eq!(work.request, expected);
        assert_eq!((work.lane, work.deadline), (Lane::Normal, NOW.plus(60 * MINUTE)));
        let stored = store
            .message(work.message.environment, &work.message.id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(work.message, stored);
    }
}
