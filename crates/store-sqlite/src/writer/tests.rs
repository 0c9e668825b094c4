use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tidings_types::ErrorKind;

use super::*;

fn start(setup: &str) -> Writer {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(setup).unwrap();
    Writer::start(connection, Arc::default()).unwrap().0
}

async fn insert(writer: &Writer, value: i64) -> Result<usize> {
    writer
        .run(move |write| Ok(write.sql.execute("INSERT INTO a VALUES (?1)", [value])?))
        .await
}

async fn count(writer: &Writer) -> i64 {
    writer
        .run(|write| Ok(write.sql.query_row("SELECT COUNT(*) FROM a", [], |row| row.get(0))?))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_panicking_job_fails_alone() {
    let writer = start("CREATE TABLE a (x INTEGER PRIMARY KEY)");
    let panicking = writer.run::<()>(|write| {
        write.sql.execute("INSERT INTO a VALUES (7)", []).unwrap();
        panic!("on purpose")
    });
    let (panicked, written) = tokio::join!(panicking, insert(&writer, 1));
    assert_eq!(panicked.unwrap_err().kind(), ErrorKind::Internal);
    written.unwrap();
    assert_eq!(count(&writer).await, 1);
}

#[tokio::test]
async fn a_failing_job_is_undone_and_the_others_are_not() {
    let writer = start("CREATE TABLE a (x INTEGER PRIMARY KEY)");
    let twice = writer.run(|write| {
        write.sql.execute("INSERT INTO a VALUES (5)", [])?;
        Ok(write.sql.execute("INSERT INTO a VALUES (5)", [])?)
    });
    let (one, twice, two) = tokio::join!(insert(&writer, 1), twice, insert(&writer, 2));
    assert_eq!(twice.unwrap_err().kind(), ErrorKind::Conflict);
    one.unwrap();
    two.unwrap();
    assert_eq!(count(&writer).await, 2);
}

#[tokio::test]
async fn jobs_beside_a_failing_one_take_effect_once() {
    let writer = start("CREATE TABLE a (x INTEGER)");
    let slow = writer.run(|write| {
        // The others are queued meanwhile, and so share a commit.
        std::thread::sleep(std::time::Duration::from_millis(20));
        Ok(write.sql.execute("INSERT INTO a VALUES (0)", [])?)
    });
    let claimed = writer.run(|write| {
        write.sql.execute("INSERT INTO a VALUES (1)", [])?;
        Ok(write.leases.claim((tidings_types::Environment::Test, "m".into())))
    });
    let failing = writer.run(|write| Ok(write.sql.execute("INSERT INTO nowhere VALUES (1)", [])?));
    let (slow, claimed, failing) = tokio::join!(slow, claimed, failing);
    slow.unwrap();
    failing.unwrap_err();
    assert_eq!(count(&writer).await, 2);
    let token = claimed.unwrap();
    let holds = writer.run(move |write| {
        Ok(write
            .leases
            .holds(&(tidings_types::Environment::Test, "m".into()), token))
    });
    assert!(holds.await.unwrap());
}

#[tokio::test]
async fn a_failed_commit_answers_every_job_with_an_error() {
    // A deferred constraint lets each insert pass and the commit fail.
    let writer = start(
        "PRAGMA foreign_keys = ON; CREATE TABLE b (y INTEGER PRIMARY KEY); INSERT INTO b VALUES (1);
         CREATE TABLE a (x INTEGER REFERENCES b (y) DEFERRABLE INITIALLY DEFERRED)",
    );
    let ran = Arc::new(AtomicU32::new(0));
    let jobs = [1, 2].map(|value| {
        let ran = Arc::clone(&ran);
        writer.run(move |write| {
            // The first job waits within the batch's thread until the second is queued as well.
            if ran.fetch_add(1, Ordering::SeqCst) == 0 {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            Ok(write.sql.execute("INSERT INTO a VALUES (?1)", [value])?)
        })
    });
    let results = futures_util::future::join_all(jobs).await;
    assert!(results.iter().any(Result::is_err), "the batch that held 2 failed");
    let kept = i64::try_from(results.iter().filter(|result| result.is_ok()).count()).unwrap();
    assert_eq!(
        count(&writer).await,
        kept,
        "what was answered with an error is not there, the rest is"
    );
    insert(&writer, 1).await.unwrap();
}

#[tokio::test]
async fn stopping_serves_those_who_asked_before() {
    let (writer, thread) = {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE a (x INTEGER PRIMARY KEY)")
            .unwrap();
        Writer::start(connection, Arc::default()).unwrap()
    };
    let (one, two, ()) = tokio::join!(insert(&writer, 1), insert(&writer, 2), writer.stop());
    one.unwrap();
    two.unwrap();
    thread.join().unwrap();
    assert_eq!(insert(&writer, 3).await.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn what_may_wait_waits_and_shares_a_commit_only_so_far() {
    let writer = start("CREATE TABLE a (x INTEGER PRIMARY KEY)");
    let (gate, closed) = std::sync::mpsc::channel::<()>();
    let done = Arc::new(std::sync::Mutex::new(Vec::new()));
    let note = |name: &'static str| {
        let done = Arc::clone(&done);
        move |_write: &mut Write<'_>| {
            done.lock().unwrap().push(name);
            Ok(())
        }
    };
    // Everything else piles up while the thread waits at the gate.
    let waiting = writer.run(move |_| {
        let _: () = closed.recv().unwrap();
        Ok(())
    });
    let later = async {
        tokio::join!(
            writer.run_later(200, note("later 1")),
            writer.run_later(200, note("later 2")),
            writer.run(note("now"))
        )
    };
    let open = async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        gate.send(()).unwrap();
    };
    let (first, (one, two, now), ()) = tokio::join!(waiting, later, open);
    first.unwrap();
    one.unwrap();
    two.unwrap();
    now.unwrap();
    assert_eq!(*done.lock().unwrap(), ["now", "later 1", "later 2"]);
}
