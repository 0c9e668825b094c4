//! Bulk jobs and their people.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use tidings_store::bulk::{BulkStatus, REDACTED_JOB};
use tidings_store::{
    BulkJob, BulkJobs, BulkOutcome, BulkRun, BulkUser, Cursor, NewBulkUser, NewJob, Page, PageRequest, RequestRow,
};
use tidings_types::{Environment, Error, MessageId, Result, Timestamp};

use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::messages::accept::insert_request;
use crate::{SqliteStore, jobs};

#[async_trait]
impl BulkJobs for SqliteStore {
    async fn create_bulk_job(
        &self,
        environment: Environment,
        id: &str,
        definition: Value,
        one_time: bool,
        now: Timestamp,
    ) -> Result<()> {
        let id = id.to_owned();
        self.write(move |write| {
            write
                .sql
                .prepare_cached(
                    "INSERT INTO bulk_jobs (environment, id, definition, created, one_time) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![
                    codec::environment(environment),
                    id,
                    codec::json(&definition)?,
                    now.as_millis(),
                    one_time
                ])?;
            Ok(())
        })
        .await
    }

    async fn add_bulk_users(
        &self,
        environment: Environment,
        id: &str,
        users: Vec<NewBulkUser>,
    ) -> Result<Option<Vec<usize>>> {
        let id = id.to_owned();
        self.write_later(users.len(), move |write| add(write.sql, environment, &id, &users))
            .await
    }

    async fn run_bulk_job(
        &self,
        environment: Environment,
        id: &str,
        request: RequestRow,
        job: NewJob,
    ) -> Result<BulkRun> {
        let id = id.to_owned();
        self.write(move |write| {
            let started = write
                .sql
                .prepare_cached(
                    "UPDATE bulk_jobs SET run_at = ?3
                     WHERE environment = ?1 AND id = ?2 AND run_at IS NULL AND redacted IS NULL",
                )?
                .execute(params![
                    codec::environment(environment),
                    id,
                    request.accepted_at.as_millis()
                ])?;
            if started == 0 {
                return Ok(match was_run(write.sql, environment, &id)? {
                    Some((false, _)) => BulkRun::Redacted,
                    Some((true, _)) => BulkRun::Running,
                    None => BulkRun::NotFound,
                });
            }
            insert_request(write, &request)?;
            jobs::enqueue(write, std::slice::from_ref(&job))?;
            Ok(BulkRun::Started)
        })
        .await
    }

    async fn bulk_definition(&self, environment: Environment, id: &str) -> Result<Option<Value>> {
        let id = id.to_owned();
        self.read(move |sql| {
            Ok(sql
                .prepare_cached("SELECT definition FROM bulk_jobs WHERE environment = ?1 AND id = ?2")?
                .query_row(params![codec::environment(environment), id], |row| {
                    Cells::new(row).json()
                })
                .optional()?)
        })
        .await
    }

    async fn bulk_job(&self, environment: Environment, id: &str) -> Result<Option<BulkJob>> {
        let id = id.to_owned();
        self.read(move |sql| read(sql, environment, &id)).await
    }

    async fn bulk_users(&self, environment: Environment, id: &str, page: PageRequest) -> Result<Page<BulkUser>> {
        let id = id.to_owned();
        self.read(move |sql| users(sql, environment, &id, &page)).await
    }
}

