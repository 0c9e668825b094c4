//! Messages that are gathered and sent as one.

mod change;

use async_trait::async_trait;
use tidings_store::{
    Acceptance, Cursor, DigestEvent, DigestFilter, DigestInstance, DigestKey, Digests, NewJob, Page, PageRequest,
};
use tidings_types::{Environment, MessageId, Result, Timestamp, TopicId, UserId};
use tokio_postgres::Row;

use crate::PostgresStore;
use crate::codec::{self, Cells};
use crate::fault::Outcome;
pub(crate) use change::hold;

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
                "SELECT message_id, at, categories, data, recipient FROM digest_events
                 WHERE environment = $1 AND user_id = $2 AND instance_id = $3 ORDER BY at, message_id",
                &[&codec::environment(environment), &user.as_str(), &instance],
            )
            .await?;
        let read = |row: &Row| {
            let mut cells = Cells::new(row);
            Ok(DigestEvent {
                message_id: MessageId::from(cells.take::<&str>()?),
                at: cells.moment()?,
                categories: cells.json()?,
                data: cells.json()?,
                recipient: cells.json()?,
            })
        };
        Ok(rows.iter().map(read).collect::<Outcome<_>>()?)
    }

    async fn release_digest(
        &self,
        environment: Environment,
        instance: DigestInstance,
        acceptances: Vec<Acceptance>,
        now: Timestamp,
    ) -> Result<bool> {
        let release = change::Release {
            environment,
            instance,
            acceptances,
            now,
        };
        self.write(release).await
    }

    async fn prune_digests(&self, before: Timestamp, limit: u32) -> Result<u32> {
        let gone = self
            .execute(
                "WITH due AS (
                     SELECT environment, user_id, id FROM digest_instances
                     WHERE released AND (released_at < $1 OR released_at IS NULL AND created < $1)
                     LIMIT $2 FOR UPDATE SKIP LOCKED),
                 events AS (
                     DELETE FROM digest_events AS e USING due
                     WHERE e.environment = due.environment AND e.user_id = due.user_id AND e.instance_id = due.id)
                 DELETE FROM digest_instances AS i USING due
                 WHERE i.environment = due.environment AND i.user_id = due.user_id AND i.id = due.id RETURNING 1",
                &[&before.as_millis(), &i64::from(limit)],
            )
            .await?;
        Ok(u32::try_from(gone.len()).unwrap_or(u32::MAX))
    }

    async fn move_digest(
        &self,
        environment: Environment,
        instance: DigestInstance,
        schedule_id: &str,
        jobs: Vec<NewJob>,
    ) -> Result<bool> {
        let operation = change::Move {
            environment,
            instance,
            schedule: schedule_id.to_owned(),
            jobs,
        };
        self.write(operation).await
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
