//! How values stand in columns.

use rusqlite::Row;
use rusqlite::types::{FromSql, Type};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tidings_types::{Environment, Error, Timestamp};

use crate::fault::Outcome;

/// An environment as stored.
pub(crate) const fn environment(value: Environment) -> i64 {
    match value {
        Environment::Production => 0,
        Environment::Test => 1,
    }
}

/// A value as JSON text.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Outcome<String> {
    serde_json::to_string(value).map_err(|error| Error::internal(error).into())
}

/// Reads a row's columns one after the other, in the order of the query.
pub(crate) struct Cells<'r> {
    row: &'r Row<'r>,
    next: usize,
}

impl<'r> Cells<'r> {
    /// Starts at the first column.
    pub(crate) fn new(row: &'r Row<'r>) -> Self {
        Self { row, next: 0 }
    }

    /// The next column.
    pub(crate) fn take<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        let value = self.row.get(self.next);
        self.next += 1;
        value
    }

    /// The next column as a moment.
    pub(crate) fn moment(&mut self) -> rusqlite::Result<Timestamp> {
        self.take().map(Timestamp::from_millis)
    }

    /// The next column as a moment that may be missing.
    pub(crate) fn maybe_moment(&mut self) -> rusqlite::Result<Option<Timestamp>> {
        Ok(self.take::<Option<i64>>()?.map(Timestamp::from_millis))
    }

    /// The next column as a count.
    pub(crate) fn count(&mut self) -> rusqlite::Result<u64> {
        let count = self.take::<i64>()?;
        u64::try_from(count).map_err(|_| self.broken("count"))
    }

    /// The next column as an environment.
    pub(crate) fn environment(&mut self) -> rusqlite::Result<Environment> {
        match self.take::<i64>()? {
            0 => Ok(Environment::Production),
            1 => Ok(Environment::Test),
            _ => Err(self.broken("environment")),
        }
    }

    /// The next column as one of a set of names.
    pub(crate) fn name<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
        let column = self.next;
        let text = self.row.get_ref(column)?.as_str()?;
        self.next += 1;
        parse(text).ok_or_else(|| self.broken("name"))
    }

    /// The next column as one of a set of names, or missing.
    pub(crate) fn maybe_name<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> rusqlite::Result<Option<T>> {
        let text = self.row.get_ref(self.next)?.as_str_or_null()?;
        self.next += 1;
        text.map(|text| parse(text).ok_or_else(|| self.broken("name")))
            .transpose()
    }

    /// The next column as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> rusqlite::Result<T> {
        let text = self.row.get_ref(self.next)?.as_str()?;
        self.next += 1;
        serde_json::from_str(text).map_err(|_| self.broken("JSON"))
    }

    /// The next column as JSON that may be missing.
    pub(crate) fn maybe_json<T: DeserializeOwned>(&mut self) -> rusqlite::Result<Option<T>> {
        let text = self.row.get_ref(self.next)?.as_str_or_null()?;
        self.next += 1;
        text.map(|text| serde_json::from_str(text).map_err(|_| self.broken("JSON")))
            .transpose()
    }

    /// What is stored is not what this program writes. The value itself stays out of the words: it may be a code.
    fn broken(&self, what: &str) -> rusqlite::Error {
        let column = self.next.saturating_sub(1);
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, format!("broken {what}").into())
    }
}
