//! Which preference links are no longer good.

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_types::{Environment, Timestamp, UserId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// Makes all links of a person useless that were made before a moment.
pub(super) fn revoke(sql: &Connection, environment: Environment, user: &UserId, before: Timestamp) -> Outcome<()> {
    sql.prepare_cached(
        "INSERT INTO link_revocations (environment, user_id, before) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET before = MAX(before, excluded.before)",
    )?
    .execute(params![
        codec::environment(environment),
        user.as_str(),
        before.as_millis()
    ])?;
    Ok(())
}

/// Before which moment a person's links are useless.
pub(super) fn revoked(sql: &Connection, environment: Environment, user: &UserId) -> Outcome<Option<Timestamp>> {
    Ok(sql
        .prepare_cached("SELECT before FROM link_revocations WHERE environment = ?1 AND user_id = ?2")?
        .query_row(params![codec::environment(environment), user.as_str()], |row| {
            Cells::new(row).moment()
        })
        .optional()?)
}
