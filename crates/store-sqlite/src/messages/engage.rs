//! What is told of messages after they were handed over.

use async_trait::async_trait;
use rusqlite::{OptionalExtension as _, params};
use tidings_store::webhooks::{MessageState, message_updated};
use tidings_store::{Engaged, Engagement, Engagements, Lane, MessageRow};
use tidings_types::{Reason, Result, Timestamp};

use super::{events, read};
use crate::SqliteStore;
use crate::codec;
use crate::fault::Outcome;
use crate::writer::Write;
use crate::{jobs, webhooks};

#[async_trait]
impl Engagements for SqliteStore {
    async fn engage(&self, engagements: Vec<Engagement>) -> Result<Vec<Engaged>> {
        self.write(move |write| engage(write, &engagements)).await
    }
}

/// Tells what happened, within the transaction of whatever else changes with it.
pub(crate) fn engage(write: &Write<'_>, engagements: &[Engagement]) -> Outcome<Vec<Engaged>> {
    engagements.iter().map(|one| engage_one(write, one)).collect()
}

fn engage_one(write: &Write<'_>, engagement: &Engagement) -> Outcome<Engaged> {
    let Some(mut message) = read::message(write.sql, engagement.environment, &engagement.id)? else {
        return Ok(Engaged::default());
    };
    let found = Engaged {
        found: true,
        ..Engaged::default()
    };
    let pending = is_pending(write, engagement)?;
    let before = message.progress.clone();
    let Some(lines) = engagement.apply(&mut message, pending) else {
        return Ok(found);
    };
    update(write, &message)?;
    events::append(write.sql, engagement.environment, &engagement.id, &lines)?;
    jobs::enqueue(write, &engagement.jobs)?;
    if let Some(word) = engagement.news(&lines)
        && webhooks::anyone_listens(write.sql, engagement.environment)?
    {
        let state = MessageState::of(&message);
        let job = message_updated(engagement.environment, &engagement.id, state, word, engagement.at);
        jobs::enqueue(write, &[job])?;
    }
    let woken = if pending && message.progress != before {
        wake(write, engagement)?
    } else {
        None
    };
    Ok(Engaged {
        changed: true,
        woken,
        ..found
    })
}

fn is_pending(write: &Write<'_>, engagement: &Engagement) -> Outcome<bool> {
    Ok(write
        .sql
        .prepare_cached("SELECT 1 FROM work WHERE environment = ?1 AND id = ?2")?
        .exists(params![
            codec::environment(engagement.environment),
            engagement.id.as_str()
        ])?)
}

fn update(write: &Write<'_>, message: &MessageRow) -> Outcome<()> {
    write
        .sql
        .prepare_cached(
            "UPDATE messages
             SET status = ?3, reason = ?4, error = ?5, delivered = ?6, opened = ?7, clicked = ?8, told = ?9
             WHERE environment = ?1 AND id = ?2",
        )?
        .execute(params![
            codec::environment(message.environment),
            message.id.as_str(),
            message.status.as_str(),
            message.reason.map(Reason::as_str),
            message.error,
            message.delivered.map(Timestamp::as_millis),
            message.opened.map(Timestamp::as_millis),
            message.clicked.map(Timestamp::as_millis),
            codec::json(&message.told)?,
        ])?;
    Ok(())
}

/// Work that only waits for a reaction is due now.
fn wake(write: &Write<'_>, engagement: &Engagement) -> Outcome<Option<Lane>> {
    let lane = write
        .sql
        .prepare_cached(
            "UPDATE work SET due = ?3 WHERE environment = ?1 AND id = ?2 AND settled = 1 AND due > ?3 RETURNING lane",
        )?
        .query_row(
            params![
                codec::environment(engagement.environment),
                engagement.id.as_str(),
                engagement.at.as_millis()
            ],
            |row| row.get(0),
        )
        .optional()?;
    Ok(lane.map(Lane::from_i16))
}
