//! Looking one thing up.

use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::{MessageRow, Output, RequestRow};
use tidings_types::{Environment, MessageId, RequestId};

use super::row;
use crate::codec::{self, Cells};
use crate::fault::Outcome;

static MESSAGE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM messages AS m WHERE m.environment = ?1 AND m.id = ?2",
        row::MESSAGE
    )
});

static REQUEST: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM requests AS r WHERE r.environment = ?1 AND r.id = ?2",
        row::REQUEST
    )
});

pub(super) fn message(sql: &Connection, environment: Environment, id: &MessageId) -> Outcome<Option<MessageRow>> {
    Ok(sql
        .prepare_cached(&MESSAGE)?
        .query_row(params![codec::environment(environment), id.as_str()], |found| {
            row::message(&mut Cells::new(found))
        })
        .optional()?)
}

pub(super) fn request(sql: &Connection, environment: Environment, id: &RequestId) -> Outcome<Option<RequestRow>> {
    Ok(sql
        .prepare_cached(&REQUEST)?
        .query_row(params![codec::environment(environment), id.as_str()], |found| {
            row::request(&mut Cells::new(found))
        })
        .optional()?)
}

/// Renderings in the order in which their channels were first rendered.
pub(super) fn outputs(sql: &Connection, environment: Environment, id: &MessageId) -> Outcome<Vec<Output>> {
    let mut statement = sql.prepare_cached(
        "SELECT channel, channel_id, content FROM outputs WHERE environment = ?1 AND message_id = ?2 ORDER BY rowid",
    )?;
    let outputs = statement
        .query_map(params![codec::environment(environment), id.as_str()], |found| {
            let mut cells = Cells::new(found);
            Ok(Output {
                channel: cells.take()?,
                channel_id: cells.take()?,
                content: cells.json()?,
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(outputs)
}
