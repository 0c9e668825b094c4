//! Hiding a request's messages from listings, page by page.

use rusqlite::{Connection, params};
use tidings_store::ArchivedPage;
use tidings_types::{Environment, MessageId, RequestId, UserId};

use crate::codec;
use crate::fault::Outcome;

pub(super) fn archive_messages(
    sql: &Connection,
    environment: Environment,
    id: &RequestId,
    after: Option<&MessageId>,
    limit: u32,
) -> Outcome<ArchivedPage> {
    let environment = codec::environment(environment);
    let read = |row: &rusqlite::Row<'_>| {
        let user: Option<String> = row.get(1)?;
        Ok((MessageId::from(row.get::<_, String>(0)?), user.map(UserId::from)))
    };
    // The condition is written as the partial index is.
    let mut messages = sql
        .prepare_cached(
            "SELECT id, user_id FROM messages
             WHERE environment = ?1 AND request_id = ?2 AND request_id <> id AND id > ?3 ORDER BY id LIMIT ?4",
        )?
        .query_map(
            params![environment, id.as_str(), after.map_or("", MessageId::as_str), limit],
            read,
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let full = messages.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = messages.last().map(|(id, _)| id.clone()).filter(|_| full);
    if after.is_none() {
        let single = sql
            .prepare_cached("SELECT id, user_id FROM messages WHERE environment = ?1 AND id = ?2")?
            .query_map(params![environment, id.as_str()], read)?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        messages.extend(single);
    }
    let mut hide =
        sql.prepare_cached("UPDATE messages SET archived = 1 WHERE environment = ?1 AND id = ?2 AND archived = 0")?;
    for (id, _) in &messages {
        hide.execute(params![environment, id.as_str()])?;
    }
    Ok(ArchivedPage { messages, next })
}
