//! Which preference links are no longer good.

use async_trait::async_trait;
use tidings_types::{Environment, Result, Timestamp, UserId};

use crate::codec::{self, Cells};
use crate::database::Database;
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// Makes all links of a person useless that were made before a moment.
pub(super) struct Revoke<'a> {
    pub(super) environment: Environment,
    pub(super) user: &'a UserId,
    pub(super) before: Timestamp,
}

#[async_trait]
impl Operation for Revoke<'_> {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        sql.execute(
            "INSERT INTO link_revocations (environment, user_id, before) VALUES ($1, $2, $3)
             ON CONFLICT (environment, user_id)
                 DO UPDATE SET before = GREATEST(link_revocations.before, excluded.before)",
            &[
                &codec::environment(self.environment),
                &self.user.as_str(),
                &self.before.as_millis(),
            ],
        )
        .await?;
        Ok(())
    }
}

/// Before which moment a person's links are useless.
pub(super) async fn revoked(database: &Database, environment: Environment, user: &UserId) -> Result<Option<Timestamp>> {
    let row = database
        .read_one(
            "SELECT before FROM link_revocations WHERE environment = $1 AND user_id = $2",
            &[&codec::environment(environment), &user.as_str()],
        )
        .await?;
    Ok(row.map(|row| Cells::new(&row).moment()).transpose()?)
}
