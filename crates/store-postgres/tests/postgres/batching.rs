//! Many callers, few transactions.

use futures_util::future::join_all;
use tidings_store::conformance::fixtures::{HERE, NOW, accept, single, step, wish};
use tidings_store::{Lane, Messages, Next, Upkeep};
use tidings_types::{ErrorKind, Status};

use crate::server::Database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_accepts_and_steps_share_transactions() {
    let database = Database::new().await;
    let store = database.open().await;
    let ids: Vec<String> = (0..64).map(|number| format!("m{number}")).collect();
    let accepted = join_all(ids.iter().map(|id| store.accept(single(id, |_| {})))).await;
    assert!(accepted.iter().all(Result::is_ok));

    // A row remembers the transaction that wrote it.
    let sql = database.connect().await;
    let count = "SELECT COUNT(*), COUNT(DISTINCT xmin::text) FROM messages";
    let row = sql.query_one(count, &[]).await.unwrap();
    let (messages, transactions): (i64, i64) = (row.get(0), row.get(1));
    assert_eq!(messages, 64);
    assert!(transactions <= 16, "{transactions}");

    let claimed = store.claim(wish(Lane::Normal, NOW, 64)).await.unwrap();
    let recorded = join_all(
        claimed
            .iter()
            .map(|work| store.record(step(work, Status::Sent, Next::Finished))),
    )
    .await;
    assert!(recorded.into_iter().all(Result::unwrap));
    let transactions: i64 = sql.query_one(count, &[]).await.unwrap().get(1);
    assert!(transactions <= 16, "{transactions}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_accept_fails_alone() {
    let store = Database::new().await.open().await;
    accept(&store, "taken").await;
    let accepts = (0..64).map(|number| match number {
        20 => store.accept(single("taken", |_| {})),
        40 => store.accept(single("zero", |message| message.recipient = "a\0b".to_owned())),
        50 => store.accept(single("long", |message| message.recipient = long_text())),
        _ => store.accept(single(&format!("m{number}"), |_| {})),
    });
    for (number, accepted) in join_all(accepts).await.into_iter().enumerate() {
        let kind = accepted.err().map(|error| error.kind());
        match number {
            20 => assert_eq!(kind, Some(ErrorKind::Conflict)),
            40 | 50 => assert_eq!(kind, Some(ErrorKind::Invalid)),
            _ => assert_eq!(kind, None, "{number}"),
        }
    }
    assert_eq!(store.queue_state(NOW).await.unwrap().pending, 62);
    assert!(store.message(HERE, &"zero".into()).await.unwrap().is_none());
}

/// More than an index can hold, and not compressible.
fn long_text() -> String {
    let mut state = 1_u32;
    let letter = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + u8::try_from((state >> 24) % 26).unwrap())
    };
    (0..9_000).map(letter).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_serves_those_who_asked_before() {
    let database = Database::new().await;
    let store = database.open().await;
    let ids: Vec<String> = (0..100).map(|number| format!("m{number}")).collect();
    let accepts = join_all(ids.iter().map(|id| store.accept(single(id, |_| {}))));
    let (accepted, closed) = tokio::join!(accepts, store.close());
    closed.unwrap();
    let kept = accepted.iter().filter(|one| one.is_ok()).count();
    assert!(kept > 0);
    assert!(
        accepted
            .into_iter()
            .filter_map(Result::err)
            .all(|error| error.kind() == ErrorKind::Unavailable)
    );
    let again = database.open().await;
    assert_eq!(
        again.queue_state(NOW).await.unwrap().pending,
        u64::try_from(kept).unwrap()
    );
    assert_eq!(
        store.accept(single("late", |_| {})).await.unwrap_err().kind(),
        ErrorKind::Unavailable
    );
}
