//! Writing down what was accepted.

use std::sync::LazyLock;

use rusqlite::params;
use tidings_store::{Acceptance, NewMessage, RequestRow};
use tidings_types::Status;

use crate::codec;
use crate::fault::Outcome;
use crate::writer::Write;
use crate::{idempotency, jobs};

const INSERT: &str = "INSERT INTO messages (environment, id, request_id, recipient, user_id, to_entry, event,
         notification, tags, trace_id, tenant_id, one_time, status, enqueued)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";

/// The same, but what is there already stays as it is.
static ADD: LazyLock<String> = LazyLock::new(|| format!("{INSERT} ON CONFLICT (environment, id) DO NOTHING"));

pub(crate) fn accept(write: &mut Write<'_>, acceptance: &Acceptance) -> Outcome<()> {
    insert_request(write, &acceptance.request)?;
    for message in &acceptance.messages {
        insert_message(write, &acceptance.request, message, INSERT)?;
        insert_work(write, &acceptance.request, message)?;
    }
    jobs::enqueue(write, &acceptance.jobs)?;
    if let Some((key, reply)) = &acceptance.idempotency {
        idempotency::finish(write.sql, key, reply)?;
    }
    Ok(())
}

/// Writes a request.
pub(crate) fn insert_request(write: &Write<'_>, request: &RequestRow) -> Outcome<()> {
    write
        .sql
        .prepare_cached(
            "INSERT INTO requests (environment, id, scope, mode, accepted_at, spec, crowds) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            codec::environment(request.environment),
            request.id.as_str(),
            request.scope.as_str(),
            request.mode.as_str(),
            request.accepted_at.as_millis(),
            request.spec,
            request.crowds,
        ])?;
    Ok(())
}

/// Adds messages to a request, with their queue rows: those whose ids are not there yet.
pub(crate) fn add_messages(write: &Write<'_>, request: &RequestRow, messages: &[NewMessage]) -> Outcome<()> {
    for message in messages {
        if insert_message(write, request, message, &ADD)? {
            insert_work(write, request, message)?;
        }
    }
    Ok(())
}

/// False when it was there already and the statement ignores that.
fn insert_message(write: &Write<'_>, request: &RequestRow, message: &NewMessage, statement: &str) -> Outcome<bool> {
    let added = write.sql.prepare_cached(statement)?.execute(params![
        codec::environment(request.environment),
        message.id.as_str(),
        request.id.as_str(),
        message.recipient,
        message.user_id.as_ref().map(AsRef::<str>::as_ref),
        message.to,
        message.event,
        message.notification,
        codec::json(&message.tags)?,
        message.trace_id,
        message.tenant_id,
        message.one_time,
        Status::Enqueued.as_str(),
        request.accepted_at.as_millis(),
    ])?;
    Ok(added > 0)
}

fn insert_work(write: &Write<'_>, request: &RequestRow, message: &NewMessage) -> Outcome<()> {
    write
        .sql
        .prepare_cached("INSERT INTO work (environment, id, lane, due, deadline) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            codec::environment(request.environment),
            message.id.as_str(),
            message.lane.as_i16(),
            message.due.as_millis(),
            message.deadline.as_millis(),
        ])?;
    Ok(())
}
