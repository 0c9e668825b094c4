//! An entry as it stands in its table.

use tidings_store::{FeedEntry, NewFeedEntry};
use tidings_types::rendered::Inbox;

use crate::codec::Cells;
use crate::fault::Outcome;

/// The columns that [`entry`] reads, in its order.
pub(super) const ENTRY: &str = "f.sequence, f.changed, f.message_id, f.user_id, f.tenant, f.created, f.expires_at,
    f.read_at, f.opened_at, f.archived_at, f.clicked_at, f.slot, f.tags, f.content";

/// Reads an entry.
pub(super) fn entry(cells: &mut Cells<'_>) -> Outcome<FeedEntry> {
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
    let tags = cells.take()?;
    entry.entry.content = Inbox { tags, ..cells.json()? };
    Ok(entry)
}

/// A tenant as stored: empty is none.
pub(super) fn tenant(stored: String) -> Option<String> {
    (!stored.is_empty()).then_some(stored)
}

/// Finds one entry, unless it has expired: of an environment, a person, a message, at a moment.
pub(super) fn one_query() -> String {
    format!(
        "SELECT {ENTRY} FROM feed AS f WHERE f.environment = $1 AND f.user_id = $2 AND f.message_id = $3
             AND (f.expires_at IS NULL OR f.expires_at > $4)"
    )
}
