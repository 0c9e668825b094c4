//! Profiles.

use async_trait::async_trait;
use tidings_store::ProfileChange;
use tidings_types::{Environment, Object, Result, Timestamp, UserId};

use super::lock;
use crate::PostgresStore;
use crate::codec::{self, Cells};
use crate::database::Database;
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

const PROFILE: &str = "SELECT body FROM profiles WHERE environment = $1 AND user_id = $2";

pub(super) async fn profile(database: &Database, environment: Environment, user: &UserId) -> Result<Option<Object>> {
    let row = database
        .read_one(PROFILE, &[&codec::environment(environment), &user.as_str()])
        .await?;
    Ok(row.map(|row| Cells::new(&row).json()).transpose()?)
}

pub(super) async fn is_known(database: &Database, environment: Environment, user: &UserId) -> Result<bool> {
    let row = database
        .read_one(
            "SELECT EXISTS (SELECT 1 FROM profiles WHERE environment = $1 AND user_id = $2)
                 OR EXISTS (SELECT 1 FROM tokens WHERE environment = $1 AND user_id = $2)
                 OR EXISTS (SELECT 1 FROM preferences WHERE environment = $1 AND user_id = $2)
                 OR EXISTS (SELECT 1 FROM memberships WHERE environment = $1 AND user_id = $2)",
            &[&codec::environment(environment), &user.as_str()],
        )
        .await?;
    Ok(row.map_or(Ok(false), |row| Cells::new(&row).take())?)
}

/// Changes a profile; comes to what it is then.
pub(super) struct Update<'a> {
    pub(super) environment: Environment,
    pub(super) user: &'a UserId,
    pub(super) change: ProfileChange,
    pub(super) now: Timestamp,
}

#[async_trait]
impl Operation for Update<'_> {
    type Output = Object;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Object> {
        lock(sql, self.environment, self.user).await?;
        let environment = codec::environment(self.environment);
        let row = sql.row(PROFILE, &[&environment, &self.user.as_str()]).await?;
        let current = row.map(|row| Cells::new(&row).json()).transpose()?;
        let changed = self.change.apply(current)?;
        sql.execute(
            "INSERT INTO profiles (environment, user_id, body, updated) VALUES ($1, $2, $3, $4)
             ON CONFLICT (environment, user_id) DO UPDATE SET body = excluded.body, updated = excluded.updated",
            &[
                &environment,
                &self.user.as_str(),
                &codec::json(&changed)?,
                &self.now.as_millis(),
            ],
        )
        .await?;
        Ok(changed)
    }
}

pub(super) async fn delete(store: &PostgresStore, environment: Environment, user: &UserId) -> Result<bool> {
    let gone = store
        .execute(
            "DELETE FROM profiles WHERE environment = $1 AND user_id = $2 RETURNING 1",
            &[&codec::environment(environment), &user.as_str()],
        )
        .await?;
    Ok(!gone.is_empty())
}
