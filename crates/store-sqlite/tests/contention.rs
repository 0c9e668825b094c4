//! Many callers at once, and another process beside them.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use common::{NOW, acceptance, step};
use futures_util::future::join_all;
use tidings_store::{ApiKey, Claim, Keys as _, Lane, Messages as _, Next};
use tidings_store_sqlite::{Options, SqliteStore};
use tidings_types::{Environment, KeyMode, KeyScope, Status};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_callers_and_a_second_connection_never_see_a_lock() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tidings.db");
    let store = SqliteStore::open(&path, Options::server()).unwrap();
    let done = Arc::new(AtomicBool::new(false));

    // Another program with the file open, writing one row at a time.
    let beside = std::thread::spawn({
        let (path, done) = (path.clone(), Arc::clone(&done));
        move || {
            let connection = rusqlite::Connection::open(path).unwrap();
            connection.busy_timeout(Duration::from_secs(10)).unwrap();
            let mut written = 0;
            while !done.load(Ordering::Relaxed) {
                let sql = "INSERT INTO secrets (environment, name, value) VALUES (0, ?1, 'x')";
                connection.execute(sql, [written.to_string()]).unwrap();
                written += 1;
                std::thread::sleep(Duration::from_millis(1));
            }
            written
        }
    });

    let callers = join_all((0..64).map(|caller| {
        let store = &store;
        async move {
            for number in 0..20 {
                store
                    .accept(acceptance(&format!("c{caller:02}-{number:02}"), 1000))
                    .await
                    .unwrap();
                let wish = Claim {
                    lane: Lane::Normal,
                    now: NOW,
                    limit: 2,
                    lease_ms: 60_000,
                };
                for work in store.claim(wish).await.unwrap() {
                    assert!(store.record(step(&work, Status::Sent, Next::Finished)).await.unwrap());
                    store
                        .message(Environment::Test, &work.message.id)
                        .await
                        .unwrap()
                        .unwrap();
                }
            }
        }
    }));
    callers.await;
    done.store(true, Ordering::Relaxed);
    assert!(beside.join().unwrap() > 0, "the other program wrote meanwhile");
    assert_eq!(store.queue_state(NOW).await.unwrap().pending, 0);
}

#[tokio::test]
async fn a_tool_adds_a_key_beside_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tidings.db");
    let _lock = SqliteStore::lock(folder.path()).unwrap();
    let server = SqliteStore::open(&path, Options::server()).unwrap();
    let tool = SqliteStore::open(&path, Options::tool()).unwrap();
    let key = ApiKey {
        id: "key_1".to_owned(),
        environment: Environment::Test,
        scope: KeyScope::Published,
        mode: KeyMode::Live,
        hint: "tk_te".to_owned(),
        hash: "hash".to_owned(),
        name: "from the shell".to_owned(),
        created: NOW,
        revoked: None,
    };
    tool.create_key(key.clone()).await.unwrap();
    drop(tool);
    assert_eq!(server.key_by_hash("hash").await.unwrap(), Some(key));
}
