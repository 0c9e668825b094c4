//! What was answered is there, however the process ends.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{NOW, acceptance, step};
use tidings_store::{
    Begin, Claim, Idempotency as _, IdempotencyKey, Lane, Messages as _, Next, StoredReply, Upkeep as _,
};
use tidings_store_sqlite::{Options, SqliteStore};
use tidings_types::{Environment, MessageId, Status};

fn open(folder: &Path) -> SqliteStore {
    SqliteStore::open(&folder.join("tidings.db"), Options::server()).unwrap()
}

fn wish(limit: u32) -> Claim {
    Claim {
        lane: Lane::Normal,
        now: NOW,
        limit,
        lease_ms: 60_000,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_dropped_without_closing_loses_nothing_and_claims_are_due_again() {
    let folder = tempfile::tempdir().unwrap();
    {
        let store = open(folder.path());
        for number in 0..50 {
            store.accept(acceptance(&format!("m{number:02}"), 100)).await.unwrap();
        }
        let claimed = store.claim(wish(20)).await.unwrap();
        for work in &claimed[..10] {
            assert!(store.record(step(work, Status::Sent, Next::Finished)).await.unwrap());
        }
    }
    let store = open(folder.path());
    let again = store.claim(wish(100)).await.unwrap();
    assert_eq!(again.len(), 40, "what was claimed and not recorded is simply due");
    let sent = store
        .message(Environment::Test, &MessageId::from("m00"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(sent.status, Status::Sent);
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_died_with_its_server_may_be_repeated_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let key = IdempotencyKey {
        environment: Environment::Test,
        operation: "POST /send".to_owned(),
        key: "once".to_owned(),
    };
    let begin = async |store: &SqliteStore| {
        store
            .begin(&key, "body", NOW, NOW.plus(86_400_000), 60_000)
            .await
            .unwrap()
    };
    let store = open(folder.path());
    assert_eq!(begin(&store).await, Begin::Fresh);
    let tool = SqliteStore::open(&folder.path().join("tidings.db"), Options::tool()).unwrap();
    assert_eq!(
        begin(&tool).await,
        Begin::Running,
        "a tool beside the server forgets nothing"
    );
    drop((store, tool));
    let store = open(folder.path());
    assert_eq!(begin(&store).await, Begin::Fresh);
    let reply = StoredReply {
        status: 202,
        body: "{}".to_owned(),
    };
    store.finish(&key, reply.clone()).await.unwrap();
    drop(store);
    assert_eq!(begin(&open(folder.path())).await, Begin::Done(reply));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_store_leaves_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.accept(acceptance("m", 100)).await.unwrap();
    store.close().await.unwrap();
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["tidings.db"], "the log was moved into the file");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_log_is_moved_and_cut_off_once_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let log = || std::fs::metadata(folder.path().join("tidings.db-wal")).unwrap().len();
    for number in 0..100 {
        store
            .accept(acceptance(&format!("m{number:03}"), 100_000))
            .await
            .unwrap();
    }
    assert!(log() > 4_000_000, "it has grown");
    let patience = tokio::time::timeout(Duration::from_secs(30), async {
        while log() > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    patience.await.unwrap();
    assert_eq!(store.claim(wish(1000)).await.unwrap().len(), 100);
}

/// Names the folder in which this test, run again as a process of its own, accepts messages until it is killed.
const VICTIM: &str = "TIDINGS_TEST_VICTIM_FOLDER";

/// Accepts messages and writes down each that was answered, until the process is killed.
#[tokio::test(flavor = "multi_thread")]
async fn victim() {
    let Ok(folder) = std::env::var(VICTIM) else {
        return;
    };
    let folder = Path::new(&folder);
    let store = open(folder);
    let tasks = (0..32).map(|task| {
        let (store, folder) = (&store, folder);
        async move {
            for number in 0.. {
                let id = format!("t{task:02}-{number:06}");
                store.accept(acceptance(&id, 1000)).await.unwrap();
                // Only after the answer.
                std::fs::write(folder.join(format!("answered-{task:02}")), number.to_string()).unwrap();
            }
        }
    });
    futures_util::future::join_all(tasks).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_loses_nothing_it_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "victim"])
        .env(VICTIM, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let answered = |task: u32| -> Option<u32> {
        std::fs::read_to_string(folder.path().join(format!("answered-{task:02}")))
            .ok()?
            .parse()
            .ok()
    };
    while (0..32).filter_map(answered).sum::<u32>() < 1000 {
        assert!(victim.try_wait().unwrap().is_none(), "it runs until it is killed");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    victim.kill().unwrap();
    victim.wait().unwrap();

    let store = open(folder.path());
    let mut kept = 0;
    for task in 0..32 {
        // The kill may have come while the note was being written, and then it is empty.
        for number in 0..=answered(task).unwrap_or(0) {
            let id = MessageId::from(format!("t{task:02}-{number:06}"));
            assert!(
                store.message(Environment::Test, &id).await.unwrap().is_some(),
                "{id} was answered and is lost"
            );
            kept += 1;
        }
    }
    assert!(kept > 900, "{kept}");
    let due = store.claim(wish(1_000_000)).await.unwrap().len();
    assert!(due >= kept, "each of them waits in the queue: {due} of {kept}");
}
