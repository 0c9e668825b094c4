//! How values stand in columns.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tidings_types::{Environment, Error, Timestamp};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::fault::{Fault, Outcome};

/// An environment as stored.
pub(crate) const fn environment(value: Environment) -> i16 {
    match value {
        Environment::Production => 0,
        Environment::Test => 1,
    }
}

/// A value as JSON text. Control characters are escaped in it, so that every string of a caller can be kept.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Outcome<String> {
    serde_json::to_string(value).map_err(|error| Error::internal(error).into())
}

/// Text of others that must be kept, whatever is in it: the one character that cannot be is replaced.
pub(crate) fn lenient(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Texts as PostgreSQL writes an array of them: what an element of an array parameter must be, since those cannot be
/// arrays of arrays of different lengths.
pub(crate) fn array<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> String {
    let mut literal = String::from("{");
    for text in texts {
        if literal.len() > 1 {
            literal.push(',');
        }
        literal.push('"');
        for character in text.as_ref().chars() {
            if matches!(character, '"' | '\\') {
                literal.push('\\');
            }
            literal.push(character);
        }
        literal.push('"');
    }
    literal.push('}');
    literal
}

/// A number of rows wanted, and one more, which tells whether there is another page.
pub(crate) fn surplus(limit: u32) -> i64 {
    i64::from(limit) + 1
}

/// One column of many rows, as an array parameter.
pub(crate) fn column<'r, T, C>(rows: &'r [T], cell: impl Fn(&'r T) -> C) -> Vec<C> {
    rows.iter().map(cell).collect()
}

/// One column of many rows that may not be writable.
pub(crate) fn try_column<'r, T, C>(rows: &'r [T], cell: impl Fn(&'r T) -> Outcome<C>) -> Outcome<Vec<C>> {
    rows.iter().map(cell).collect()
}

/// Reads a row's columns one after the other, in the order of the query.
pub(crate) struct Cells<'r> {
    row: &'r Row,
    next: usize,
}

impl<'r> Cells<'r> {
    /// Starts at the first column.
    pub(crate) fn new(row: &'r Row) -> Self {
        Self { row, next: 0 }
    }

    /// The next column.
    pub(crate) fn take<T: FromSql<'r>>(&mut self) -> Outcome<T> {
        let value = self.row.try_get(self.next);
        self.next += 1;
        value.map_err(Fault::from)
    }

    /// The next column as a moment.
    pub(crate) fn moment(&mut self) -> Outcome<Timestamp> {
        self.take().map(Timestamp::from_millis)
    }

    /// The next column as a moment that may be missing.
    pub(crate) fn maybe_moment(&mut self) -> Outcome<Option<Timestamp>> {
        Ok(self.take::<Option<i64>>()?.map(Timestamp::from_millis))
    }

    /// The next column as an environment.
    pub(crate) fn environment(&mut self) -> Outcome<Environment> {
        match self.take::<i16>()? {
            0 => Ok(Environment::Production),
            1 => Ok(Environment::Test),
            _ => Err(self.broken("environment")),
        }
    }

    /// The next column as a count.
    pub(crate) fn count(&mut self) -> Outcome<u64> {
        u64::try_from(self.take::<i64>()?).map_err(|_| self.broken("count"))
    }

    /// The next column as a small number.
    pub(crate) fn number(&mut self) -> Outcome<u32> {
        u32::try_from(self.take::<i32>()?).map_err(|_| self.broken("number"))
    }

    /// The next column as a small number that may be missing.
    pub(crate) fn maybe_number(&mut self) -> Outcome<Option<u32>> {
        let number = self.take::<Option<i32>>()?.map(u32::try_from).transpose();
        number.map_err(|_| self.broken("number"))
    }

    /// The next column as one of a set of names.
    pub(crate) fn name<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> Outcome<T> {
        let text: &str = self.take()?;
        parse(text).ok_or_else(|| self.broken("name"))
    }

    /// The next column as one of a set of names, or missing.
    pub(crate) fn maybe_name<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> Outcome<Option<T>> {
        let text: Option<&str> = self.take()?;
        text.map(|text| parse(text).ok_or_else(|| self.broken("name")))
            .transpose()
    }

    /// The next column as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Outcome<T> {
        let text: &str = self.take()?;
        serde_json::from_str(text).map_err(|_| self.broken("JSON"))
    }

    /// The next column as JSON that may be missing.
    pub(crate) fn maybe_json<T: DeserializeOwned>(&mut self) -> Outcome<Option<T>> {
        let text: Option<&str> = self.take()?;
        text.map(|text| serde_json::from_str(text).map_err(|_| self.broken("JSON")))
            .transpose()
    }

    /// What is stored is not what this program writes. The value itself stays out of the words: it may be a code.
    fn broken(&self, what: &str) -> Fault {
        let column = self
            .row
            .columns()
            .get(self.next.saturating_sub(1))
            .map_or("-", |column| column.name());
        Error::internal(format!("broken {what} in the column {column}")).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_written_as_postgresql_reads_them() {
        assert_eq!(array::<&str>([]), "{}");
        assert_eq!(
            array([r#"a "quoted" \ one"#, "", "b,{c}"]),
            r#"{"a \"quoted\" \\ one","","b,{c}"}"#
        );
    }

    #[test]
    fn only_the_character_that_cannot_be_kept_is_replaced() {
        assert!(matches!(lenient("ü\n"), Cow::Borrowed(_)));
        assert_eq!(lenient("a\0b"), "a\u{fffd}b");
    }
}
