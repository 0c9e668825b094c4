//! Writing down what was accepted.

use rusqlite::params;
use tidings_store::{Acceptance, NewMessage, RequestRow};
use tidings_types::Status;

use crate::codec;
use crate::fault::Outcome;
use crate::idempotency;
use crate::writer::Write;

pub(super) fn accept(write: &mut Write<'_>, acceptance: &Acceptance) -> Outcome<()> {
    insert_request(write, &acceptance.request)?;
    for message in &acceptance.messages {
        insert_message(write, &acceptance.request, message)?;
    }
    if let Some((key, reply)) = &acceptance.idempotency {
        idempotency::finish(write.sql, key, reply)?;
    }
    Ok(())
}

fn insert_request(write: &Write<'_>, request: &RequestRow) -> Outcome<()> {
    write
        .sql
        .prepare_cached(
            "INSERT INTO requests (environment, id, scope, mode, accepted_at, spec) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            codec::environment(request.environment),
            request.id.as_str(),
            request.scope.as_str(),
            request.mode.as_str(),
            request.accepted_at.as_millis(),
            request.spec,
        ])?;
    Ok(())
}

fn insert_message(write: &Write<'_>, request: &RequestRow, message: &NewMessage) -> Outcome<()> {
    let environment = codec::environment(request.environment);
    write
        .sql
        .prepare_cached(
            "INSERT INTO messages (environment, id, request_id, recipient, user_id, to_entry, event, notification,
                 tags, trace_id, tenant_id, one_time, status, enqueued)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            environment,
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
    write
        .sql
        .prepare_cached("INSERT INTO work (environment, id, lane, due, deadline) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            environment,
            message.id.as_str(),
            message.lane.as_i16(),
            message.due.as_millis(),
            message.deadline.as_millis(),
        ])?;
    Ok(())
}
