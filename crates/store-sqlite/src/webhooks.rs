//! What is told to customers' own servers.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;
use tidings_store::webhooks::{
    DeliveryState, NewWebhookDelivery, WebhookDelivery, WebhookHealth, WebhookTried, Webhooks, delivery_job, is_wanted,
    published_job, submission_job,
};
use tidings_store::{Cursor, Document, Page, PageRequest};
use tidings_types::{Environment, Result, Timestamp};

use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::writer::Write;
use crate::{SqliteStore, jobs};

/// The columns that [`delivery`] reads.
const COLUMNS: &str =
    "environment, endpoint_id, id, event, resource, payload, created, state, next_at, tries, since, attempts";

#[async_trait]
impl Webhooks for SqliteStore {
    async fn add_webhook_deliveries(&self, deliveries: Vec<NewWebhookDelivery>) -> Result<()> {
        self.write(move |write| deliveries.iter().try_for_each(|one| add(write, one)))
            .await
    }

    async fn webhook_delivery(
        &self,
        environment: Environment,
        endpoint: &str,
        id: &str,
    ) -> Result<Option<WebhookDelivery>> {
        let (endpoint, id) = (endpoint.to_owned(), id.to_owned());
        self.read(move |sql| find(sql, environment, &endpoint, &id)).await
    }

    async fn webhook_deliveries(
        &self,
        environment: Environment,
        endpoint: &str,
        state: Option<DeliveryState>,
        page: PageRequest,
    ) -> Result<Page<WebhookDelivery>> {
        let endpoint = endpoint.to_owned();
        self.read(move |sql| list(sql, environment, &endpoint, state, &page))
            .await
    }

    async fn webhook_tried(&self, tried: WebhookTried) -> Result<Option<WebhookHealth>> {
        self.write(move |write| note(write, &tried)).await
    }

    async fn redeliver_webhook(
        &self,
        environment: Environment,
        endpoint: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let (endpoint, id) = (endpoint.to_owned(), id.to_owned());
        self.write(move |write| redeliver(write, environment, &endpoint, &id, now))
            .await
    }

    async fn webhook_health(&self, environment: Environment, endpoint: &str) -> Result<WebhookHealth> {
        let endpoint = endpoint.to_owned();
        self.read(move |sql| health(sql, environment, &endpoint)).await
    }

    async fn forgive_webhook(&self, environment: Environment, endpoint: &str) -> Result<()> {
        let endpoint = endpoint.to_owned();
        self.write(move |write| {
            write
                .sql
                .prepare_cached(
                    "UPDATE webhook_health SET failing_since = NULL WHERE environment = ?1 AND endpoint_id = ?2",
                )?
                .execute(params![codec::environment(environment), endpoint])?;
            Ok(())
        })
        .await
    }

    async fn prune_webhook_deliveries(&self, before: Timestamp, limit: u32) -> Result<u64> {
        self.write(move |write| {
            let gone = write
                .sql
                .prepare_cached(
                    "DELETE FROM webhook_deliveries WHERE rowid IN (
                         SELECT rowid FROM webhook_deliveries WHERE created < ?1 AND state <> 'pending' LIMIT ?2)",
                )?
                .execute(params![before.as_millis(), limit])?;
            Ok(u64::try_from(gone).unwrap_or(u64::MAX))
        })
        .await
    }
}

fn add(write: &Write<'_>, new: &NewWebhookDelivery) -> Outcome<()> {
    let added = write
        .sql
        .prepare_cached(
            "INSERT INTO webhook_deliveries
                 (environment, endpoint_id, id, event, resource, payload, created, state, next_at, since)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'pending', ?7, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            codec::environment(new.environment),
            new.endpoint_id,
            new.id,
            new.event,
            new.resource,
            new.payload,
            new.created.as_millis(),
        ])?;
    if added > 0 {
        jobs::enqueue(
            write,
            &[delivery_job(new.environment, &new.endpoint_id, &new.id, new.created)],
        )?;
    }
    Ok(())
}

fn find(sql: &Connection, environment: Environment, endpoint: &str, id: &str) -> Outcome<Option<WebhookDelivery>> {
    Ok(sql
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM webhook_deliveries WHERE environment = ?1 AND endpoint_id = ?2 AND id = ?3"
        ))?
        .query_row(params![codec::environment(environment), endpoint, id], |row| {
            delivery(&mut Cells::new(row))
        })
        .optional()?)
}

fn list(
    sql: &Connection,
    environment: Environment,
    endpoint: &str,
    state: Option<DeliveryState>,
    page: &PageRequest,
) -> Outcome<Page<WebhookDelivery>> {
    let (sort, id) = page
        .after
        .as_ref()
        .map_or((i64::MAX, ""), |after| (after.sort, after.id.as_str()));
    let rows = sql
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM webhook_deliveries
             WHERE environment = ?1 AND endpoint_id = ?2 AND (created, id) < (?3, ?4) AND (?5 IS NULL OR state = ?5)
             ORDER BY created DESC, id DESC LIMIT ?6"
        ))?
        .query_map(
            params![
                codec::environment(environment),
                endpoint,
                sort,
                id,
                state.map(DeliveryState::as_str),
                i64::from(page.limit) + 1
            ],
            |row| delivery(&mut Cells::new(row)),
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: last.delivery.created.as_millis(),
        id: last.delivery.id.clone(),
    }))
}

