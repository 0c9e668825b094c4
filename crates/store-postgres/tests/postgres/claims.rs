//! Several nodes, one queue.

use std::collections::HashSet;
use std::time::Duration;

use tidings_store::conformance::fixtures::{NOW, accept, ids, several, single, step, wish};
use tidings_store::{Claim, Lane, Messages, Next};
use tidings_types::{EventType, Status};

use crate::server::Database;

/// A wish for all normal work, held for some milliseconds only.
fn brief(lease_ms: u64) -> Claim {
    Claim {
        lease_ms,
        ..wish(Lane::Normal, NOW, 100)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_never_share_a_message() {
    let database = Database::new().await;
    let (one, two) = (database.open().await, database.open().await);
    let messages: Vec<String> = (0..300).map(|number| format!("m{number:03}")).collect();
    let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
    one.accept(several("many", &messages)).await.unwrap();

    let mut seen = HashSet::new();
    let mut both = [0, 0];
    while seen.len() < messages.len() {
        let claim = wish(Lane::Normal, NOW, 20);
        let (first, second) = tokio::join!(one.claim(claim), two.claim(claim));
        for (node, claimed) in [first.unwrap(), second.unwrap()].into_iter().enumerate() {
            both[node] += claimed.len();
            for work in claimed {
                assert!(
                    seen.insert(work.message.id.clone()),
                    "{} was claimed twice",
                    work.message.id
                );
            }
        }
    }
    assert!(both.iter().all(|count| *count > 0), "both worked: {both:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_that_ended_is_claimed_again_and_the_late_step_is_refused() {
    let database = Database::new().await;
    let (one, two) = (database.open().await, database.open().await);
    accept(&one, "m").await;
    let late = one.claim(brief(1)).await.unwrap().remove(0);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(
        two.next_due(Lane::Normal).await.unwrap(),
        Some(NOW),
        "nobody holds it any more"
    );

    let claimed = two.claim(wish(Lane::Normal, NOW, 10)).await.unwrap();
    assert_eq!(ids(&claimed), ["m"]);
    assert_eq!(two.next_due(Lane::Normal).await.unwrap(), None);
    assert!(!one.record(step(&late, Status::Sent, Next::Finished)).await.unwrap());
    let claim = (late.message.environment, late.message.id.clone(), late.token);
    one.release(vec![claim]).await.unwrap();
    assert!(
        one.claim(brief(1)).await.unwrap().is_empty(),
        "the late node lets go of nothing"
    );
    assert!(
        two.record(step(&claimed[0], Status::Sent, Next::Finished))
            .await
            .unwrap()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_comes_late_counts_while_nobody_else_took_over() {
    let store = Database::new().await.open().await;
    accept(&store, "m").await;
    let late = store.claim(brief(1)).await.unwrap().remove(0);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(store.record(step(&late, Status::Sent, Next::Finished)).await.unwrap());
    assert!(store.claim(brief(1)).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kept_step_renews_the_lease() {
    let store = Database::new().await.open().await;
    accept(&store, "m").await;
    let work = store.claim(brief(3_000)).await.unwrap().remove(0);
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(
            store
                .record(step(&work, Status::Routed, Next::KeepClaim))
                .await
                .unwrap()
        );
    }
    assert!(
        store.claim(brief(1)).await.unwrap().is_empty(),
        "held for four seconds and still is"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_of_one_message_that_arrive_together_are_all_written() {
    let store = Database::new().await.open().await;
    accept(&store, "m").await;
    let work = store.claim(brief(60_000)).await.unwrap().remove(0);
    let steps = (0..20).map(|_| {
        let mut record = step(&work, Status::Routed, Next::KeepClaim);
        record.events = vec![tidings_types::Event::new(EventType::Routed, NOW)];
        store.record(record)
    });
    for written in futures_util::future::join_all(steps).await {
        assert!(written.unwrap());
    }
    let history = store.history(work.message.environment, &work.message.id).await.unwrap();
    assert_eq!(history.len(), 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_and_a_cancellation_never_both_win() {
    let database = Database::new().await;
    let (one, two) = (database.open().await, database.open().await);
    for number in 0..50 {
        let id = format!("m{number}");
        one.accept(single(&id, |_| {})).await.unwrap();
        let message = id.as_str().into();
        let environment = tidings_store::conformance::fixtures::HERE;
        let (claimed, canceled) = tokio::join!(one.claim(brief(60_000)), two.cancel(environment, &message, NOW));
        let claimed = claimed.unwrap().len() == 1;
        let canceled = matches!(canceled.unwrap(), tidings_store::CancelResult::Canceled(_));
        // Neither is possible too: a claim passes by what a cancellation is just looking at.
        assert!(!(claimed && canceled), "{id}");
        assert!(claimed || canceled, "{id} is somewhere");
    }
}
