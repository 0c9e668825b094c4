//! Device tokens.

use rusqlite::{Connection, params};
use tidings_store::DeviceToken;
use tidings_types::{Environment, UserId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// A person's tokens, oldest registration first.
pub(super) fn of_user(sql: &Connection, environment: Environment, user: &UserId) -> Outcome<Vec<DeviceToken>> {
    let tokens = sql
        .prepare_cached(
            "SELECT body FROM tokens WHERE environment = ?1 AND user_id = ?2 ORDER BY registered_at, token",
        )?
        .query_map(params![codec::environment(environment), user.as_str()], |row| {
            Cells::new(row).json()
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(tokens)
}

/// Registers tokens. A device belongs to whom it was last registered for, so a token has one person.
pub(super) fn put(sql: &Connection, environment: Environment, user: &UserId, tokens: &[DeviceToken]) -> Outcome<()> {
    for token in tokens {
        sql.prepare_cached(
            "INSERT INTO tokens (environment, token, user_id, registered_at, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET user_id = excluded.user_id, registered_at = excluded.registered_at,
                 body = excluded.body",
        )?
        .execute(params![
            codec::environment(environment),
            token.token,
            user.as_str(),
            token.registered_at.as_millis(),
            codec::json(token)?,
        ])?;
    }
    Ok(())
}

pub(super) fn delete(sql: &Connection, environment: Environment, user: &UserId, token: &str) -> Outcome<bool> {
    let gone = sql
        .prepare_cached("DELETE FROM tokens WHERE environment = ?1 AND token = ?2 AND user_id = ?3")?
        .execute(params![codec::environment(environment), token, user.as_str()])?;
    Ok(gone > 0)
}
