//! Bulk jobs and their people.

use async_trait::async_trait;
use serde_json::Value;
use tidings_store::bulk::{BulkStatus, REDACTED_JOB};
use tidings_store::{
    BulkJob, BulkJobs, BulkOutcome, BulkRun, BulkUser, Cursor, NewBulkUser, NewJob, Page, PageRequest, RequestRow,
};
use tidings_types::{Environment, Error, MessageId, Result, Timestamp};
use tokio_postgres::Row;

use crate::codec::{self, Cells, column, surplus, try_column};
use crate::fault::Outcome;
use crate::messages::accept::insert_requests;
use crate::notification::Notification;
use crate::sql::Sql;
use crate::transaction::Operation;
use crate::{PostgresStore, jobs};

#[async_trait]
impl BulkJobs for PostgresStore {
    async fn create_bulk_job(
        &self,
        environment: Environment,
        id: &str,
        definition: Value,
        one_time: bool,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "INSERT INTO bulk_jobs (environment, id, definition, created, one_time) VALUES ($1, $2, $3, $4, $5)",
            &[
                &codec::environment(environment),
                &id,
                &codec::json(&definition)?,
                &now.as_millis(),
                &one_time,
            ],
        )
        .await
        .map(drop)
    }

    async fn add_bulk_users(
        &self,
        environment: Environment,
        id: &str,
        users: Vec<NewBulkUser>,
    ) -> Result<Option<Vec<usize>>> {
        self.write(Add { environment, id, users }).await
    }

    async fn run_bulk_job(
        &self,
        environment: Environment,
        id: &str,
        request: RequestRow,
        job: NewJob,
    ) -> Result<BulkRun> {
        let run = Run {
            environment,
            id,
            request,
            job,
        };
        self.write_and_tell(run, [Notification::Jobs]).await
    }

    async fn bulk_definition(&self, environment: Environment, id: &str) -> Result<Option<Value>> {
        let row = self
            .database
            .read_one(
                "SELECT definition FROM bulk_jobs WHERE environment = $1 AND id = $2",
                &[&codec::environment(environment), &id],
            )
            .await?;
        Ok(row.map(|row| Cells::new(&row).json()).transpose()?)
    }

    async fn bulk_job(&self, environment: Environment, id: &str) -> Result<Option<BulkJob>> {
        let row = self
            .database
            .read_one(
                "SELECT j.id, j.definition, j.created, j.run_at, COUNT(u.number),
                     COUNT(*) FILTER (WHERE u.status = 'ENQUEUED'), COUNT(*) FILTER (WHERE u.status = 'ERROR')
                 FROM bulk_jobs AS j
                 LEFT JOIN bulk_users AS u ON u.environment = j.environment AND u.job_id = j.id
                 WHERE j.environment = $1 AND j.id = $2 GROUP BY j.environment, j.id",
                &[&codec::environment(environment), &id],
            )
            .await?;
        Ok(row.as_ref().map(job_row).transpose()?)
    }

    async fn bulk_users(&self, environment: Environment, id: &str, page: PageRequest) -> Result<Page<BulkUser>> {
        let rows = self
            .database
            .read(
                "SELECT number, recipient, body, status, message_id, error FROM bulk_users
                 WHERE environment = $1 AND job_id = $2 AND number > $3 ORDER BY number LIMIT $4",
                &[
                    &codec::environment(environment),
                    &id,
                    &page.after.as_ref().map_or(0, |after| after.sort),
                    &surplus(page.limit),
                ],
            )
            .await?;
        let users = rows.iter().map(user_row).collect::<Outcome<Vec<_>>>()?;
        Ok(Page::from_surplus(users, page.limit, |last| Cursor {
            sort: last.number,
            id: String::new(),
        }))
    }
}

fn job_row(row: &Row) -> Outcome<BulkJob> {
    let mut cells = Cells::new(row);
    Ok(BulkJob {
        id: cells.take()?,
        definition: cells.json()?,
        created: cells.moment()?,
        run_at: cells.maybe_moment()?,
        received: cells.count()?,
        enqueued: cells.count()?,
        failures: cells.count()?,
    })
}

fn user_row(row: &Row) -> Outcome<BulkUser> {
    let mut cells = Cells::new(row);
    Ok(BulkUser {
        number: cells.take()?,
        recipient: cells.take()?,
        body: cells.json()?,
        status: cells.name(BulkStatus::parse)?,
        message_id: cells.take::<Option<String>>()?.map(MessageId::from),
        error: cells.take()?,
    })
}

