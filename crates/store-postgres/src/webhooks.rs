//! What is told to customers' own servers.

use async_trait::async_trait;
use serde_json::Value;
use tidings_store::webhooks::{
    DeliveryState, NewWebhookDelivery, WebhookDelivery, WebhookHealth, WebhookTried, Webhooks, delivery_job, is_wanted,
    published_job, submission_job,
};
use tidings_store::{Cursor, Document, NewJob, Page, PageRequest};
use tidings_types::{Environment, Result, Timestamp};

use crate::codec::{self, Cells, column, lenient, surplus};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;
use crate::{PostgresStore, jobs};

/// The columns that [`delivery`] reads.
const COLUMNS: &str =
    "environment, endpoint_id, id, event, resource, payload, created, state, next_at, tries, since, attempts";

#[async_trait]
impl Webhooks for PostgresStore {
    async fn add_webhook_deliveries(&self, deliveries: Vec<NewWebhookDelivery>) -> Result<()> {
        self.write(Add(&deliveries)).await
    }

    async fn webhook_delivery(
        &self,
        environment: Environment,
        endpoint: &str,
        id: &str,
    ) -> Result<Option<WebhookDelivery>> {
        let query =
            format!("SELECT {COLUMNS} FROM webhook_deliveries WHERE environment = $1 AND endpoint_id = $2 AND id = $3");
        let row = self
            .database
            .read_one(&query, &[&codec::environment(environment), &endpoint, &id])
            .await?;
        Ok(row.map(|row| delivery(&mut Cells::new(&row))).transpose()?)
    }

    async fn webhook_deliveries(
        &self,
        environment: Environment,
        endpoint: &str,
        state: Option<DeliveryState>,
        page: PageRequest,
    ) -> Result<Page<WebhookDelivery>> {
        let (sort, id) = page
            .after
            .as_ref()
            .map_or((i64::MAX, ""), |after| (after.sort, after.id.as_str()));
        let query = format!(
            "SELECT {COLUMNS} FROM webhook_deliveries
             WHERE environment = $1 AND endpoint_id = $2 AND (created, id) < ($3::int8, $4::text COLLATE \"C\")
                 AND ($5::text IS NULL OR state = $5)
             ORDER BY created DESC, id DESC LIMIT $6"
        );
        let rows = self
            .database
            .read(
                &query,
                &[
                    &codec::environment(environment),
                    &endpoint,
                    &sort,
                    &id,
                    &state.map(DeliveryState::as_str),
                    &surplus(page.limit),
                ],
            )
            .await?;
        let rows = rows
            .iter()
            .map(|row| delivery(&mut Cells::new(row)))
            .collect::<Outcome<Vec<_>>>()?;
        Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
            sort: last.delivery.created.as_millis(),
            id: last.delivery.id.clone(),
        }))
    }

    async fn webhook_tried(&self, tried: WebhookTried) -> Result<Option<WebhookHealth>> {
        self.write(Note(&tried)).await
    }

    async fn redeliver_webhook(
        &self,
        environment: Environment,
        endpoint: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<bool> {
        self.write(Redeliver {
            environment,
            endpoint,
            id,
            now,
        })
        .await
    }

    async fn webhook_health(&self, environment: Environment, endpoint: &str) -> Result<WebhookHealth> {
        let row = self
            .database
            .read_one(HEALTH, &[&codec::environment(environment), &endpoint])
            .await?;
        Ok(row
            .map(|row| health(&mut Cells::new(&row)))
            .transpose()?
            .unwrap_or_default())
    }

    async fn forgive_webhook(&self, environment: Environment, endpoint: &str) -> Result<()> {
        self.execute(
            "UPDATE webhook_health SET failing_since = NULL WHERE environment = $1 AND endpoint_id = $2 RETURNING 1",
            &[&codec::environment(environment), &endpoint],
        )
        .await?;
        Ok(())
    }

    async fn prune_webhook_deliveries(&self, before: Timestamp, limit: u32) -> Result<u64> {
        let rows = self
            .execute(
                "DELETE FROM webhook_deliveries WHERE ctid = ANY (ARRAY(
                     SELECT ctid FROM webhook_deliveries WHERE created < $1 AND state <> 'pending' LIMIT $2))
                 RETURNING 1",
                &[&before.as_millis(), &i64::from(limit)],
            )
            .await?;
        Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
    }
}

struct Add<'a>(&'a [NewWebhookDelivery]);

#[async_trait]
impl Operation for Add<'_> {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        let new = self.0;
        let rows = sql
            .rows(
                "INSERT INTO webhook_deliveries
                     (environment, endpoint_id, id, event, resource, payload, created, state, next_at, since)
                 SELECT environment, endpoint_id, id, event, resource, payload, created, 'pending', created, created
                 FROM unnest($1::int2[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int8[])
                     AS s (environment, endpoint_id, id, event, resource, payload, created)
                 ON CONFLICT DO NOTHING RETURNING environment, endpoint_id, id, created",
                &[
                    &column(new, |one| codec::environment(one.environment)),
                    &column(new, |one| one.endpoint_id.as_str()),
                    &column(new, |one| one.id.as_str()),
                    &column(new, |one| lenient(&one.event)),
                    &column(new, |one| lenient(&one.resource)),
                    &column(new, |one| lenient(&one.payload)),
                    &column(new, |one| one.created.as_millis()),
                ],
            )
            .await?;
        let job = |row| {
            let mut cells = Cells::new(row);
            let environment = cells.environment()?;
            let (endpoint, id): (String, String) = (cells.take()?, cells.take()?);
            Ok(delivery_job(environment, &endpoint, &id, cells.moment()?))
        };
        let jobs = rows.iter().map(job).collect::<Outcome<Vec<NewJob>>>()?;
        jobs::enqueue(sql, &jobs).await
    }
}

