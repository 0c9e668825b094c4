//! Messages that are gathered and sent as one.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tidings_store::{
    Acceptance, Cursor, DigestEvent, DigestFilter, DigestInstance, DigestKey, Digests, Page, PageRequest, Record,
};
use tidings_types::{Environment, Result, TopicId, UserId};
use tokio_postgres::Row;

use crate::PostgresStore;
use crate::batcher::Batched as _;
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

#[async_trait]
impl Digests for PostgresStore {
    async fn digest_instances(
        &self,
        environment: Environment,
        filter: DigestFilter,
        page: PageRequest,
    ) -> Result<Page<DigestInstance>> {
        let rows = self
            .database
            .read(
                "SELECT id, user_id, topic_id, tenant_id, schedule_id, released, events, counts, created
                 FROM digest_instances
                 WHERE environment = $1
                   AND ($2::text IS NULL OR schedule_id = $2)
                   AND ($3::text IS NULL OR user_id = $3)
                   AND ($4::text IS NULL OR topic_id = $4)
                   AND ($5::text IS NULL OR tenant_id = $5)
                   AND (NOT $6::bool OR NOT released)
                   AND ($7::bigint IS NULL OR (created, id) < ($7, $8::text))
                 ORDER BY created DESC, id DESC LIMIT $9",
                &[
                    &codec::environment(environment),
                    &filter.schedule_id,
                    &filter.user_id.as_ref().map(UserId::as_str),
                    &filter.topic_id.as_ref().map(TopicId::as_str),
                    &filter
                        .tenant_id
                        .as_ref()
                        .map(|tenant| tenant.as_deref().unwrap_or_default()),
                    &filter.open,
                    &page.after.as_ref().map(|after| after.sort),
                    &page.after.as_ref().map(|after| after.id.as_str()),
                    &codec::surplus(page.limit),
                ],
            )
            .await?;
        let rows = rows.iter().map(instance).collect::<Outcome<Vec<_>>>()?;
        Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
            sort: last.created.as_millis(),
            id: last.id.clone(),
        }))
    }

    async fn digest_events(&self, environment: Environment, user: &UserId, instance: &str) -> Result<Vec<DigestEvent>> {
        let rows = self
            .database
            .read(
                "SELECT at, categories, data FROM digest_events
                 WHERE environment = $1 AND user_id = $2 AND instance_id = $3 ORDER BY at, message_id",
                &[&codec::environment(environment), &user.as_str(), &instance],
            )
            .await?;
        let read = |row: &Row| {
            let mut cells = Cells::new(row);
            Ok(DigestEvent {
                at: cells.moment()?,
                categories: cells.json()?,
                data: cells.json()?,
            })
        };
        Ok(rows.iter().map(read).collect::<Outcome<_>>()?)
    }

    async fn release_digest(&self, instance: DigestInstance, acceptance: Acceptance) -> Result<bool> {
        self.write(Release { instance, acceptance }).await
    }
}

fn instance(row: &Row) -> Outcome<DigestInstance> {
    let mut cells = Cells::new(row);
    Ok(DigestInstance {
        id: cells.take()?,
        key: DigestKey {
            user_id: UserId::from(cells.take::<&str>()?),
            topic_id: TopicId::from(cells.take::<&str>()?),
            tenant_id: Some(cells.take::<String>()?).filter(|tenant| !tenant.is_empty()),
            schedule_id: cells.take()?,
        },
        released: cells.take()?,
        events: u32::try_from(cells.count()?).unwrap_or(u32::MAX),
        counts: cells.json()?,
        created: cells.moment()?,
    })
}

/// Files the messages of records, in the gatherings there are or new ones. People are taken in one order, so that two
/// batches never wait for each other.
pub(crate) async fn hold(sql: &Sql<'_>, records: &[&Record]) -> Outcome<()> {
    let mut held: Vec<_> = records
        .iter()
        .filter_map(|record| Some((record, record.hold.as_ref()?)))
        .collect();
    held.sort_by(|(_, one), (_, other)| one.key.cmp(&other.key));
    for (record, holding) in held {
        let (place, key) = (codec::environment(record.environment), &holding.key);
        let tenant = key.tenant_id.as_deref().unwrap_or_default();
        // Whoever is first makes it; the row is then kept from everyone else until the transaction ends.
        sql.execute(
            "INSERT INTO digest_instances
                 (environment, user_id, id, topic_id, tenant_id, schedule_id, released, events, counts, created)
             VALUES ($1, $2, $3, $4, $5, $6, false, 0, '{}', $7)
             ON CONFLICT DO NOTHING",
            &[
                &place,
                &key.user_id.as_str(),
                &format!("dig_{}", record.id),
                &key.topic_id.as_str(),
                &tenant,
                &key.schedule_id,
                &holding.at.as_millis(),
            ],
        )
        .await?;
        let open = sql
            .row(
                "SELECT id, counts FROM digest_instances
                 WHERE environment = $1 AND user_id = $2 AND topic_id = $3 AND tenant_id = $4 AND schedule_id = $5
                   AND NOT released FOR UPDATE",
                &[
                    &place,
                    &key.user_id.as_str(),
                    &key.topic_id.as_str(),
                    &tenant,
                    &key.schedule_id,
                ],
            )
            .await?;
        let Some(open) = open else {
            // Released between the two statements: the whole batch is run again.
            return Err(tidings_types::Error::busy("a digest was released while a message was filed in it").into());
        };
        let mut cells = Cells::new(&open);
        let id: String = cells.take()?;
        let mut counts: BTreeMap<String, u32> = cells.json()?;
        for category in &holding.categories {
            *counts.entry(category.clone()).or_default() += 1;
        }
        let filed = sql
            .execute(
                "INSERT INTO digest_events (environment, user_id, message_id, instance_id, at, categories, data)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                &[
                    &place,
                    &key.user_id.as_str(),
                    &record.id.as_str(),
                    &id,
                    &holding.at.as_millis(),
                    &codec::json(&holding.categories)?,
                    &codec::json(&holding.data)?,
                ],
            )
            .await?;
        if filed > 0 {
            sql.execute(
                "UPDATE digest_instances SET events = events + 1, counts = $4
                 WHERE environment = $1 AND user_id = $2 AND id = $3",
                &[&place, &key.user_id.as_str(), &id, &codec::json(&counts)?],
            )
            .await?;
        }
    }
    Ok(())
}

/// Ends a gathering and accepts what follows from it.
struct Release {
    instance: DigestInstance,
    acceptance: Acceptance,
}

#[async_trait]
impl Operation for Release {
    type Output = bool;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<bool> {
        let ended = sql
            .execute(
                "UPDATE digest_instances SET released = true
                 WHERE environment = $1 AND user_id = $2 AND id = $3 AND NOT released AND events = $4",
                &[
                    &codec::environment(self.acceptance.request.environment),
                    &self.instance.key.user_id.as_str(),
                    &self.instance.id,
                    &i64::from(self.instance.events),
                ],
            )
            .await?;
        if ended == 0 {
            return Ok(false);
        }
        Acceptance::write_all(&[&self.acceptance], sql).await?;
        Ok(true)
    }
}