/// Hands people in.
struct Add<'a> {
    environment: Environment,
    id: &'a str,
    users: Vec<NewBulkUser>,
}

#[async_trait]
impl Operation for Add<'_> {
    type Output = Option<Vec<usize>>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Option<Vec<usize>>> {
        let environment = codec::environment(self.environment);
        // Held, so that places are given in order, and none after it was set going.
        let row = sql
            .row(
                "SELECT run_at, redacted IS NOT NULL FROM bulk_jobs WHERE environment = $1 AND id = $2 FOR UPDATE",
                &[&environment, &self.id],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut cells = Cells::new(&row);
        if cells.maybe_moment()?.is_some() {
            return Err(Error::conflict("The job was run already").into());
        }
        if cells.take()? {
            return Err(Error::conflict(REDACTED_JOB).into());
        }
        let row = sql
            .row(
                "SELECT COALESCE(MAX(number), 0) FROM bulk_users WHERE environment = $1 AND job_id = $2",
                &[&environment, &self.id],
            )
            .await?;
        let last: i64 = row.map_or(Ok(0), |row| Cells::new(&row).take())?;
        let numbers: Vec<i64> = (last + 1..).take(self.users.len()).collect();
        let rows = sql
            .rows(
                "INSERT INTO bulk_users (environment, job_id, number, recipient, body, status)
                 SELECT $1, $2, u.*, $6 FROM unnest($3::int8[], $4::text[], $5::text[]) AS u
                 ON CONFLICT (environment, job_id, recipient) DO NOTHING RETURNING number",
                &[
                    &environment,
                    &self.id,
                    &numbers,
                    &column(&self.users, |user| user.recipient.as_str()),
                    &try_column(&self.users, |user| codec::json(&user.body))?,
                    &BulkStatus::Pending.as_str(),
                ],
            )
            .await?;
        let added: std::collections::HashSet<i64> =
            rows.iter().map(|row| Cells::new(row).take()).collect::<Outcome<_>>()?;
        let twice = numbers.iter().enumerate().filter(|(_, number)| !added.contains(number));
        Ok(Some(twice.map(|(index, _)| index).collect()))
    }
}

/// Sets a bulk job going.
struct Run<'a> {
    environment: Environment,
    id: &'a str,
    request: RequestRow,
    job: NewJob,
}

#[async_trait]
impl Operation for Run<'_> {
    type Output = BulkRun;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<BulkRun> {
        let environment = codec::environment(self.environment);
        let row = sql
            .row(
                "SELECT run_at, redacted IS NOT NULL FROM bulk_jobs WHERE environment = $1 AND id = $2 FOR UPDATE",
                &[&environment, &self.id],
            )
            .await?;
        let Some(row) = row else {
            return Ok(BulkRun::NotFound);
        };
        let mut cells = Cells::new(&row);
        if cells.maybe_moment()?.is_some() {
            return Ok(BulkRun::Running);
        }
        if cells.take()? {
            return Ok(BulkRun::Redacted);
        }
        sql.execute(
            "UPDATE bulk_jobs SET run_at = $3 WHERE environment = $1 AND id = $2",
            &[&environment, &self.id, &self.request.accepted_at.as_millis()],
        )
        .await?;
        insert_requests(sql, &[&self.request]).await?;
        jobs::enqueue(sql, [&self.job]).await?;
        Ok(BulkRun::Started)
    }
}

/// Writes what became of people.
pub(crate) async fn settle(sql: &Sql<'_>, environment: Environment, outcomes: &[BulkOutcome]) -> Outcome<()> {
    if outcomes.is_empty() {
        return Ok(());
    }
    let status = |outcome: &BulkOutcome| match outcome.result {
        Ok(_) => BulkStatus::Enqueued.as_str(),
        Err(_) => BulkStatus::Error.as_str(),
    };
    sql.execute(
        "UPDATE bulk_users AS u SET status = o.status, message_id = o.message_id, error = o.error
         FROM unnest($2::text[], $3::int8[], $4::text[], $5::text[], $6::text[])
             AS o (job_id, number, status, message_id, error)
         WHERE u.environment = $1 AND u.job_id = o.job_id AND u.number = o.number",
        &[
            &codec::environment(environment),
            &column(outcomes, |outcome| outcome.job_id.as_str()),
            &column(outcomes, |outcome| outcome.number),
            &column(outcomes, status),
            &column(outcomes, |outcome| outcome.result.as_ref().ok().map(MessageId::as_str)),
            &column(outcomes, |outcome| {
                outcome.result.as_ref().err().map(|error| codec::lenient(error))
            }),
        ],
    )
    .await?;
    Ok(())
}