struct Note<'a>(&'a WebhookTried);

#[async_trait]
impl Operation for Note<'_> {
    type Output = Option<WebhookHealth>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Option<WebhookHealth>> {
        let tried = self.0;
        let environment = codec::environment(tried.environment);
        let query = format!(
            "SELECT {COLUMNS} FROM webhook_deliveries
             WHERE environment = $1 AND endpoint_id = $2 AND id = $3 FOR UPDATE"
        );
        let Some(row) = sql.row(&query, &[&environment, &tried.endpoint_id, &tried.id]).await? else {
            return Ok(None);
        };
        let mut found = delivery(&mut Cells::new(&row))?;
        found.add(tried);
        sql.execute(
            "UPDATE webhook_deliveries SET state = $4, next_at = $5, tries = $6, attempts = $7
             WHERE environment = $1 AND endpoint_id = $2 AND id = $3",
            &[
                &environment,
                &tried.endpoint_id,
                &tried.id,
                &found.state.as_str(),
                &found.next_at.map(Timestamp::as_millis),
                &i32::try_from(found.tries).unwrap_or(i32::MAX),
                &codec::json(&found.attempts)?,
            ],
        )
        .await?;
        sql.execute(
            "INSERT INTO webhook_health (environment, endpoint_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            &[&environment, &tried.endpoint_id],
        )
        .await?;
        let locked = format!("{HEALTH} FOR UPDATE");
        let row = sql.row(&locked, &[&environment, &tried.endpoint_id]).await?;
        let mut known = row
            .map(|row| health(&mut Cells::new(&row)))
            .transpose()?
            .unwrap_or_default();
        if let Some(attempt) = &tried.attempt {
            known.note(attempt.at, tried.state == DeliveryState::Delivered);
            sql.execute(
                "UPDATE webhook_health SET last_success = $3, last_failure = $4, failing_since = $5
                 WHERE environment = $1 AND endpoint_id = $2",
                &[
                    &environment,
                    &tried.endpoint_id,
                    &known.last_success.map(Timestamp::as_millis),
                    &known.last_failure.map(Timestamp::as_millis),
                    &known.failing_since.map(Timestamp::as_millis),
                ],
            )
            .await?;
        }
        Ok(Some(known))
    }
}

struct Redeliver<'a> {
    environment: Environment,
    endpoint: &'a str,
    id: &'a str,
    now: Timestamp,
}

#[async_trait]
impl Operation for Redeliver<'_> {
    type Output = bool;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<bool> {
        let found = sql
            .execute(
                "UPDATE webhook_deliveries SET state = 'pending', next_at = $4, tries = 0, since = $4
                 WHERE environment = $1 AND endpoint_id = $2 AND id = $3",
                &[
                    &codec::environment(self.environment),
                    &self.endpoint,
                    &self.id,
                    &self.now.as_millis(),
                ],
            )
            .await?;
        if found > 0 {
            let job = delivery_job(self.environment, self.endpoint, self.id, self.now);
            jobs::enqueue(sql, &[job]).await?;
        }
        Ok(found > 0)
    }
}

const HEALTH: &str = "SELECT last_success, last_failure, failing_since FROM webhook_health
     WHERE environment = $1 AND endpoint_id = $2";

fn health(cells: &mut Cells<'_>) -> Outcome<WebhookHealth> {
    Ok(WebhookHealth {
        last_success: cells.maybe_moment()?,
        last_failure: cells.maybe_moment()?,
        failing_since: cells.maybe_moment()?,
    })
}

fn delivery(cells: &mut Cells<'_>) -> Outcome<WebhookDelivery> {
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
        tries: cells.number()?,
        since: cells.moment()?,
        attempts: cells.json()?,
    })
}

/// Tells that a template was submitted for approval, or that this was taken back.
pub(crate) async fn submission(
    sql: &Sql<'_>,
    environment: Environment,
    before: Option<&Value>,
    document: &Document,
    now: Timestamp,
) -> Outcome<()> {
    match submission_job(environment, before, document, now) {
        Some(job) if !listening(sql, &[codec::environment(environment)]).await?.is_empty() => {
            jobs::enqueue(sql, &[job]).await
        }
        _ => Ok(()),
    }
}

/// Tells that a template was published.
pub(crate) async fn published(
    sql: &Sql<'_>,
    environment: Environment,
    document: &Document,
    now: Timestamp,
) -> Outcome<()> {
    let Some(job) = published_job(environment, document, now) else {
        return Ok(());
    };
    if listening(sql, &[codec::environment(environment)]).await?.is_empty() {
        return Ok(());
    }
    jobs::enqueue(sql, &[job]).await
}

/// In which of these environments anybody is to be told anything.
pub(crate) async fn listening(sql: &Sql<'_>, environments: &[i16]) -> Outcome<Vec<i16>> {
    if environments.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sql
        .rows(
            "SELECT DISTINCT environment FROM documents
             WHERE environment = ANY ($1) AND kind = 'webhook' AND NOT archived",
            &[&environments],
        )
        .await?;
    rows.iter().map(|row| Cells::new(row).take()).collect()
}

/// Whether anybody is to be told of a kind of event.
pub(crate) async fn anyone_wants(sql: &Sql<'_>, environment: Environment, kind: &str) -> Outcome<bool> {
    let rows = sql
        .rows(
            "SELECT body FROM documents WHERE environment = $1 AND kind = 'webhook' AND NOT archived",
            &[&codec::environment(environment)],
        )
        .await?;
    for row in &rows {
        if is_wanted(&Cells::new(row).json()?, kind) {
            return Ok(true);
        }
    }
    Ok(false)
}
