//! Files of every released version open, and nothing in them is lost.
//!
//! `fixtures/v1.sql` is the dump of a file that the first version wrote, with a row in each table.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use serde_json::json;
use tempfile::TempDir;
use tidings_store::{
    Begin, Claim, DocumentKind, Documents, FeedFilter, Feeds, Idempotency, IdempotencyKey, Keys, Lane, Messages,
    PageRequest, People, Shelves, StoredReply,
};
use tidings_store_sqlite::{Options, SqliteStore};
use tidings_types::{Environment, EventType, MessageId, RequestId, Status, Timestamp, TopicId, UserId};

const HERE: Environment = Environment::Test;

/// The moment at which the rows of the fixture were written.
const THEN: Timestamp = Timestamp::from_millis(1_790_000_000_000);

fn restore(dump: &str) -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tidings.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch(dump).unwrap();
    every_table_has_a_row(&path);
    (SqliteStore::open(&path, Options::server()).unwrap(), folder)
}

fn every_table_has_a_row(path: &Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut statement = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .unwrap();
    let tables: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(tables.len() > 15);
    for table in tables {
        let found: bool = connection
            .query_row(&format!("SELECT EXISTS (SELECT 1 FROM {table})"), [], |row| row.get(0))
            .unwrap();
        assert!(found, "{table} is empty");
    }
}

#[tokio::test]
async fn a_file_of_version_1_keeps_its_rows() {
    let (store, _folder) = restore(include_str!("fixtures/v1.sql"));
    let page = || PageRequest { after: None, limit: 10 };
    let (ada, sent) = (UserId::from("ada"), MessageId::from("sent"));

    let message = store.message(HERE, &sent).await.unwrap().unwrap();
    assert_eq!((message.status, message.sent), (Status::Sent, Some(THEN)));
    assert_eq!(
        (message.tags.as_slice(), message.providers.len()),
        (["news".to_owned()].as_slice(), 1)
    );
    assert_eq!(
        store
            .request(HERE, &RequestId::from("sent"))
            .await
            .unwrap()
            .unwrap()
            .accepted_at,
        THEN
    );
    assert_eq!(store.history(HERE, &sent).await.unwrap()[0].kind, EventType::Sent);
    assert_eq!(
        store.outputs(HERE, &sent).await.unwrap()[0].content,
        json!({"subject": "Hello"})
    );
    assert_eq!(
        store
            .feed(HERE, "ada", FeedFilter::default(), THEN, page())
            .await
            .unwrap()
            .items[0]
            .message_id,
        sent
    );
    assert_eq!(store.outbox(None, page()).await.unwrap().items[0].to, "+11234567890");

    let claim = Claim {
        lane: Lane::Normal,
        now: THEN,
        limit: 10,
        lease_ms: 60_000,
    };
    let claimed = store.claim(claim).await.unwrap();
    assert_eq!(claimed[0].message.id, MessageId::from("waiting"));

    let template = store
        .document_by_name(HERE, DocumentKind::Notification, "welcome")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((template.id.as_str(), template.published_version), ("nt_1", Some(1)));
    let version = store
        .version(HERE, DocumentKind::Notification, "nt_1", 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(version.body, json!({"title": "Hello"}));
    assert!(store.documents_revision(HERE).await.unwrap() > 0);

    assert_eq!(
        store.profile(HERE, &ada).await.unwrap().unwrap()["email"],
        "ada@example.com"
    );
    assert_eq!(store.tokens(HERE, &ada).await.unwrap()[0].token, "token");
    assert!(
        store
            .preference(HERE, &ada, None, &TopicId::from("news"))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(store.key_by_hash("hash").await.unwrap().unwrap().id, "key_1");
    assert_eq!(store.secret(HERE, "links", "another").await.unwrap(), "sealed");

    let key = IdempotencyKey {
        environment: HERE,
        operation: "POST /send".to_owned(),
        key: "k".to_owned(),
    };
    let begin = store.begin(&key, "fingerprint", THEN, THEN.plus(1), 1).await.unwrap();
    assert_eq!(
        begin,
        Begin::Done(StoredReply {
            status: 202,
            body: "{}".to_owned()
        })
    );
}
