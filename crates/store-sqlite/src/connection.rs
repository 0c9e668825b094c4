//! Opening connections, and what holds for each of them.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tidings_types::Error;

use crate::fault::Outcome;

/// How long a statement waits for another process that writes: tools write for milliseconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How often the writer looks whether another process has finished. SQLite's own pauses grow to 100 ms, in which a
/// tool that writes row by row would leave the server hardly a turn.
const BUSY_PAUSE: Duration = Duration::from_millis(1);

/// How long the checkpointer waits. While it cuts the log back it holds the writer up, so it rather tries again later
/// than wait for someone's long look at the file.
const CHECKPOINT_TIMEOUT: Duration = Duration::from_millis(100);

/// Distinct statements kept prepared per connection: more than the store has.
const STATEMENTS: usize = 512;

/// Page cache of the writer, in KiB. All caches together stay under 32 MB: this, 4 MB for each of three readers, and
/// the checkpointer's.
const WRITER_CACHE: i32 = 16 * 1024;
/// Page cache of a reader, in KiB.
const READER_CACHE: i32 = 4 * 1024;
/// Page cache of the checkpointer, in KiB. It copies pages and looks nothing up.
const CHECKPOINTER_CACHE: i32 = 512;

/// The connection that writes.
pub(crate) fn writer(path: &Path) -> Outcome<Connection> {
    make(path)?;
    let mut connection = open(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        WRITER_CACHE,
    )?;
    connection.busy_handler(Some(wait_a_little))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A commit is synced before it is answered: accepted means durable.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // The checkpointer does this; the writer never stops for it.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    // What was redacted or deleted is overwritten where that costs no further page.
    connection.pragma_update(None, "secure_delete", "FAST")?;
    Ok(connection)
}

/// Makes the file if it is not there, for its owner alone: it holds addresses and messages. SQLite gives the files
/// beside it the same permissions.
fn make(path: &Path) -> Outcome<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::internal(format!("cannot open {}: {error}", path.display())).into()),
    }
}

/// A connection that reads.
pub(crate) fn reader(path: &Path) -> Outcome<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, READER_CACHE)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// The connection that moves the log into the file.
pub(crate) fn checkpointer(path: &Path) -> Outcome<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, CHECKPOINTER_CACHE)?;
    connection.busy_timeout(CHECKPOINT_TIMEOUT)?;
    Ok(connection)
}

/// Runs something on the writer's connection that had better fail soon than keep writes waiting.
pub(crate) fn impatiently<T>(
    connection: &mut Connection,
    run: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    connection.busy_timeout(CHECKPOINT_TIMEOUT)?;
    let result = run(connection);
    connection.busy_handler(Some(wait_a_little))?;
    result
}

/// Called with the number of pauses so far; false gives up.
fn wait_a_little(pauses: i32) -> bool {
    let waited = BUSY_PAUSE.saturating_mul(u32::try_from(pauses).unwrap_or(u32::MAX));
    let goes_on = waited < BUSY_TIMEOUT;
    if goes_on {
        std::thread::sleep(BUSY_PAUSE);
    }
    goes_on
}

fn open(path: &Path, flags: OpenFlags, cache_kib: i32) -> Outcome<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Plans must not depend on what is bound: where they do, each binding has the statement prepared anew.
    // <https://www.sqlite.org/c3ref/c_dbconfig_defensive.html>, SQLITE_DBCONFIG_ENABLE_QPSG
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A negative size is in KiB rather than pages.
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_file_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tidings.db");
        let open = writer(&path).unwrap();
        open.execute_batch("CREATE TABLE a (b)").unwrap();
        let mode = |name: &str| folder.path().join(name).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(
            (mode("tidings.db"), mode("tidings.db-wal"), mode("tidings.db-shm")),
            (0o600, 0o600, 0o600)
        );
    }
}
