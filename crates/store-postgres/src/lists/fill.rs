//! Fills: large writes to lists, in the background. A row of a subscription knows which fill had been asked for when it was
//! written, so a fill leaves alone whatever is newer than itself.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tidings_store::lists::{By, SUBSCRIBE};
use tidings_store::{NewJob, NewSubscription};
use tidings_types::{Environment, Result, Timestamp};

use super::said;
use super::write::{People as Rows, make};
use crate::codec::{self, Cells};
use crate::database::Database;
use crate::fault::Outcome;
use crate::jobs;
use crate::sql::Sql;
use crate::transaction::Operation;

/// Asks for a fill.
pub(super) struct Ask<'a> {
    pub(super) environment: Environment,
    pub(super) list: &'a str,
    pub(super) replace: bool,
    pub(super) job: NewJob,
    pub(super) now: Timestamp,
}

#[async_trait]
impl Operation for Ask<'_> {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        let environment = codec::environment(self.environment);
        make(sql, self.environment, &[self.list], self.now).await?;
        sql.execute(
            "UPDATE lists SET voided = CASE WHEN $3 THEN fills ELSE voided END, fills = fills + 1
             WHERE environment = $1 AND id = $2",
            &[&environment, &self.list, &self.replace],
        )
        .await?;
        sql.execute(
            "INSERT INTO list_fills (environment, list_id, fill, job, asked)
             SELECT environment, id, fills, $3, $4 FROM lists WHERE environment = $1 AND id = $2",
            &[&environment, &self.list, &self.job.name.key, &self.now.as_millis()],
        )
        .await?;
        jobs::enqueue(sql, [&self.job]).await
    }
}

/// The number of a fill that is not done, and whether it still writes. The list's row is held.
async fn number(sql: &Sql<'_>, environment: Environment, list: &str, job: &str) -> Outcome<Option<(i64, bool)>> {
    let environment = codec::environment(environment);
    sql.row(
        "SELECT 1 FROM lists WHERE environment = $1 AND id = $2 FOR UPDATE",
        &[&environment, &list],
    )
    .await?;
    let found = sql
        .row(
            "SELECT f.fill, f.fill > l.voided FROM list_fills AS f
             JOIN lists AS l ON l.environment = f.environment AND l.id = f.list_id
             WHERE f.environment = $1 AND f.list_id = $2 AND f.job = $3",
            &[&environment, &list, &job],
        )
        .await?;
    let read = |row: &tokio_postgres::Row| -> Outcome<(i64, bool)> {
        let mut cells = Cells::new(row);
        Ok((cells.take()?, cells.take()?))
    };
    found.as_ref().map(read).transpose()
}

/// Writes some people of a fill; comes to whether it still writes.
pub(super) struct People<'a> {
    environment: Environment,
    list: &'a str,
    job: &'a str,
    each: BTreeMap<(&'a str, String), NewSubscription>,
    by: By,
}

impl<'a> People<'a> {
    pub(super) fn new(
        environment: Environment,
        list: &'a str,
        job: &'a str,
        people: Vec<NewSubscription>,
        by: By,
    ) -> Self {
        let people = people.into_iter().map(|one| ((list, one.user_id.to_string()), one));
        Self {
            environment,
            list,
            job,
            each: people.collect(),
            by,
        }
    }
}

#[async_trait]
impl Operation for People<'_> {
    type Output = bool;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<bool> {
        let Some((fill, true)) = number(sql, self.environment, self.list, self.job).await? else {
            return Ok(false);
        };
        let rows = Rows {
            environment: self.environment,
            each: &self.each,
            fill: Some(fill),
            by: self.by,
        };
        rows.write(sql).await?;
        Ok(true)
    }
}

/// Ends a fill; comes to whether that is all.
pub(super) struct End<'a> {
    pub(super) environment: Environment,
    pub(super) list: &'a str,
    pub(super) job: &'a str,
    pub(super) replace: bool,
    pub(super) limit: u32,
    pub(super) by: By,
}

#[async_trait]
impl Operation for End<'_> {
    type Output = bool;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<bool> {
        let Some((fill, writes)) = number(sql, self.environment, self.list, self.job).await? else {
            return Ok(true);
        };
        let environment = codec::environment(self.environment);
        if self.replace && writes {
            let leaving = sql
                .rows(
                    "SELECT user_id FROM subscriptions WHERE environment = $1 AND list_id = $2 AND fill < $3
                     ORDER BY user_id LIMIT $4 FOR UPDATE",
                    &[&environment, &self.list, &fill, &i64::from(self.limit)],
                )
                .await?;
            let read = |row: &tokio_postgres::Row| Cells::new(row).take();
            let leaving = leaving.iter().map(read).collect::<Outcome<Vec<String>>>()?;
            let gone = sql
                .rows(
                    "WITH gone AS (
                         DELETE FROM subscriptions WHERE environment = $1 AND list_id = $2 AND user_id = ANY($3::text[])
                         RETURNING list_id, user_id, preferences)
                     SELECT * FROM gone WHERE preferences IS NOT NULL",
                    &[&environment, &self.list, &leaving],
                )
                .await?;
            said::log_gone(sql, self.environment, &said::said(&gone)?, self.by).await?;
            if leaving.len() >= usize::try_from(self.limit).unwrap_or(usize::MAX) {
                return Ok(false);
            }
        }
        sql.execute(
            "DELETE FROM list_fills WHERE environment = $1 AND list_id = $2 AND fill = $3",
            &[&environment, &self.list, &fill],
        )
        .await?;
        sql.execute(
            "DELETE FROM list_leavers WHERE environment = $1 AND list_id = $2
                 AND NOT EXISTS (SELECT 1 FROM list_fills WHERE environment = $1 AND list_id = $2)",
            &[&environment, &self.list],
        )
        .await?;
        Ok(true)
    }
}

pub(super) async fn is_under_way(
    database: &Database,
    environment: Environment,
    list: &str,
    asked: Timestamp,
) -> Result<bool> {
    let found = database
        .read_one(
            "SELECT 1 FROM list_fills AS f
             JOIN lists AS l ON l.environment = f.environment AND l.id = f.list_id AND f.fill > l.voided
             JOIN jobs AS j ON j.environment = f.environment AND j.kind = $4 AND j.key = f.job AND j.dead_since IS NULL
             WHERE f.environment = $1 AND f.list_id = $2 AND f.asked <= $3 LIMIT 1",
            &[&codec::environment(environment), &list, &asked.as_millis(), &SUBSCRIBE],
        )
        .await?;
    Ok(found.is_some())
}
