//! The suite that every store must pass.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use tempfile::TempDir;
use tidings_store_sqlite::{Options, SqliteStore};

async fn open() -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("tidings.db"), Options::server()).unwrap();
    (store, folder)
}

tidings_store::conformance!(open);
