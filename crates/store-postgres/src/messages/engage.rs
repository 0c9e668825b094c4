//! What is told of messages after they were handed over.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use tidings_store::webhooks::{MessageState, message_updated};
use tidings_store::{Engaged, Engagement, Engagements, Lane, MessageRow, NewJob};
use tidings_types::{Environment, Event, Reason, Result, Timestamp};

use super::row;
use crate::codec::{self, Cells, column, lenient, try_column};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;
use crate::{PostgresStore, jobs, webhooks};

#[async_trait]
impl Engagements for PostgresStore {
    async fn engage(&self, engagements: Vec<Engagement>) -> Result<Vec<Engaged>> {
        self.write(Engage(&engagements)).await
    }
}

struct Engage<'a>(&'a [Engagement]);

#[async_trait]
impl Operation for Engage<'_> {
    type Output = Vec<Engaged>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Vec<Engaged>> {
        engage(sql, self.0).await
    }
}

/// A message's key: environment as stored, and id.
type Key = (i16, String);

/// Tells what happened, within the transaction of whatever else changes with it.
pub(crate) async fn engage(sql: &Sql<'_>, engagements: &[Engagement]) -> Outcome<Vec<Engaged>> {
    let keys: Vec<Key> = engagements
        .iter()
        .map(key)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    // The same order as everyone else: first the work, then the message.
    let pending = lock_work(sql, &keys).await?;
    let mut messages = lock_messages(sql, &keys).await?;
    let mut answers = Vec::with_capacity(engagements.len());
    let mut changes = Changes::default();
    for engagement in engagements {
        let key = key(engagement);
        let Some(message) = messages.get_mut(&key) else {
            answers.push(Engaged::default());
            continue;
        };
        let before = message.progress.clone();
        let lines = engagement.apply(message, pending.contains_key(&key));
        let mut answer = Engaged {
            found: true,
            changed: lines.is_some(),
            woken: None,
        };
        if message.progress != before
            && let Some(lane) = pending.get(&key).copied().flatten()
        {
            answer.woken = Some(lane);
            changes.awake.insert(key.clone(), engagement.at);
        }
        if let Some(lines) = lines {
            changes.jobs.extend(engagement.jobs.iter().cloned());
            if let Some(word) = engagement.news(&lines) {
                let state = MessageState::of(message);
                let job = message_updated(engagement.environment, &engagement.id, state, word, engagement.at);
                changes.news.push(job);
            }
            if !lines.is_empty() {
                changes.lines.push((engagement.environment, key.1.clone(), lines));
            }
            changes.messages.insert(key);
        }
        answers.push(answer);
    }
    changes.write(sql, &messages).await?;
    changes.follow_up(sql).await?;
    Ok(answers)
}

fn key(engagement: &Engagement) -> Key {
    (
        codec::environment(engagement.environment),
        engagement.id.as_str().to_owned(),
    )
}

/// Which messages are still carried on; with their lane if they only wait for what may follow.
async fn lock_work(sql: &Sql<'_>, keys: &[Key]) -> Outcome<BTreeMap<Key, Option<Lane>>> {
    let rows = sql
        .rows(
            "SELECT w.environment, w.id, w.lane, w.settled FROM work AS w
             JOIN unnest($1::int2[], $2::text[]) AS c (environment, id)
                 ON w.environment = c.environment AND w.id = c.id
             ORDER BY w.environment, w.id FOR UPDATE OF w",
            &[
                &column(keys, |(environment, _)| *environment),
                &column(keys, |(_, id)| id.as_str()),
            ],
        )
        .await?;
    let read = |row| {
        let mut cells = Cells::new(row);
        let key = (cells.take()?, cells.take()?);
        let lane = Lane::from_i16(cells.take()?);
        let settled: bool = cells.take()?;
        Ok((key, settled.then_some(lane)))
    };
    rows.iter().map(read).collect()
}

