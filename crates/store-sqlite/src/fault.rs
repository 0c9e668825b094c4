//! What goes wrong inside the store, until it leaves as the domain error.

use rusqlite::ErrorCode;
use tidings_types::Error;

/// A failure of the engine or of the domain. The engine's words never hold values, only names of tables and columns.
#[derive(Debug)]
pub(crate) enum Fault {
    /// From SQLite.
    Engine(rusqlite::Error),
    /// From a rule of the domain.
    Domain(Error),
}

/// The result of anything inside the store.
pub(crate) type Outcome<T> = Result<T, Fault>;

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Domain(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Domain(error) => error,
            Fault::Engine(error) => match error.sqlite_error_code() {
                Some(ErrorCode::ConstraintViolation) => {
                    Self::conflict("There is one by this id already").with_internal(error)
                }
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::DiskFull) => {
                    Self::unavailable(error)
                }
                _ => Self::internal(error),
            },
        }
    }
}
