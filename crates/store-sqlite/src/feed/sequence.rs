//! A person's sequence.

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_types::Environment;

use crate::codec;
use crate::fault::Outcome;

/// Takes the next number.
pub(super) fn take(sql: &Connection, environment: Environment, user: &str) -> Outcome<i64> {
    Ok(sql
        .prepare_cached(
            "INSERT INTO feed_ends (environment, user_id, sequence) VALUES (?1, ?2, 1)
             ON CONFLICT DO UPDATE SET sequence = sequence + 1 RETURNING sequence",
        )?
        .query_row(params![codec::environment(environment), user], |row| row.get(0))?)
}

/// The number taken last; 0 when none was.
pub(super) fn last(sql: &Connection, environment: Environment, user: &str) -> Outcome<i64> {
    let last = sql
        .prepare_cached("SELECT sequence FROM feed_ends WHERE environment = ?1 AND user_id = ?2")?
        .query_row(params![codec::environment(environment), user], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or(0))
}
