//! A message's history.

use rusqlite::{Connection, params};
use tidings_types::{Environment, Event, MessageId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// Adds the lines of one step.
pub(super) fn append(sql: &Connection, environment: Environment, id: &MessageId, lines: &[Event]) -> Outcome<()> {
    if lines.is_empty() {
        return Ok(());
    }
    sql.prepare_cached("INSERT INTO events (environment, message_id, lines) VALUES (?1, ?2, ?3)")?
        .execute(params![
            codec::environment(environment),
            id.as_str(),
            codec::json(lines)?
        ])?;
    Ok(())
}

/// All lines, oldest first.
pub(super) fn history(sql: &Connection, environment: Environment, id: &MessageId) -> Outcome<Vec<Event>> {
    let mut statement =
        sql.prepare_cached("SELECT lines FROM events WHERE environment = ?1 AND message_id = ?2 ORDER BY number")?;
    let steps = statement
        .query_map(params![codec::environment(environment), id.as_str()], |row| {
            Cells::new(row).json::<Vec<Event>>()
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(steps.into_iter().flatten().collect())
}