fn note(write: &Write<'_>, tried: &WebhookTried) -> Outcome<Option<WebhookHealth>> {
    let Some(mut found) = find(write.sql, tried.environment, &tried.endpoint_id, &tried.id)? else {
        return Ok(None);
    };
    found.add(tried);
    write
        .sql
        .prepare_cached(
            "UPDATE webhook_deliveries SET state = ?4, next_at = ?5, tries = ?6, attempts = ?7
             WHERE environment = ?1 AND endpoint_id = ?2 AND id = ?3",
        )?
        .execute(params![
            codec::environment(tried.environment),
            tried.endpoint_id,
            tried.id,
            found.state.as_str(),
            found.next_at.map(Timestamp::as_millis),
            found.tries,
            codec::json(&found.attempts)?,
        ])?;
    let mut known = health(write.sql, tried.environment, &tried.endpoint_id)?;
    if let Some(attempt) = &tried.attempt {
        known.note(attempt.at, tried.state == DeliveryState::Delivered);
        write
            .sql
            .prepare_cached(
                "INSERT INTO webhook_health (environment, endpoint_id, last_success, last_failure, failing_since)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET last_success = excluded.last_success,
                     last_failure = excluded.last_failure, failing_since = excluded.failing_since",
            )?
            .execute(params![
                codec::environment(tried.environment),
                tried.endpoint_id,
                known.last_success.map(Timestamp::as_millis),
                known.last_failure.map(Timestamp::as_millis),
                known.failing_since.map(Timestamp::as_millis),
            ])?;
    }
    Ok(Some(known))
}

fn redeliver(write: &Write<'_>, environment: Environment, endpoint: &str, id: &str, now: Timestamp) -> Outcome<bool> {
    let found = write
        .sql
        .prepare_cached(
            "UPDATE webhook_deliveries SET state = 'pending', next_at = ?4, tries = 0, since = ?4
             WHERE environment = ?1 AND endpoint_id = ?2 AND id = ?3",
        )?
        .execute(params![codec::environment(environment), endpoint, id, now.as_millis()])?;
    if found > 0 {
        jobs::enqueue(write, &[delivery_job(environment, endpoint, id, now)])?;
    }
    Ok(found > 0)
}

fn health(sql: &Connection, environment: Environment, endpoint: &str) -> Outcome<WebhookHealth> {
    Ok(sql
        .prepare_cached(
            "SELECT last_success, last_failure, failing_since FROM webhook_health
             WHERE environment = ?1 AND endpoint_id = ?2",
        )?
        .query_row(params![codec::environment(environment), endpoint], |row| {
            let mut cells = Cells::new(row);
            Ok(WebhookHealth {
                last_success: cells.maybe_moment()?,
                last_failure: cells.maybe_moment()?,
                failing_since: cells.maybe_moment()?,
            })
        })
        .optional()?
        .unwrap_or_default())
}

fn delivery(cells: &mut Cells<'_>) -> rusqlite::Result<WebhookDelivery> {
    Ok(WebhookDelivery {
        delivery: NewWebhookDelivery {
            environment: cells.environment()?,
            endpoint_id: cells.take()?,
            id: cells.take()?,
            event: cells.take()?,
            resource: cells.take()?,
            payload: cells.take()?,
            created: cells.moment()?,
        },
        state: cells.name(DeliveryState::parse)?,
        next_at: cells.maybe_moment()?,
        tries: cells.take()?,
        since: cells.moment()?,
        attempts: cells.json()?,
    })
}

/// Tells that a template was submitted for approval, or that this was taken back.
pub(crate) fn submission(
    sql: &Connection,
    environment: Environment,
    before: Option<&Value>,
    document: &Document,
    now: Timestamp,
) -> Outcome<()> {
    match submission_job(environment, before, document, now) {
        Some(job) if anyone_listens(sql, environment)? => jobs::insert(sql, &job),
        _ => Ok(()),
    }
}

/// Tells that a template was published.
pub(crate) fn published(
    sql: &Connection,
    environment: Environment,
    document: &Document,
    now: Timestamp,
) -> Outcome<()> {
    match published_job(environment, document, now) {
        Some(job) if anyone_listens(sql, environment)? => jobs::insert(sql, &job),
        _ => Ok(()),
    }
}

/// Whether anybody is to be told anything of an environment.
pub(crate) fn anyone_listens(sql: &Connection, environment: Environment) -> Outcome<bool> {
    Ok(sql
        .prepare_cached("SELECT 1 FROM documents WHERE environment = ?1 AND kind = 'webhook' AND archived = 0")?
        .exists([codec::environment(environment)])?)
}

/// Whether anybody is to be told of a kind of event.
pub(crate) fn anyone_wants(sql: &Connection, environment: Environment, kind: &str) -> Outcome<bool> {
    let mut statement =
        sql.prepare_cached("SELECT body FROM documents WHERE environment = ?1 AND kind = 'webhook' AND archived = 0")?;
    let endpoints = statement.query_map([codec::environment(environment)], |found| Cells::new(found).json())?;
    for endpoint in endpoints {
        if is_wanted(&endpoint?, kind) {
            return Ok(true);
        }
    }
    Ok(false)
}
