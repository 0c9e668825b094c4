//! The outbox.

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::{Caught, Cursor, NewCaught, Page, PageRequest};
use tidings_types::{Environment, MessageId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// Adds what was caught.
pub(crate) fn append(
    sql: &Connection,
    environment: Environment,
    message: &MessageId,
    caught: &NewCaught,
) -> Outcome<()> {
    sql.prepare_cached(
        "INSERT INTO outbox (environment, message_id, provider, address, rendered, payload, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        codec::environment(environment),
        message.as_str(),
        caught.provider,
        caught.to,
        codec::json(&caught.rendered)?,
        caught.payload.as_ref().map(codec::json).transpose()?,
        caught.at.as_millis(),
    ])?;
    Ok(())
}

/// Newest first.
pub(crate) fn page(sql: &Connection, environment: Option<Environment>, page: &PageRequest) -> Outcome<Page<Caught>> {
    let before = page.after.as_ref().map_or(i64::MAX, |after| after.sort);
    let rows = sql
        .prepare_cached(
            "SELECT number, environment, message_id, provider, address, rendered, payload, at FROM outbox
             WHERE number < ?2 AND (?1 IS NULL OR environment = ?1) ORDER BY number DESC LIMIT ?3",
        )?
        .query_map(
            params![environment.map(codec::environment), before, i64::from(page.limit) + 1],
            |row| caught(&mut Cells::new(row)),
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: last.number,
        id: String::new(),
    }))
}

/// What came after a number, oldest first.
pub(crate) fn since(
    sql: &Connection,
    environment: Option<Environment>,
    after: i64,
    limit: u32,
) -> Outcome<Vec<Caught>> {
    let rows = sql
        .prepare_cached(
            "SELECT number, environment, message_id, provider, address, rendered, payload, at FROM outbox
             WHERE number > ?2 AND (?1 IS NULL OR environment = ?1) ORDER BY number LIMIT ?3",
        )?
        .query_map(params![environment.map(codec::environment), after, limit], |row| {
            caught(&mut Cells::new(row))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(rows)
}

/// One entry.
pub(crate) fn one(sql: &Connection, number: i64) -> Outcome<Option<Caught>> {
    Ok(sql
        .prepare_cached(
            "SELECT number, environment, message_id, provider, address, rendered, payload, at FROM outbox
             WHERE number = ?1",
        )?
        .query_row([number], |row| caught(&mut Cells::new(row)))
        .optional()?)
}

/// Forgets all of it, or an environment's part.
pub(crate) fn clear(sql: &Connection, environment: Option<Environment>) -> Outcome<()> {
    sql.prepare_cached("DELETE FROM outbox WHERE ?1 IS NULL OR environment = ?1")?
        .execute([environment.map(codec::environment)])?;
    Ok(())
}

/// Keeps the newest entries. Returns how many went.
pub(crate) fn prune(sql: &Connection, keep: u32) -> Outcome<u64> {
    let gone = sql
        .prepare_cached(
            "DELETE FROM outbox
             WHERE number <= (SELECT number FROM outbox ORDER BY number DESC LIMIT 1 OFFSET ?1)",
        )?
        .execute([keep])?;
    Ok(u64::try_from(gone).unwrap_or(u64::MAX))
}

fn caught(cells: &mut Cells<'_>) -> rusqlite::Result<Caught> {
    Ok(Caught {
        number: cells.take()?,
        environment: cells.environment()?,
        message_id: cells.take::<String>()?.into(),
        provider: cells.take()?,
        to: cells.take()?,
        rendered: cells.json()?,
        payload: cells.maybe_json()?,
        at: cells.moment()?,
    })
}
