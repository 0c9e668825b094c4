//! What goes wrong inside the store, until it leaves as the domain error.

use std::error::Error as _;

use deadpool_postgres::{HookError, PoolError};
use tidings_types::Error;
use tokio_postgres::error::SqlState;

/// A failure of the database, of the way there, or of the domain.
#[derive(Debug)]
pub(crate) enum Fault {
    /// From PostgreSQL or the connection to it.
    Engine(tokio_postgres::Error),
    /// No connection could be had.
    Pool(PoolError),
    /// From a rule of the domain.
    Domain(Error),
}

/// The result of anything inside the store.
pub(crate) type Outcome<T> = Result<T, Fault>;

impl Fault {
    /// Whether the connection is gone, and with it the transaction, unless that was about to end.
    pub(crate) fn is_lost(&self) -> bool {
        match self {
            Self::Engine(error) => match error.code() {
                Some(code) => is_shutting_down(code),
                None => {
                    error.is_closed()
                        || error
                            .source()
                            .is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
                }
            },
            Self::Pool(PoolError::Backend(error)) => error.code().is_none_or(is_shutting_down),
            Self::Pool(_) | Self::Domain(_) => false,
        }
    }

    /// Whether the same may well succeed in a moment.
    pub(crate) fn is_passing(&self) -> bool {
        let collided = matches!(self, Self::Engine(error)
            if matches!(error.code(), Some(&SqlState::T_R_DEADLOCK_DETECTED | &SqlState::T_R_SERIALIZATION_FAILURE)));
        collided || self.is_lost()
    }

    /// Whether the database refuses what was to be written, so that the same without it would be written.
    pub(crate) fn is_refusal(&self) -> bool {
        match self {
            Self::Engine(error) => error.code().is_some() && !self.is_passing(),
            Self::Domain(_) => true,
            Self::Pool(_) => false,
        }
    }
}

/// The database goes down, or comes up.
fn is_shutting_down(code: &SqlState) -> bool {
    *code == SqlState::ADMIN_SHUTDOWN || *code == SqlState::CRASH_SHUTDOWN || *code == SqlState::CANNOT_CONNECT_NOW
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Engine(error)
    }
}

impl From<PoolError> for Fault {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::PostCreateHook(HookError::Backend(error)) => Self::Pool(PoolError::Backend(error)),
            other => Self::Pool(other),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Domain(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let passing = fault.is_passing();
        match fault {
            Fault::Domain(error) => error,
            Fault::Pool(PoolError::Backend(error)) => Self::unavailable(words(&error)),
            Fault::Pool(PoolError::Closed) => closed(),
            Fault::Pool(error) => Self::unavailable(error),
            Fault::Engine(error) if passing => Self::unavailable(words(&error)),
            Fault::Engine(error) => refused(&error),
        }
    }
}

/// A refusal of the database in the domain's terms. Values come from callers, so two kinds of them are theirs to mend.
fn refused(error: &tokio_postgres::Error) -> Error {
    let words = words(error);
    match error.code() {
        Some(&SqlState::UNIQUE_VIOLATION) => Error::conflict("There is one by this id already").with_internal(words),
        // Texts in Rust are UTF-8, as the database is, so this is the one character it cannot keep.
        Some(&SqlState::CHARACTER_NOT_IN_REPERTOIRE) => {
            Error::invalid("A text must not contain the character U+0000").with_internal(words)
        }
        // Where an index ends: at about 2,700 bytes.
        Some(&SqlState::PROGRAM_LIMIT_EXCEEDED) => {
            Error::invalid("An id, a name or an address is too long").with_internal(words)
        }
        Some(&SqlState::DISK_FULL | &SqlState::TOO_MANY_CONNECTIONS | &SqlState::READ_ONLY_SQL_TRANSACTION) => {
            Error::unavailable(words)
        }
        _ => Error::internal(words),
    }
}

/// An error for the log. The database's details quote rows, which may hold codes, so only its sentence is kept; of
/// errors in values (class 22) not even that.
pub(crate) fn words(error: &tokio_postgres::Error) -> String {
    let Some(from_database) = error.as_db_error() else {
        return error
            .source()
            .map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
    };
    let code = from_database.code().code();
    let sentence = if code.starts_with("22") {
        "a value was refused"
    } else {
        from_database.message()
    };
    match from_database.constraint().or(from_database.table()) {
        Some(place) => format!("PostgreSQL {code} at {place}: {sentence}"),
        None => format!("PostgreSQL {code}: {sentence}"),
    }
}

/// The answer of a store that was closed.
pub(crate) fn closed() -> Error {
    Error::unavailable("the store is closed")
}
