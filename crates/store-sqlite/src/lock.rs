//! One server per file.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use tidings_types::{Error, Result};

use crate::SqliteStore;

/// The name of the lock file within the data folder.
const LOCK_FILE: &str = "tidings.lock";

/// Held by the one server of a data folder. The operating system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct ServerLock {
    _file: File,
}

impl SqliteStore {
    /// Takes the lock of a data folder. Claims live in the server's memory, so a second server would send everything
    /// twice; tools open the file without the lock.
    ///
    /// # Errors
    /// `Conflict` when another server holds it.
    pub fn lock(data_dir: &Path) -> Result<ServerLock> {
        let path = data_dir.join(LOCK_FILE);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| Error::internal(format!("cannot open {}: {error}", path.display())))?;
        match file.try_lock() {
            Ok(()) => Ok(ServerLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::conflict(format!(
                "Another server is running on {}",
                data_dir.display()
            ))),
            Err(TryLockError::Error(error)) => Err(Error::internal(format!("cannot lock {}: {error}", path.display()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_server_is_refused_until_the_first_ends() {
        let folder = tempfile::tempdir().unwrap();
        let first = SqliteStore::lock(folder.path()).unwrap();
        let refused = SqliteStore::lock(folder.path()).unwrap_err();
        assert_eq!(refused.kind(), tidings_types::ErrorKind::Conflict);
        drop(first);
        SqliteStore::lock(folder.path()).unwrap();
    }
}
