//! An entry as it stands in its table.

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_store::{FeedEntry, NewFeedEntry};
use tidings_types::rendered::Inbox;
use tidings_types::{Environment, MessageId, Timestamp};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// The columns that [`entry`] reads, in its order.
pub(super) const ENTRY: &str = "f.sequence, f.changed, f.message_id, f.user_id, f.tenant, f.created, f.expires_at,
    f.read_at, f.opened_at, f.archived_at, f.clicked_at, f.slot, f.tags, f.content";

/// Reads an entry.
pub(super) fn entry(cells: &mut Cells<'_>) -> rusqlite::Result<FeedEntry> {
    let mut entry = FeedEntry {
        sequence: cells.take()?,
        changed: cells.take()?,
        message_id: cells.take::<String>()?.into(),
        entry: NewFeedEntry {
            user_id: cells.take()?,
            tenant_id: tenant(cells.take()?),
            created: cells.moment()?,
            expires_at: cells.maybe_moment()?,
            content: Inbox::default(),
        },
        read: cells.maybe_moment()?,
        opened: cells.maybe_moment()?,
        archived: cells.maybe_moment()?,
        clicked: cells.maybe_moment()?,
        slot: cells.take()?,
    };
    let tags = cells.json()?;
    entry.entry.content = Inbox { tags, ..cells.json()? };
    Ok(entry)
}

/// A tenant as stored: empty is none.
pub(super) fn tenant(stored: String) -> Option<String> {
    (!stored.is_empty()).then_some(stored)
}

/// One entry, unless it has expired.
pub(super) fn one(
    sql: &Connection,
    environment: Environment,
    user: &str,
    message: &MessageId,
    now: Timestamp,
) -> Outcome<Option<FeedEntry>> {
    let query = format!(
        "SELECT {ENTRY} FROM feed AS f WHERE f.environment = ?1 AND f.user_id = ?2 AND f.message_id = ?3
             AND (f.expires_at IS NULL OR f.expires_at > ?4)"
    );
    let parameters = params![codec::environment(environment), user, message.as_str(), now.as_millis()];
    Ok(sql
        .prepare_cached(&query)?
        .query_row(parameters, |row| entry(&mut Cells::new(row)))
        .optional()?)
}
