//! Looking one thing up.

use std::sync::LazyLock;

use tidings_store::{MessageRow, Output, RequestRow};
use tidings_types::{Environment, Event, MessageId, RequestId, Result};

use super::row;
use crate::codec::{self, Cells};
use crate::database::Database;
use crate::fault::Outcome;

pub(super) static MESSAGE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM messages AS m WHERE m.environment = $1 AND m.id = $2",
        row::MESSAGE
    )
});

static REQUEST: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM requests AS r WHERE r.environment = $1 AND r.id = $2",
        row::REQUEST
    )
});

pub(super) async fn message(
    database: &Database,
    environment: Environment,
    id: &MessageId,
) -> Result<Option<MessageRow>> {
    let row = database
        .read_one(&MESSAGE, &[&codec::environment(environment), &id.as_str()])
        .await?;
    Ok(row.map(|row| row::message(&mut Cells::new(&row))).transpose()?)
}

pub(super) async fn request(
    database: &Database,
    environment: Environment,
    id: &RequestId,
) -> Result<Option<RequestRow>> {
    let row = database
        .read_one(&REQUEST, &[&codec::environment(environment), &id.as_str()])
        .await?;
    Ok(row.map(|row| row::request(&mut Cells::new(&row))).transpose()?)
}

/// All lines of a history, oldest first.
pub(super) async fn history(database: &Database, environment: Environment, id: &MessageId) -> Result<Vec<Event>> {
    let rows = database
        .read(
            "SELECT lines FROM events WHERE environment = $1 AND message_id = $2 ORDER BY number",
            &[&codec::environment(environment), &id.as_str()],
        )
        .await?;
    let steps: Vec<Vec<Event>> = rows.iter().map(|row| Cells::new(row).json()).collect::<Outcome<_>>()?;
    Ok(steps.into_iter().flatten().collect())
}

/// Renderings in the order in which their channels were first rendered.
pub(super) async fn outputs(database: &Database, environment: Environment, id: &MessageId) -> Result<Vec<Output>> {
    let rows = database
        .read(
            "SELECT channel, channel_id, content FROM outputs
             WHERE environment = $1 AND message_id = $2 ORDER BY number",
            &[&codec::environment(environment), &id.as_str()],
        )
        .await?;
    let output = |row| {
        let mut cells = Cells::new(row);
        Ok(Output {
            channel: cells.take()?,
            channel_id: cells.take()?,
            content: cells.json()?,
        })
    };
    Ok(rows.iter().map(output).collect::<Outcome<_>>()?)
}
