//! Calling messages off.

use rusqlite::params;
use tidings_store::CancelResult;
use tidings_store::webhooks::{MessageState, message_updated};
use tidings_types::{Environment, Event, EventType, MessageId, Status, Timestamp};

use super::{events, read};
use crate::codec;
use crate::fault::Outcome;
use crate::writer::Write;
use crate::{jobs, webhooks};

pub(crate) fn cancel(
    write: &mut Write<'_>,
    environment: Environment,
    id: &MessageId,
    now: Timestamp,
) -> Outcome<CancelResult> {
    let Some(mut message) = read::message(write.sql, environment, id)? else {
        return Ok(CancelResult::NotFound);
    };
    if message.status.is_final() || write.leases.is_held(&(environment, id.clone())) {
        return Ok(CancelResult::TooLate(message));
    }
    message.status = Status::Canceled;
    message.canceled_at = Some(now);
    write
        .sql
        .prepare_cached("UPDATE messages SET status = ?3, canceled_at = ?4 WHERE environment = ?1 AND id = ?2")?
        .execute(params![
            codec::environment(environment),
            id.as_str(),
            message.status.as_str(),
            now.as_millis()
        ])?;
    write
        .sql
        .prepare_cached("DELETE FROM work WHERE environment = ?1 AND id = ?2")?
        .execute(params![codec::environment(environment), id.as_str()])?;
    events::append(write.sql, environment, id, &[Event::new(EventType::Canceled, now)])?;
    if webhooks::anyone_listens(write.sql, environment)? {
        let state = MessageState::of(&message);
        let job = message_updated(environment, id, state, message.status.as_str(), now);
        jobs::enqueue(write, &[job])?;
    }
    Ok(CancelResult::Canceled(message))
}
