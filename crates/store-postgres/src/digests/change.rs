//! Filing messages, ending gatherings and moving them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tidings_store::{Acceptance, DigestInstance, NewJob, Record};
use tidings_types::{Environment, Timestamp};

use crate::batcher::Batched as _;
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::jobs;
use crate::sql::Sql;
use crate::transaction::Operation;

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
                "INSERT INTO digest_events (environment, user_id, message_id, instance_id, at, categories, data, recipient)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
                &[
                    &place,
                    &key.user_id.as_str(),
                    &record.id.as_str(),
                    &id,
                    &holding.at.as_millis(),
                    &codec::json(&holding.categories)?,
                    &codec::json(&holding.data)?,
                    &codec::json(&holding.recipient)?,
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
pub(super) struct Release {
    pub(super) environment: Environment,
    pub(super) instance: DigestInstance,
    pub(super) acceptances: Vec<Acceptance>,
    pub(super) now: Timestamp,
}

#[async_trait]
impl Operation for Release {
    type Output = bool;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<bool> {
        let ended = sql
            .execute(
                "UPDATE digest_instances SET released = true, released_at = $5
                 WHERE environment = $1 AND user_id = $2 AND id = $3 AND NOT released AND events = $4",
                &[
                    &codec::environment(self.environment),
                    &self.instance.key.user_id.as_str(),
                    &self.instance.id,
                    &i64::from(self.instance.events),
                    &self.now.as_millis(),
                ],
            )
            .await?;
        if ended == 0 {
            return Ok(false);
        }
        if !self.acceptances.is_empty() {
            Acceptance::write_all(&self.acceptances.iter().collect::<Vec<_>>(), sql).await?;
        }
        Ok(true)
    }
}

/// Moves an open gathering to another rhythm, into the one that is open there if there is one.
pub(super) struct Move {
    pub(super) environment: Environment,
    pub(super) instance: DigestInstance,
    pub(super) schedule: String,
    pub(super) jobs: Vec<NewJob>,
}

#[async_trait]
impl Operation for Move {
    type Output = bool;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<bool> {
        let (place, key) = (codec::environment(self.environment), &self.instance.key);
        let (user, id) = (key.user_id.as_str(), self.instance.id.as_str());
        // In the order in which messages are filed: by rhythm.
        let open = sql
            .rows(
                "SELECT id, counts, schedule_id FROM digest_instances
                 WHERE environment = $1 AND user_id = $2 AND topic_id = $3 AND tenant_id = $4
                   AND schedule_id = ANY ($5) AND NOT released
                 ORDER BY schedule_id FOR UPDATE",
                &[
                    &place,
                    &user,
                    &key.topic_id.as_str(),
                    &key.tenant_id.as_deref().unwrap_or_default(),
                    &vec![key.schedule_id.as_str(), self.schedule.as_str()],
                ],
            )
            .await?;
        let mut moved: Option<BTreeMap<String, u32>> = None;
        let mut target: Option<(String, BTreeMap<String, u32>)> = None;
        for row in &open {
            let mut cells = Cells::new(row);
            let (found, counts): (String, _) = (cells.take()?, cells.json()?);
            if found == id {
                moved = Some(counts);
            } else if cells.take::<String>()? == self.schedule {
                target = Some((found, counts));
            }
        }
        let Some(counts) = moved else { return Ok(false) };
        match target {
            None => {
                sql.execute(
                    "UPDATE digest_instances SET schedule_id = $4
                     WHERE environment = $1 AND user_id = $2 AND id = $3",
                    &[&place, &user, &id, &self.schedule],
                )
                .await?;
            }
            Some((target, mut all)) => {
                for (category, count) in counts {
                    *all.entry(category).or_default() += count;
                }
                sql.execute(
                    "UPDATE digest_events SET instance_id = $4
                     WHERE environment = $1 AND user_id = $2 AND instance_id = $3",
                    &[&place, &user, &id, &target],
                )
                .await?;
                sql.execute(
                    "UPDATE digest_instances AS into_one SET counts = $5, events = into_one.events + moved.events,
                         created = LEAST(into_one.created, moved.created)
                     FROM digest_instances AS moved
                     WHERE into_one.environment = $1 AND into_one.user_id = $2 AND into_one.id = $4
                       AND moved.environment = $1 AND moved.user_id = $2 AND moved.id = $3",
                    &[&place, &user, &id, &target, &codec::json(&all)?],
                )
                .await?;
                sql.execute(
                    "DELETE FROM digest_instances WHERE environment = $1 AND user_id = $2 AND id = $3",
                    &[&place, &user, &id],
                )
                .await?;
            }
        }
        jobs::enqueue(sql, &self.jobs).await?;
        Ok(true)
    }
}
