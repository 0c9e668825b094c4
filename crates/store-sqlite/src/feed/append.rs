//! Entries arrive.

use rusqlite::{Connection, params};
use tidings_store::NewFeedEntry;
use tidings_types::{Environment, MessageId, Timestamp};

use super::sequence;
use crate::codec;
use crate::fault::Outcome;

/// Adds an entry to its person's feed, unless the message is there already.
pub(crate) fn append(
    sql: &Connection,
    environment: Environment,
    message: &MessageId,
    entry: &NewFeedEntry,
) -> Outcome<()> {
    let number = sequence::take(sql, environment, &entry.user_id)?;
    let added = sql
        .prepare_cached(
            "INSERT INTO feed (environment, user_id, message_id, tenant, sequence, changed, created, expires_at, slot,
                 tags, content)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            codec::environment(environment),
            entry.user_id,
            message.as_str(),
            entry.tenant_id.as_deref().unwrap_or_default(),
            number,
            entry.created.as_millis(),
            entry.expires_at.map(Timestamp::as_millis),
            entry.content.slot,
            codec::json(&entry.content.tags)?,
            codec::json(&entry.content)?,
        ])?;
    if added > 0 {
        for tag in &entry.content.tags {
            insert_tag(sql, environment, &entry.user_id, message, tag)?;
        }
    }
    Ok(())
}

/// Makes an entry be found by a tag.
pub(super) fn insert_tag(
    sql: &Connection,
    environment: Environment,
    user: &str,
    message: &MessageId,
    tag: &str,
) -> Outcome<()> {
    sql.prepare_cached(
        "INSERT OR IGNORE INTO feed_tags (environment, user_id, tag, message_id) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![codec::environment(environment), user, tag, message.as_str()])?;
    Ok(())
}
