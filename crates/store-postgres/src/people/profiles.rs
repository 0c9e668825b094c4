//! Profiles.

use async_trait::async_trait;
use tidings_store::{Cursor, Page, PageRequest, ProfileChange};
use tidings_types::{Environment, Object, Result, Timestamp, UserId};

use super::lock;
use crate::PostgresStore;
use crate::audiences::review;
use crate::codec::{self, Cells, surplus};
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

/// All profiles, by person id.
pub(super) async fn page(
    database: &Database,
    environment: Environment,
    page: &PageRequest,
) -> Result<Page<(UserId, Object)>> {
    let after = page.after.as_ref().map_or("", |after| after.id.as_str());
    let rows = database
        .read(
            "SELECT user_id, body FROM profiles WHERE environment = $1 AND user_id > $2 ORDER BY user_id LIMIT $3",
            &[&codec::environment(environment), &after, &surplus(page.limit)],
        )
        .await?;
    let profiles = rows.iter().map(|row| {
        let mut cells = Cells::new(row);
        Ok((UserId::from(cells.take::<String>()?), cells.json()?))
    });
    let profiles = profiles.collect::<Outcome<Vec<_>>>()?;
    Ok(Page::from_surplus(profiles, page.limit, |last| Cursor {
        sort: 0,
        id: last.0.to_string(),
    }))
}

pub(super) async fn is_known(database: &Database, environment: Environment, user: &UserId) -> Result<bool> {
    let row = database
        .read_one(
            "SELECT EXISTS (SELECT 1 FROM profiles WHERE environment = $1 AND user_id = $2)
                 OR EXISTS (SELECT 1 FROM tokens WHERE environment = $1 AND user_id = $2)
                 OR EXISTS (SELECT 1 FROM preferences WHERE environment = $1 AND user_id = $2)
                 OR EXISTS (SELECT 1 FROM memberships WHERE environment = $1 AND user_id = $2)
                 OR EXISTS (SELECT 1 FROM subscriptions WHERE environment = $1 AND user_id = $2)",
            &[&codec::environment(environment), &user.as_str()],
        )
        .await?;
    Ok(row.map_or(Ok(false), |row| Cells::new(&row).take())?)
}

/// Changes a profile; comes to what it is then.
pub(crate) struct Update<'a> {
    pub(crate) environment: Environment,
    pub(crate) user: &'a UserId,
    pub(crate) change: ProfileChange,
    pub(crate) now: Timestamp,
}

#[async_trait]
impl Operation for Update<'_> {
    type Output = Object;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Object> {
        lock(sql, self.environment, self.user).await?;
        let environment = codec::environment(self.environment);
        let row = sql.row(PROFILE, &[&environment, &self.user.as_str()]).await?;
        let current: Option<Object> = row.map(|row| Cells::new(&row).json()).transpose()?;
        let changed = self.change.apply(current.clone())?;
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
        review::profile(
            sql,
            self.environment,
            self.user,
            current.as_ref(),
            Some(&changed),
            self.now,
        )
        .await?;
        Ok(changed)
    }
}

pub(super) async fn delete(store: &PostgresStore, environment: Environment, user: &UserId) -> Result<bool> {
    let gone = store
        .execute(
            "WITH out AS (DELETE FROM audience_members WHERE environment = $1 AND user_id = $2)
             DELETE FROM profiles WHERE environment = $1 AND user_id = $2 RETURNING 1",
            &[&codec::environment(environment), &user.as_str()],
        )
        .await?;
    Ok(!gone.is_empty())
}
