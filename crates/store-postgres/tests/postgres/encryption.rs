//! Encrypted connections.

use tidings_store::Upkeep;
use tidings_store_postgres::{Options, PostgresStore};
use tidings_types::{ErrorKind, Result};

use crate::server::{self, Database};

async fn open(database: &Database, host: &str, options: Options) -> Result<PostgresStore> {
    PostgresStore::connect(&format!("{}?sslmode=require", database.network_url(host)), options).await
}

fn trusting() -> Options {
    Options {
        extra_roots: vec![server::certificate()],
        ..Options::server()
    }
}

/// How many of the store's connections are encrypted, and how many are not.
async fn connections(database: &Database) -> (i64, i64) {
    let count = "SELECT COUNT(*) FILTER (WHERE ssl), COUNT(*) FILTER (WHERE NOT ssl)
         FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE datname = current_database() AND application_name = 'tidings'";
    let row = database.connect().await.query_one(count, &[]).await.unwrap();
    (row.get(0), row.get(1))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_required_to_be_encrypted_is() {
    let database = Database::new().await;
    let store = open(&database, "localhost", trusting()).await.unwrap();
    let (told, mut listening) = tokio::sync::mpsc::channel(8);
    store.listen(move |_| told.try_send(()).unwrap_or_default());
    listening.recv().await.unwrap();
    store.ping().await.unwrap();
    let (encrypted, plain) = connections(&database).await;
    assert!(
        encrypted >= 2 && plain == 0,
        "the listening one too: {encrypted}, {plain}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_of_nobody_known_is_refused() {
    let error = open(&Database::new().await, "localhost", Options::server())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.internal_message().unwrap().contains("certificate"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_for_another_name_is_refused() {
    let error = open(&Database::new().await, "127.0.0.1", trusting()).await.unwrap_err();
    assert!(error.internal_message().unwrap().contains("certificate"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_asking_nothing_is_encrypted() {
    let database = Database::new().await;
    let store = PostgresStore::connect(&database.network_url("localhost"), Options::server())
        .await
        .unwrap();
    store.ping().await.unwrap();
    let (encrypted, plain) = connections(&database).await;
    assert!(encrypted == 0 && plain >= 1);
}
