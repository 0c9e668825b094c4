//! The in-app feed.

use rusqlite::{Connection, params};
use tidings_store::{Cursor, FeedEntry, NewFeedEntry, Page, PageRequest};
use tidings_types::{Environment, MessageId, Timestamp};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// Adds an entry at the next place of its person's feed.
pub(crate) fn append(
    sql: &Connection,
    environment: Environment,
    message: &MessageId,
    entry: &NewFeedEntry,
) -> Outcome<()> {
    sql.prepare_cached(
        "INSERT INTO feed (environment, user_id, sequence, message_id, tenant_id, content, created, expires_at)
         VALUES (?1, ?2, (SELECT COALESCE(MAX(sequence), 0) + 1 FROM feed WHERE environment = ?1 AND user_id = ?2),
                 ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        codec::environment(environment),
        entry.user_id,
        message.as_str(),
        entry.tenant_id,
        codec::json(&entry.content)?,
        entry.created.as_millis(),
        entry.expires_at.map(Timestamp::as_millis),
    ])?;
    Ok(())
}

/// A person's feed, newest first, without what has expired.
pub(super) fn page(
    sql: &Connection,
    environment: Environment,
    user: &str,
    now: Timestamp,
    page: &PageRequest,
) -> Outcome<Page<FeedEntry>> {
    let before = page.after.as_ref().map_or(i64::MAX, |after| after.sort);
    let mut statement = sql.prepare_cached(
        "SELECT sequence, message_id, user_id, tenant_id, content, created, expires_at FROM feed
         WHERE environment = ?1 AND user_id = ?2 AND sequence < ?3 AND (expires_at IS NULL OR expires_at > ?4)
         ORDER BY sequence DESC LIMIT ?5",
    )?;
    let parameters = params![
        codec::environment(environment),
        user,
        before,
        now.as_millis(),
        i64::from(page.limit) + 1
    ];
    let rows = statement
        .query_map(parameters, |row| {
            let mut cells = Cells::new(row);
            Ok(FeedEntry {
                sequence: cells.take()?,
                message_id: cells.take::<String>()?.into(),
                entry: NewFeedEntry {
                    user_id: cells.take()?,
                    tenant_id: cells.take()?,
                    content: cells.json()?,
                    created: cells.moment()?,
                    expires_at: cells.maybe_moment()?,
                },
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: last.sequence,
        id: last.message_id.as_str().to_owned(),
    }))
}
