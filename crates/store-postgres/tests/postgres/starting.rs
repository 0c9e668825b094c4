//! Connecting, and the schema's versions.

use futures_util::future::join_all;
use tidings_store::conformance::fixtures::{HERE, accept};
use tidings_store::{Messages, Upkeep};
use tidings_store_postgres::{Options, PostgresStore};
use tidings_types::ErrorKind;

use crate::server::Database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_together_make_one_schema() {
    let database = Database::new().await;
    let stores = join_all((0..8).map(|_| database.open())).await;
    accept(&stores[0], "m").await;
    assert!(stores[5].message(HERE, &"m".into()).await.unwrap().is_some());
    // Each version was made once.
    let surplus: i64 = database
        .connect()
        .await
        .query_one("SELECT COUNT(*) - MAX(version) FROM schema_versions", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(surplus, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_database_is_refused() {
    let database = Database::new().await;
    database.open().await.close().await.unwrap();
    let newer = "INSERT INTO schema_versions (version, at) VALUES (99, now())";
    database.connect().await.execute(newer, &[]).await.unwrap();
    let error = PostgresStore::connect(&database.url(), Options::server())
        .await
        .unwrap_err();
    assert!(error.internal_message().unwrap().contains("version 99"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_another_encoding_is_refused() {
    let database = Database::of_kind("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0").await;
    let error = PostgresStore::connect(&database.url(), Options::server())
        .await
        .unwrap_err();
    assert!(error.internal_message().unwrap().contains("UTF8"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_without_the_password() {
    let url = "postgres://ada:secret@127.0.0.1:1/tidings";
    let error = PostgresStore::connect(url, Options::tool()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.internal_message().unwrap().contains("refused"), "{error}");
    assert!(!format!("{error} {error:?}").contains("secret"));
}

/// A server set to answer before it has synced is overruled: what is accepted is durable.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_are_synced_whatever_the_servers_default() {
    let database = Database::new().await;
    let sql = database.connect().await;
    let name: String = sql
        .query_one("SELECT current_database()::text", &[])
        .await
        .unwrap()
        .get(0);
    sql.batch_execute(&format!("ALTER DATABASE {name} SET synchronous_commit = off"))
        .await
        .unwrap();
    sql.batch_execute(
        "CREATE TABLE seen (setting text);
         CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$;",
    )
    .await
    .unwrap();
    let store = database.open().await;
    sql.batch_execute("CREATE TRIGGER see AFTER INSERT ON requests EXECUTE FUNCTION see()")
        .await
        .unwrap();
    accept(&store, "m").await;
    let seen: String = sql.query_one("SELECT setting FROM seen", &[]).await.unwrap().get(0);
    assert_eq!(seen, "on");
}
