//! Lost connections.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use tidings_store::conformance::fixtures::{HERE, NOW, accept, single, step, wish};
use tidings_store::{Documents, Keys, Lane, Messages, Next, Upkeep};
use tidings_types::{Event, EventType, MessageId, Status};

use crate::server::Database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_verb_recovers_on_a_new_connection() {
    let database = Database::new().await;
    let store = database.open().await;
    accept(&store, "m").await;
    assert!(database.cut_connections().await > 0);
    assert!(store.message(HERE, &"m".into()).await.unwrap().is_some());
    database.cut_connections().await;
    accept(&store, "n").await;
    database.cut_connections().await;
    let claimed = store.claim(wish(Lane::Normal, NOW, 1)).await.unwrap();
    database.cut_connections().await;
    assert!(
        store
            .record(step(&claimed[0], Status::Sent, Next::Finished))
            .await
            .unwrap()
    );
    database.cut_connections().await;
    assert!(store.secret(HERE, "name", "value").await.is_ok());
    database.cut_connections().await;
    assert!(store.documents_revision(HERE).await.is_ok());
    database.cut_connections().await;
    store.ping().await.unwrap();
}

/// Does something again and again, by its number, while all connections are cut now and then; returns how often.
async fn under_cuts(database: &Database, work: impl AsyncFn(usize)) -> usize {
    let done = AtomicBool::new(false);
    let cutting = async {
        let mut cut = 0;
        for _ in 0..12 {
            tokio::time::sleep(Duration::from_millis(150)).await;
            cut += database.cut_connections().await;
        }
        done.store(true, Ordering::Relaxed);
        cut
    };
    let working = async {
        let mut rounds = 0;
        while !done.load(Ordering::Relaxed) {
            work(rounds).await;
            rounds += 1;
        }
        rounds
    };
    let (rounds, cut) = tokio::join!(working, cutting);
    assert!(cut > 12, "connections were cut: {cut}");
    rounds
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_accepted_while_connections_are_cut_is_there_once() {
    let database = Database::new().await;
    let store = database.open().await;
    let rounds = under_cuts(&database, async |round| {
        let ids: Vec<String> = (0..10).map(|number| format!("m{round}-{number}")).collect();
        for accepted in join_all(ids.iter().map(|id| store.accept(single(id, |_| {})))).await {
            // Not even when the connection was lost with the answer to COMMIT.
            accepted.unwrap();
        }
    })
    .await;
    let accepted = u32::try_from(rounds * 10).unwrap();
    assert_eq!(store.queue_state(NOW).await.unwrap().pending, u64::from(accepted));
    let claimed = store.claim(wish(Lane::Normal, NOW, accepted + 1)).await.unwrap();
    assert_eq!(claimed.len(), rounds * 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_recorded_while_connections_are_cut_is_written_once() {
    let database = Database::new().await;
    let store = database.open().await;
    accept(&store, "m").await;
    let work = store.claim(wish(Lane::Normal, NOW, 1)).await.unwrap().remove(0);
    let rounds = under_cuts(&database, async |_| {
        let mut record = step(&work, Status::Routed, Next::KeepClaim);
        record.events = vec![Event::new(EventType::Routed, NOW)];
        assert!(store.record(record).await.unwrap());
    })
    .await;
    let history = store.history(HERE, &MessageId::from("m")).await.unwrap();
    assert_eq!(history.len(), rounds);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_goes_away_leaves_no_transaction_open() {
    let database = Database::new().await;
    let store = database.open().await;
    accept(&store, "m").await;
    for micros in (0..2_000).step_by(40) {
        let abandoned = tokio::time::timeout(Duration::from_micros(micros), store.secret(HERE, "name", "value"));
        drop(abandoned.await);
    }
    store.ping().await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let open = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    let open: i64 = database.connect().await.query_one(open, &[]).await.unwrap().get(0);
    assert_eq!(open, 0);
}
