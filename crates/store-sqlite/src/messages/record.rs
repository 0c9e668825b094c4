//! Writing what a step came to.

use rusqlite::params;
use tidings_store::{Next, Record};

use super::events;
use crate::codec;
use crate::fault::Outcome;
use crate::writer::Write;
use crate::{digests, feed, jobs, outbox};

pub(super) fn record(write: &mut Write<'_>, record: &Record) -> Outcome<bool> {
    let key = (record.environment, record.id.clone());
    if !write.leases.holds(&key, record.token) {
        return Ok(false);
    }
    update_message(write, record)?;
    update_work(write, record)?;
    events::append(write.sql, record.environment, &record.id, &record.events)?;
    insert_outputs(write, record)?;
    for entry in &record.feed {
        feed::append(write.sql, record.environment, &record.id, entry)?;
    }
    for caught in &record.caught {
        outbox::append(write.sql, record.environment, &record.id, caught)?;
    }
    digests::hold(write.sql, record)?;
    jobs::enqueue(write, &record.jobs)?;
    if record.next != Next::KeepClaim {
        write.leases.release(&key, record.token);
    }
    Ok(true)
}

fn update_message(write: &Write<'_>, record: &Record) -> Outcome<()> {
    let environment = codec::environment(record.environment);
    write
        .sql
        .prepare_cached(
            "UPDATE messages
             SET status = CASE WHEN status IN ('DELIVERED', 'OPENED', 'CLICKED') THEN status ELSE ?3 END,
                 reason = CASE WHEN status IN ('DELIVERED', 'OPENED', 'CLICKED') THEN NULL ELSE ?4 END,
                 error = CASE WHEN status IN ('DELIVERED', 'OPENED', 'CLICKED') THEN NULL ELSE ?5 END,
                 sent = COALESCE(sent, ?6), providers = ?7, progress = ?8,
                 trace = ?9
             WHERE environment = ?1 AND id = ?2",
        )?
        .execute(params![
            environment,
            record.id.as_str(),
            record.status.as_str(),
            record.reason.map(tidings_types::Reason::as_str),
            record.error,
            record.sent.map(tidings_types::Timestamp::as_millis),
            codec::json(&record.providers)?,
            codec::json(&record.progress)?,
            codec::json(&record.trace)?,
        ])?;
    if let Some(notification) = &record.notification {
        // Apart, so that the usual update leaves the index by template alone.
        write
            .sql
            .prepare_cached(
                "UPDATE messages SET notification = ?3 WHERE environment = ?1 AND id = ?2 AND notification <> ?3",
            )?
            .execute(params![environment, record.id.as_str(), notification])?;
    }
    if record.one_time {
        // Apart, so that the usual update leaves the index of what is to be redacted alone.
        write
            .sql
            .prepare_cached("UPDATE messages SET one_time = 1 WHERE environment = ?1 AND id = ?2 AND one_time = 0")?
            .execute(params![environment, record.id.as_str()])?;
    }
    Ok(())
}

fn update_work(write: &Write<'_>, record: &Record) -> Outcome<()> {
    let environment = codec::environment(record.environment);
    let id = record.id.as_str();
    let settled = record.status.is_final();
    match record.next {
        Next::Finished => write
            .sql
            .prepare_cached("DELETE FROM work WHERE environment = ?1 AND id = ?2")?
            .execute(params![environment, id])?,
        Next::At(due) => write
            .sql
            .prepare_cached("UPDATE work SET due = ?3, settled = ?4 WHERE environment = ?1 AND id = ?2")?
            .execute(params![environment, id, due.as_millis(), settled])?,
        Next::KeepClaim => write
            .sql
            .prepare_cached("UPDATE work SET settled = ?3 WHERE environment = ?1 AND id = ?2 AND settled <> ?3")?
            .execute(params![environment, id, settled])?,
    };
    Ok(())
}

fn insert_outputs(write: &Write<'_>, record: &Record) -> Outcome<()> {
    for output in &record.outputs {
        write
            .sql
            .prepare_cached(
                "INSERT INTO outputs (environment, message_id, channel_id, channel, content)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET channel = excluded.channel, content = excluded.content",
            )?
            .execute(params![
                codec::environment(record.environment),
                record.id.as_str(),
                output.channel_id,
                output.channel,
                codec::json(&output.content)?,
            ])?;
    }
    Ok(())
}
