//! What is new for those who follow.

use rusqlite::{Connection, params};
use tidings_store::{FeedChange, FeedEntry, FeedEvent, FeedPosition, News};
use tidings_types::Timestamp;

use super::{row, sequence};
use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// What is new since each position.
pub(super) fn news(sql: &Connection, positions: &[FeedPosition], now: Timestamp, limit: u32) -> Outcome<Vec<News>> {
    positions
        .iter()
        .map(|position| since(sql, position, now, limit))
        .collect()
}

fn since(sql: &Connection, position: &FeedPosition, now: Timestamp, limit: u32) -> Outcome<News> {
    // Read first: everything up to it is visible to the queries after it.
    let end = sequence::last(sql, position.environment, &position.user_id)?;
    if end <= position.after {
        return Ok(News {
            through: position.after,
            ..News::default()
        });
    }
    let arrived = arrivals(sql, position, now, limit)?;
    let changes = changes(sql, position, limit)?;
    Ok(News::merge(end, limit, arrived, changes))
}

fn arrivals(sql: &Connection, position: &FeedPosition, now: Timestamp, limit: u32) -> Outcome<Vec<FeedEntry>> {
    let query = format!(
        "SELECT {} FROM feed AS f WHERE f.environment = ?1 AND f.user_id = ?2 AND f.sequence > ?3
             AND (f.expires_at IS NULL OR f.expires_at > ?4)
         ORDER BY f.sequence LIMIT ?5",
        row::ENTRY
    );
    let parameters = params![
        codec::environment(position.environment),
        position.user_id,
        position.after,
        now.as_millis(),
        limit
    ];
    Ok(sql
        .prepare_cached(&query)?
        .query_map(parameters, |row| row::entry(&mut Cells::new(row)))?
        .collect::<rusqlite::Result<_>>()?)
}

fn changes(sql: &Connection, position: &FeedPosition, limit: u32) -> Outcome<Vec<FeedChange>> {
    let parameters = params![
        codec::environment(position.environment),
        position.user_id,
        position.after,
        limit
    ];
    Ok(sql
        .prepare_cached(
            "SELECT sequence, event, tenant, messages, source FROM feed_changes
             WHERE environment = ?1 AND user_id = ?2 AND sequence > ?3 ORDER BY sequence LIMIT ?4",
        )?
        .query_map(parameters, |row| {
            let mut cells = Cells::new(row);
            Ok(FeedChange {
                sequence: cells.take()?,
                event: cells.name(FeedEvent::parse)?,
                tenant_id: cells.take::<Option<String>>()?.and_then(row::tenant),
                messages: cells.json()?,
                source: cells.take()?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?)
}