/// Whether it was set going, and whether its data was redacted; none when it is not there.
fn was_run(sql: &Connection, environment: Environment, id: &str) -> Outcome<Option<(bool, bool)>> {
    Ok(sql
        .prepare_cached(
            "SELECT run_at IS NOT NULL, redacted IS NOT NULL FROM bulk_jobs WHERE environment = ?1 AND id = ?2",
        )?
        .query_row(params![codec::environment(environment), id], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?)
}

fn add(sql: &Connection, environment: Environment, id: &str, users: &[NewBulkUser]) -> Outcome<Option<Vec<usize>>> {
    match was_run(sql, environment, id)? {
        None => return Ok(None),
        Some((true, _)) => return Err(Error::conflict("The job was run already").into()),
        Some((false, true)) => return Err(Error::conflict(REDACTED_JOB).into()),
        Some((false, false)) => {}
    }
    let last: i64 = sql
        .prepare_cached("SELECT COALESCE(MAX(number), 0) FROM bulk_users WHERE environment = ?1 AND job_id = ?2")?
        .query_row(params![codec::environment(environment), id], |row| row.get(0))?;
    let mut insert = sql.prepare_cached(
        "INSERT INTO bulk_users (environment, job_id, number, recipient, body, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (environment, job_id, recipient) DO NOTHING",
    )?;
    let mut twice = Vec::new();
    for ((index, user), number) in users.iter().enumerate().zip(last + 1..) {
        let added = insert.execute(params![
            codec::environment(environment),
            id,
            number,
            user.recipient,
            codec::json(&user.body)?,
            BulkStatus::Pending.as_str()
        ])?;
        if added == 0 {
            twice.push(index);
        }
    }
    Ok(Some(twice))
}

fn read(sql: &Connection, environment: Environment, id: &str) -> Outcome<Option<BulkJob>> {
    Ok(sql
        .prepare_cached(
            "SELECT j.id, j.definition, j.created, j.run_at, COUNT(u.number),
                 COUNT(*) FILTER (WHERE u.status = 'ENQUEUED'), COUNT(*) FILTER (WHERE u.status = 'ERROR')
             FROM bulk_jobs AS j
             LEFT JOIN bulk_users AS u ON u.environment = j.environment AND u.job_id = j.id
             WHERE j.environment = ?1 AND j.id = ?2 GROUP BY j.id",
        )?
        .query_row(params![codec::environment(environment), id], |row| {
            let mut cells = Cells::new(row);
            let (id, definition) = (cells.take()?, cells.json()?);
            let (created, run_at) = (cells.moment()?, cells.maybe_moment()?);
            let mut count = || cells.take::<i64>().map(|count| u64::try_from(count).unwrap_or(0));
            Ok(BulkJob {
                id,
                definition,
                created,
                run_at,
                received: count()?,
                enqueued: count()?,
                failures: count()?,
            })
        })
        .optional()?)
}

fn users(sql: &Connection, environment: Environment, id: &str, page: &PageRequest) -> Outcome<Page<BulkUser>> {
    let rows = sql
        .prepare_cached(
            "SELECT number, recipient, body, status, message_id, error FROM bulk_users
             WHERE environment = ?1 AND job_id = ?2 AND number > ?3 ORDER BY number LIMIT ?4",
        )?
        .query_map(
            params![
                codec::environment(environment),
                id,
                page.after.as_ref().map_or(0, |after| after.sort),
                i64::from(page.limit) + 1
            ],
            |row| {
                let mut cells = Cells::new(row);
                Ok(BulkUser {
                    number: cells.take()?,
                    recipient: cells.take()?,
                    body: cells.json()?,
                    status: cells.name(BulkStatus::parse)?,
                    message_id: cells.take::<Option<String>>()?.map(MessageId::from),
                    error: cells.take()?,
                })
            },
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: last.number,
        id: String::new(),
    }))
}

/// Writes what became of people.
pub(crate) fn settle(sql: &Connection, environment: Environment, outcomes: &[BulkOutcome]) -> Outcome<()> {
    for outcome in outcomes {
        let (status, message, error) = match &outcome.result {
            Ok(message) => (BulkStatus::Enqueued, Some(message.as_str()), None),
            Err(error) => (BulkStatus::Error, None, Some(error.as_str())),
        };
        sql.prepare_cached(
            "UPDATE bulk_users SET status = ?4, message_id = ?5, error = ?6
             WHERE environment = ?1 AND job_id = ?2 AND number = ?3",
        )?
        .execute(params![
            codec::environment(environment),
            outcome.job_id,
            outcome.number,
            status.as_str(),
            message,
            error
        ])?;
    }
    Ok(())
}
