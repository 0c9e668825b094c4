//! Device tokens.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tidings_store::DeviceToken;
use tidings_types::{Environment, Result, UserId};

use crate::PostgresStore;
use crate::codec::{self, Cells, column, try_column};
use crate::database::Database;
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// A person's tokens, oldest registration first.
pub(super) async fn of_user(database: &Database, environment: Environment, user: &UserId) -> Result<Vec<DeviceToken>> {
    let rows = database
        .read(
            "SELECT body FROM tokens WHERE environment = $1 AND user_id = $2 ORDER BY registered_at, token",
            &[&codec::environment(environment), &user.as_str()],
        )
        .await?;
    Ok(rows.iter().map(|row| Cells::new(row).json()).collect::<Outcome<_>>()?)
}

/// Registers tokens. A device belongs to whom it was last registered for, so a token has one person.
pub(super) struct Put<'a> {
    pub(super) environment: Environment,
    pub(super) user: &'a UserId,
    pub(super) tokens: Vec<DeviceToken>,
}

#[async_trait]
impl Operation for Put<'_> {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        // One statement can write a row only once: of one token given twice, the last counts. Their order keeps two
        // calls with the same tokens from waiting for each other.
        let unique: BTreeMap<&str, &DeviceToken> = self.tokens.iter().map(|one| (one.token.as_str(), one)).collect();
        let tokens: Vec<&DeviceToken> = unique.into_values().collect();
        sql.execute(
            "INSERT INTO tokens (environment, user_id, token, registered_at, body)
             SELECT $1, $2, * FROM unnest($3::text[], $4::int8[], $5::text[])
             ON CONFLICT (environment, token) DO UPDATE
                 SET user_id = excluded.user_id, registered_at = excluded.registered_at, body = excluded.body",
            &[
                &codec::environment(self.environment),
                &self.user.as_str(),
                &column(&tokens, |one| one.token.as_str()),
                &column(&tokens, |one| one.registered_at.as_millis()),
                &try_column(&tokens, codec::json)?,
            ],
        )
        .await?;
        Ok(())
    }
}

pub(super) async fn delete(
    store: &PostgresStore,
    environment: Environment,
    user: &UserId,
    token: &str,
) -> Result<bool> {
    let gone = store
        .execute(
            "DELETE FROM tokens WHERE environment = $1 AND token = $2 AND user_id = $3 RETURNING 1",
            &[&codec::environment(environment), &token, &user.as_str()],
        )
        .await?;
    Ok(!gone.is_empty())
}