async fn lock_messages(sql: &Sql<'_>, keys: &[Key]) -> Outcome<BTreeMap<Key, MessageRow>> {
    let query = format!(
        "SELECT {} FROM messages AS m
         JOIN unnest($1::int2[], $2::text[]) AS c (environment, id)
             ON m.environment = c.environment AND m.id = c.id
         ORDER BY m.environment, m.id FOR UPDATE OF m",
        row::MESSAGE
    );
    let rows = sql
        .rows(
            &query,
            &[
                &column(keys, |(environment, _)| *environment),
                &column(keys, |(_, id)| id.as_str()),
            ],
        )
        .await?;
    let read = |row| {
        let message = row::message(&mut Cells::new(row))?;
        let key = (codec::environment(message.environment), message.id.as_str().to_owned());
        Ok((key, message))
    };
    rows.iter().map(read).collect()
}

/// What is to be written.
#[derive(Default)]
struct Changes {
    messages: BTreeSet<Key>,
    lines: Vec<(Environment, String, Vec<Event>)>,
    awake: BTreeMap<Key, Timestamp>,
    jobs: Vec<NewJob>,
    /// What those who listen are told.
    news: Vec<NewJob>,
}

impl Changes {
    async fn write(&self, sql: &Sql<'_>, messages: &BTreeMap<Key, MessageRow>) -> Outcome<()> {
        let changed: Vec<&MessageRow> = self.messages.iter().filter_map(|key| messages.get(key)).collect();
        if changed.is_empty() {
            return Ok(());
        }
        update(sql, &changed).await?;
        if !self.lines.is_empty() {
            self.tell(sql).await?;
        }
        if !self.awake.is_empty() {
            self.wake(sql).await?;
        }
        Ok(())
    }

    async fn follow_up(mut self, sql: &Sql<'_>) -> Outcome<()> {
        let environments: BTreeSet<i16> = self
            .news
            .iter()
            .map(|job| codec::environment(job.name.environment))
            .collect();
        let listening = webhooks::listening(sql, &environments.into_iter().collect::<Vec<_>>()).await?;
        self.news
            .retain(|job| listening.contains(&codec::environment(job.name.environment)));
        jobs::enqueue(sql, self.jobs.iter().chain(&self.news)).await
    }

    async fn tell(&self, sql: &Sql<'_>) -> Outcome<()> {
        sql.execute(
            "INSERT INTO events (environment, message_id, lines)
             SELECT * FROM unnest($1::int2[], $2::text[], $3::text[])",
            &[
                &column(&self.lines, |(environment, _, _)| codec::environment(*environment)),
                &column(&self.lines, |(_, id, _)| id.as_str()),
                &try_column(&self.lines, |(_, _, lines)| codec::json(lines))?,
            ],
        )
        .await?;
        Ok(())
    }

    async fn wake(&self, sql: &Sql<'_>) -> Outcome<()> {
        let awake: Vec<_> = self.awake.iter().collect();
        sql.execute(
            "UPDATE work AS w SET due = LEAST(w.due, s.due)
             FROM unnest($1::int2[], $2::text[], $3::int8[]) AS s (environment, id, due)
             WHERE w.environment = s.environment AND w.id = s.id",
            &[
                &column(&awake, |((environment, _), _)| *environment),
                &column(&awake, |((_, id), _)| id.as_str()),
                &column(&awake, |(_, at)| at.as_millis()),
            ],
        )
        .await?;
        Ok(())
    }
}

async fn update(sql: &Sql<'_>, messages: &[&MessageRow]) -> Outcome<()> {
    sql.execute(
        "UPDATE messages AS m
         SET status = s.status, reason = s.reason, error = s.error, delivered = s.delivered, opened = s.opened,
             clicked = s.clicked, told = s.told
         FROM unnest($1::int2[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int8[], $7::int8[], $8::int8[],
                  $9::text[])
             AS s (environment, id, status, reason, error, delivered, opened, clicked, told)
         WHERE m.environment = s.environment AND m.id = s.id",
        &[
            &column(messages, |message| codec::environment(message.environment)),
            &column(messages, |message| message.id.as_str()),
            &column(messages, |message| message.status.as_str()),
            &column(messages, |message| message.reason.map(Reason::as_str)),
            &column(messages, |message| message.error.as_deref().map(lenient)),
            &column(messages, |message| message.delivered.map(Timestamp::as_millis)),
            &column(messages, |message| message.opened.map(Timestamp::as_millis)),
            &column(messages, |message| message.clicked.map(Timestamp::as_millis)),
            &try_column(messages, |message| codec::json(&message.told))?,
        ],
    )
    .await?;
    Ok(())
}
