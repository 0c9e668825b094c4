//! The suite that every store must pass.

use tidings_store_postgres::PostgresStore;

use crate::server::Database;

async fn open() -> (PostgresStore, Database) {
    let database = Database::new().await;
    (database.open().await, database)
}

tidings_store::conformance!(open);
