//! Writing what steps came to.

mod history;
mod message;
mod work;

use async_trait::async_trait;
use tidings_store::Record;
use tidings_types::Environment;

use crate::batcher::Batched;
use crate::codec::{self, Cells, column};
use crate::fault::Outcome;
use crate::notification::Notification;
use crate::sql::Sql;
use crate::{digests, feed, jobs, outbox};

#[async_trait]
impl Batched for Record {
    type Answer = bool;

    fn message(&self) -> Option<(Environment, &str)> {
        Some((self.environment, self.id.as_str()))
    }

    fn news(&self) -> Vec<Notification> {
        let entries = self.feed.iter();
        let feeds = entries.map(|entry| Notification::feed(self.environment, &entry.user_id));
        jobs::news(&self.jobs).chain(feeds).collect()
    }

    async fn write_all(items: &[&Self], sql: &Sql<'_>) -> Outcome<Vec<bool>> {
        let held = lock_held(sql, items).await?;
        let records: Vec<&Self> = items
            .iter()
            .zip(&held)
            .filter(|(_, held)| **held)
            .map(|(item, _)| *item)
            .collect();
        if !records.is_empty() {
            message::update(sql, &records).await?;
            work::update(sql, &records).await?;
            history::append(sql, &records).await?;
            history::insert_outputs(sql, &records).await?;
            feed::append(sql, &records).await?;
            outbox::append(sql, &records).await?;
            digests::hold(sql, &records).await?;
            jobs::enqueue(sql, records.iter().flat_map(|record| &record.jobs)).await?;
        }
        Ok(held)
    }
}

/// Tells whose claims still hold, and keeps everyone else from the work of those until the transaction ends. A lease
/// that has ended while nobody else claimed its work still holds.
async fn lock_held(sql: &Sql<'_>, items: &[&Record]) -> Outcome<Vec<bool>> {
    let mut held = vec![false; items.len()];
    // In one order, so that two batches never wait for each other.
    let rows = sql
        .rows(
            "SELECT c.position FROM work AS w
             JOIN unnest($1::int2[], $2::text[], $3::int8[]) WITH ORDINALITY AS c (environment, id, token, position)
                 ON w.environment = c.environment AND w.id = c.id AND w.token = c.token
             WHERE w.leased_until IS NOT NULL
             ORDER BY w.environment, w.id FOR UPDATE OF w",
            &[
                &column(items, |item| codec::environment(item.environment)),
                &column(items, |item| item.id.as_str()),
                &column(items, |item| item.token),
            ],
        )
        .await?;
    for row in &rows {
        // Positions count from 1.
        let position = usize::try_from(Cells::new(row).count()?).unwrap_or(usize::MAX);
        if let Some(held) = position.checked_sub(1).and_then(|position| held.get_mut(position)) {
            *held = true;
        }
    }
    Ok(held)
}
