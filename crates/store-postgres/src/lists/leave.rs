//! Taking people off lists. Whoever does so shares the list's row, and a fill holds it, so that neither misses the other.

use async_trait::async_trait;
use tidings_store::lists::By;
use tidings_types::{Environment, UserId};

use super::said;
use crate::codec::{self, column};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// Takes people off a list; comes to how many were on it.
pub(super) struct Leave<'a> {
    pub(super) environment: Environment,
    pub(super) list: &'a str,
    pub(super) users: Vec<UserId>,
    pub(super) by: By,
}

#[async_trait]
impl Operation for Leave<'_> {
    type Output = u64;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<u64> {
        let environment = codec::environment(self.environment);
        let mut users = column(&self.users, UserId::as_str);
        users.sort_unstable();
        users.dedup();
        sql.row(
            "SELECT 1 FROM lists WHERE environment = $1 AND id = $2 FOR SHARE",
            &[&environment, &self.list],
        )
        .await?;
        // A fill that is under way must not bring them back.
        sql.execute(
            "INSERT INTO list_leavers (environment, list_id, user_id, fill)
             SELECT l.environment, l.id, new.user_id, l.fills FROM lists AS l, unnest($3::text[]) AS new (user_id)
             WHERE l.environment = $1 AND l.id = $2
                 AND EXISTS (SELECT 1 FROM list_fills WHERE environment = $1 AND list_id = $2)
             ON CONFLICT (environment, list_id, user_id) DO UPDATE SET fill = excluded.fill",
            &[&environment, &self.list, &users],
        )
        .await?;
        // Held, so that of two who take somebody off at once only one logs it.
        let gone = sql
            .rows(
                "SELECT list_id, user_id, preferences FROM subscriptions
                 WHERE environment = $1 AND list_id = $2 AND user_id = ANY($3::text[]) AND preferences IS NOT NULL
                 ORDER BY user_id FOR UPDATE",
                &[&environment, &self.list, &users],
            )
            .await?;
        said::log_gone(sql, self.environment, &said::said(&gone)?, self.by).await?;
        sql.execute(
            "DELETE FROM subscriptions WHERE environment = $1 AND list_id = $2 AND user_id = ANY($3::text[])",
            &[&environment, &self.list, &users],
        )
        .await
    }
}

/// Takes a person off all lists.
pub(super) struct LeaveAll<'a> {
    pub(super) environment: Environment,
    pub(super) user: &'a UserId,
    pub(super) by: By,
}

#[async_trait]
impl Operation for LeaveAll<'_> {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        let environment = codec::environment(self.environment);
        sql.rows(
            "SELECT 1 FROM lists WHERE environment = $1
                 AND id IN (SELECT list_id FROM list_fills WHERE environment = $1) ORDER BY id FOR SHARE",
            &[&environment],
        )
        .await?;
        sql.execute(
            "INSERT INTO list_leavers (environment, list_id, user_id, fill)
             SELECT l.environment, l.id, $2, l.fills FROM lists AS l
             WHERE l.environment = $1 AND l.id IN (SELECT list_id FROM list_fills WHERE environment = $1)
             ON CONFLICT (environment, list_id, user_id) DO UPDATE SET fill = excluded.fill",
            &[&environment, &self.user.as_str()],
        )
        .await?;
        let gone = sql
            .rows(
                "WITH gone AS (
                     DELETE FROM subscriptions WHERE environment = $1 AND user_id = $2
                     RETURNING list_id, user_id, preferences)
                 SELECT * FROM gone WHERE preferences IS NOT NULL",
                &[&environment, &self.user.as_str()],
            )
            .await?;
        said::log_gone(sql, self.environment, &said::said(&gone)?, self.by).await
    }
}
