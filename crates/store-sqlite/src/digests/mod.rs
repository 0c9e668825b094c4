//! Messages that are gathered and sent as one.

use std::collections::BTreeMap;

use async_trait::async_trait;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params, params_from_iter};
use tidings_store::{
    Acceptance, Cursor, DigestEvent, DigestFilter, DigestInstance, DigestKey, Digests, Page, PageRequest, Record,
};
use tidings_types::{Environment, Result, TopicId, UserId};

use crate::SqliteStore;
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::messages::accept;

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

    async fn release_digest(&self, instance: DigestInstance, acceptance: Acceptance) -> Result<bool> {
        self.write(move |write| {
            let ended = end(write.sql, &instance, &acceptance)?;
            if ended {
                accept::accept(write, &acceptance)?;
            }
            Ok(ended)
        })
        .await
    }
}

/// Files the message of a record, in the gathering there is or a new one.
pub(crate) fn hold(sql: &Connection, record: &Record) -> Outcome<()> {
    let Some(holding) = &record.hold else { return Ok(()) };
    let (place, key) = (codec::environment(record.environment), &holding.key);
    let tenant = key.tenant_id.as_deref().unwrap_or_default();
    let open: Option<(String, BTreeMap<String, u32>)> = sql
        .prepare_cached(
            "SELECT id, counts FROM digest_instances
             WHERE environment = ?1 AND user_id = ?2 AND topic_id = ?3 AND tenant_id = ?4 AND schedule_id = ?5
               AND released = 0",
        )?
        .query_row(
            params![
                place,
                key.user_id.as_str(),
                key.topic_id.as_str(),
                tenant,
                key.schedule_id
            ],
            |row| {
                let mut cells = Cells::new(row);
                Ok((cells.take()?, cells.json()?))
            },
        )
        .optional()?;
    let (id, mut counts) = open.unwrap_or_else(|| (format!("dig_{}", record.id), BTreeMap::new()));
    for category in &holding.categories {
        *counts.entry(category.clone()).or_default() += 1;
    }
    let filed = sql
        .prepare_cached(
            "INSERT INTO digest_events (environment, user_id, message_id, instance_id, at, categories, data)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            place,
            key.user_id.as_str(),
            record.id.as_str(),
            id,
            holding.at.as_millis(),
            codec::json(&holding.categories)?,
            codec::json(&holding.data)?,
        ])?;
    if filed == 0 {
        return Ok(());
    }
    sql.prepare_cached(
        "INSERT INTO digest_instances
             (environment, user_id, id, topic_id, tenant_id, schedule_id, released, events, counts, created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 1, ?7, ?8)
         ON CONFLICT (environment, user_id, id) DO UPDATE SET events = events + 1, counts = excluded.counts",
    )?
    .execute(params![
        place,
        key.user_id.as_str(),
        id,
        key.topic_id.as_str(),
        tenant,
        key.schedule_id,
        codec::json(&counts)?,
        holding.at.as_millis(),
    ])?;
    Ok(())
}

fn end(sql: &Connection, instance: &DigestInstance, acceptance: &Acceptance) -> Outcome<bool> {
    let ended = sql
        .prepare_cached(
            "UPDATE digest_instances SET released = 1
             WHERE environment = ?1 AND user_id = ?2 AND id = ?3 AND released = 0 AND events = ?4",
        )?
        .execute(params![
            codec::environment(acceptance.request.environment),
            instance.key.user_id.as_str(),
            instance.id,
            instance.events,
        ])?;
    Ok(ended > 0)
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
            "SELECT at, categories, data FROM digest_events
             WHERE environment = ?1 AND user_id = ?2 AND instance_id = ?3 ORDER BY at, message_id",
        )?
        .query_map(
            params![codec::environment(environment), user.as_str(), instance],
            |row| {
                let mut cells = Cells::new(row);
                Ok(DigestEvent {
                    at: cells.moment()?,
                    categories: cells.json()?,
                    data: cells.json()?,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}
