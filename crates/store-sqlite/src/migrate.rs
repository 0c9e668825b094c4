//! The schema's versions: forward only, numbered, embedded. The file's own `user_version` says how far it is.

use rusqlite::{Connection, TransactionBehavior};
use tidings_types::Error;

use crate::fault::Outcome;

/// All migrations, oldest first; the first makes version 1. What was released is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_told.sql"),
    include_str!("../migrations/0003_jobs.sql"),
    include_str!("../migrations/0004_tenants.sql"),
    include_str!("../migrations/0005_templates.sql"),
    include_str!("../migrations/0006_preferences.sql"),
    include_str!("../migrations/0007_webhooks.sql"),
    include_str!("../migrations/0008_feed.sql"),
    include_str!("../migrations/0009_lists.sql"),
    include_str!("../migrations/0010_audiences.sql"),
    include_str!("../migrations/0011_bulk.sql"),
    include_str!("../migrations/0012_consents.sql"),
    include_str!("../migrations/0013_digests.sql"),
    include_str!("../migrations/0014_traces.sql"),
    include_str!("../migrations/0015_fills.sql"),
    include_str!("../migrations/0016_digest_recipients.sql"),
    include_str!("../migrations/0017_erasure.sql"),
    include_str!("../migrations/0018_list_words.sql"),
    include_str!("../migrations/0019_track_kinds.sql"),
    include_str!("../migrations/0020_retention.sql"),
    include_str!("../migrations/0021_revisions.sql"),
    include_str!("../migrations/0022_images.sql"),
];

/// Brings a file to this program's version. Safe beside other processes that do the same.
pub(crate) fn migrate(connection: &mut Connection) -> Outcome<()> {
    migrate_with(connection, MIGRATIONS)
}

fn migrate_with(connection: &mut Connection, migrations: &[&str]) -> Outcome<()> {
    let current = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    if version(connection)? == current {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Looked at again under the lock: another process may have been first.
    let from = version(&transaction)?;
    if from > current {
        return Err(Error::internal(format!(
            "the database is of version {from}, and this program knows versions up to {current}: use a newer program"
        ))
        .into());
    }
    let done = usize::try_from(from).unwrap_or(0);
    for migration in migrations.iter().skip(done) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", current)?;
    transaction.commit()?;
    Ok(())
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_migration_runs_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        let first = "CREATE TABLE a (x);";
        migrate_with(&mut connection, &[first]).unwrap();
        migrate_with(&mut connection, &[first]).unwrap();
        migrate_with(&mut connection, &[first, "ALTER TABLE a ADD COLUMN y;"]).unwrap();
        assert_eq!(version(&connection).unwrap(), 2);
        connection.execute("INSERT INTO a (x, y) VALUES (1, 2)", []).unwrap();
    }

    #[test]
    fn a_failing_migration_leaves_the_file_as_it_was() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_with(&mut connection, &["CREATE TABLE a (x);"]).unwrap();
        migrate_with(
            &mut connection,
            &["CREATE TABLE a (x);", "CREATE TABLE b (x);", "nonsense"],
        )
        .unwrap_err();
        assert_eq!(version(&connection).unwrap(), 1);
        connection.execute("INSERT INTO b (x) VALUES (1)", []).unwrap_err();
    }

    #[test]
    fn a_newer_file_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        let refused: Error = migrate(&mut connection).unwrap_err().into();
        assert!(refused.internal_message().unwrap().contains("version 99"), "{refused}");
    }
}
