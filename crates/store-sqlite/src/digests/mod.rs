//! Messages that are gathered and sent as one.

mod change;

use async_trait::async_trait;
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use tidings_store::{
    Acceptance, Cursor, DigestEvent, DigestFilter, DigestInstance, DigestKey, Digests, NewJob, Page, PageRequest,
};
use tidings_types::{Environment, MessageId, Result, Timestamp, TopicId, UserId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::messages::accept;
use crate::{SqliteStore, jobs};
pub(crate) use change::hold;

const INSTANCE: &str = "id, user_id, topic_id, tenant_id, schedule_id, released, events, counts, created";

#[async_trait]
impl Digests for SqliteStore {
    async fn digest_instances(
        &self,
        environment: Environment,
        filter: DigestFilter,
        page: PageRequest,
    ) -> Result<Page<DigestInstance>> {
        self.read(move |sql| instances(sql, environment, &filter, &page)).await
    }

    async fn digest_events(&self, environment: Environment, user: &UserId, instance: &str) -> Result<Vec<DigestEvent>> {
        let (user, instance) = (user.clone(), instance.to_owned());
        self.read(move |sql| events(sql, environment, &user, &instance)).await
    }

    async fn release_digest(
        &self,
        environment: Environment,
        instance: DigestInstance,
        acceptances: Vec<Acceptance>,
        now: Timestamp,
    ) -> Result<bool> {
        self.write(move |write| {
            let ended = change::end(write.sql, environment, &instance, now)?;
            if ended {
                for acceptance in &acceptances {
                    accept::accept(write, acceptance)?;
                }
            }
            Ok(ended)
        })
        .await
    }

    async fn prune_digests(&self, before: Timestamp, limit: u32) -> Result<u32> {
        self.write(move |write| change::prune(write.sql, before, limit)).await
    }

    async fn move_digest(
        &self,
        environment: Environment,
        instance: DigestInstance,
        schedule_id: &str,
        jobs: Vec<NewJob>,
    ) -> Result<bool> {
        let schedule = schedule_id.to_owned();
        self.write(move |write| {
            let moved = change::move_to(write.sql, environment, &instance, &schedule)?;
            if moved {
                jobs::enqueue(write, &jobs)?;
            }
            Ok(moved)
        })
        .await
    }
}

fn instances(
    sql: &Connection,
    environment: Environment,
    filter: &DigestFilter,
    page: &PageRequest,
) -> Outcome<Page<DigestInstance>> {
    let mut query = format!("SELECT {INSTANCE} FROM digest_instances WHERE environment = ?");
    let mut values: Vec<Value> = vec![codec::environment(environment).into()];
    let mut and = |condition: &str, value: Value| {
        query.push_str(condition);
        values.push(value);
    };
    if let Some(schedule) = &filter.schedule_id {
        and(" AND schedule_id = ?", schedule.clone().into());
    }
    if let Some(user) = &filter.user_id {
        and(" AND user_id = ?", user.as_str().to_owned().into());
    }
    if let Some(topic) = &filter.topic_id {
        and(" AND topic_id = ?", topic.as_str().to_owned().into());
    }
    if let Some(tenant) = &filter.tenant_id {
        and(" AND tenant_id = ?", tenant.clone().unwrap_or_default().into());
    }
    if filter.open {
        and(" AND released = ?", Value::from(false));
    }
    if let Some(after) = &page.after {
        and(" AND (created, id) < (?", after.sort.into());
        and(", ?)", after.id.clone().into());
    }
    and(
        " ORDER BY created DESC, id DESC LIMIT ?",
        (i64::from(page.limit) + 1).into(),
    );
    let rows = sql
        .prepare_cached(&query)?
        .query_map(params_from_iter(values), |row| instance(&mut Cells::new(row)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: last.created.as_millis(),
        id: last.id.clone(),
    }))
}

fn instance(cells: &mut Cells<'_>) -> rusqlite::Result<DigestInstance> {
    Ok(DigestInstance {
        id: cells.take()?,
        key: DigestKey {
            user_id: UserId::from(cells.take::<String>()?),
            topic_id: TopicId::from(cells.take::<String>()?),
            tenant_id: Some(cells.take::<String>()?).filter(|tenant| !tenant.is_empty()),
            schedule_id: cells.take()?,
        },
        released: cells.take()?,
        events: cells.take()?,
        counts: cells.json()?,
        created: cells.moment()?,
    })
}

fn events(sql: &Connection, environment: Environment, user: &UserId, instance: &str) -> Outcome<Vec<DigestEvent>> {
    let rows = sql
        .prepare_cached(
            "SELECT message_id, at, categories, data, recipient FROM digest_events
             WHERE environment = ?1 AND user_id = ?2 AND instance_id = ?3 ORDER BY at, message_id",
        )?
        .query_map(
            params![codec::environment(environment), user.as_str(), instance],
            |row| {
                let mut cells = Cells::new(row);
                Ok(DigestEvent {
                    message_id: MessageId::from(cells.take::<String>()?),
                    at: cells.moment()?,
                    categories: cells.json()?,
                    data: cells.json()?,
                    recipient: cells.json()?,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}
