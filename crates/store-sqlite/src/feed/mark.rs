//! What people do with their entries.

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_store::{BulkMark, BulkMarked, BulkMarking, FeedEvent, Mark, Marked, Marking};
use tidings_types::{Environment, MessageId, Timestamp};

use super::{append, row, sequence};
use crate::codec;
use crate::fault::Outcome;
use crate::messages::engage::engage;
use crate::writer::Write;

/// Does something to an entry.
pub(super) fn mark(write: &Write<'_>, marking: &Marking) -> Outcome<Marked> {
    let sql = write.sql;
    let (environment, user) = (marking.environment, marking.user_id.as_str());
    let message = &marking.message_id;
    let Some(mut entry) = row::one(sql, environment, user, message, marking.at)? else {
        return Ok(Marked::Unknown);
    };
    if !entry.mark(&marking.mark, marking.at) {
        return Ok(Marked::Unchanged(entry));
    }
    entry.changed = sequence::take(sql, environment, user)?;
    sql.prepare_cached(
        "UPDATE feed SET changed = ?4, read_at = ?5, opened_at = ?6, archived_at = ?7, clicked_at = ?8, slot = ?9,
             tags = ?10
         WHERE environment = ?1 AND user_id = ?2 AND message_id = ?3",
    )?
    .execute(params![
        codec::environment(environment),
        user,
        message.as_str(),
        entry.changed,
        entry.read.map(Timestamp::as_millis),
        entry.opened.map(Timestamp::as_millis),
        entry.archived.map(Timestamp::as_millis),
        entry.clicked.map(Timestamp::as_millis),
        entry.slot,
        codec::json(&entry.entry.content.tags)?,
    ])?;
    match &marking.mark {
        Mark::Tagged(tag) => append::insert_tag(sql, environment, user, message, tag)?,
        Mark::Untagged(tag) => delete_tag(sql, environment, user, message, tag)?,
        _ => {}
    }
    if let Some(event) = marking.mark.event() {
        let change = Change {
            sequence: entry.changed,
            event,
            tenant: entry.entry.tenant_id.as_deref().unwrap_or_default(),
            messages: std::slice::from_ref(message),
            source: marking.source.as_deref(),
            at: marking.at,
        };
        change.insert(sql, environment, user)?;
    }
    let told = engage(write, marking.engagement().as_slice())?;
    let woken = told.iter().find_map(|one| one.woken);
    Ok(Marked::Changed { entry, woken })
}

fn delete_tag(sql: &Connection, environment: Environment, user: &str, message: &MessageId, tag: &str) -> Outcome<()> {
    sql.prepare_cached(
        "DELETE FROM feed_tags WHERE environment = ?1 AND user_id = ?2 AND tag = ?3 AND message_id = ?4",
    )?
    .execute(params![codec::environment(environment), user, tag, message.as_str()])?;
    Ok(())
}

/// Does something to many entries.
pub(super) fn mark_all(write: &Write<'_>, marking: &BulkMarking) -> Outcome<BulkMarked> {
    let sql = write.sql;
    let (environment, user) = (marking.environment, marking.user_id.as_str());
    let tenant = tenant_of(sql, environment, user, marking.source.as_deref())?;
    let (set, wanted) = match marking.mark {
        BulkMark::AllRead => ("read_at", "read_at IS NULL"),
        BulkMark::AllOpened => ("opened_at", "opened_at IS NULL"),
        BulkMark::ReadArchived => ("archived_at", "archived_at IS NULL AND read_at IS NOT NULL"),
        BulkMark::AllArchived => ("archived_at", "archived_at IS NULL"),
    };
    let update = format!(
        "UPDATE feed SET {set} = ?4, changed = ?5
         WHERE environment = ?1 AND user_id = ?2 AND tenant = ?3
             AND (expires_at IS NULL OR expires_at > ?4) AND {wanted}
         RETURNING message_id"
    );
    let tenants = match tenant {
        Some(tenant) => vec![tenant],
        None => tenants(sql, environment, user)?,
    };
    let mut messages = Vec::new();
    for tenant in &tenants {
        let next = sequence::last(sql, environment, user)?.saturating_add(1);
        let parameters = params![
            codec::environment(environment),
            user,
            tenant,
            marking.at.as_millis(),
            next
        ];
        let mut changed = sql
            .prepare_cached(&update)?
            .query_map(parameters, |row| row.get::<_, String>(0).map(MessageId::from))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        if changed.is_empty() {
            continue;
        }
        changed.sort();
        // Each tenant's own change, so that who follows a tenant hears of no other's messages.
        let sequence = sequence::take(sql, environment, user)?;
        if let Some(event) = marking.mark.event() {
            let change = Change {
                sequence,
                event,
                tenant,
                messages: &changed,
                source: marking.source.as_deref(),
                at: marking.at,
            };
            change.insert(sql, environment, user)?;
        }
        messages.extend(changed);
    }
    messages.sort();
    let told = engage(write, &marking.engagements(&messages))?;
    let mut woken: Vec<_> = told.iter().filter_map(|one| one.woken).collect();
    woken.sort();
    woken.dedup();
    Ok(BulkMarked { messages, woken })
}

/// The tenants of a feed, as stored.
fn tenants(sql: &Connection, environment: Environment, user: &str) -> Outcome<Vec<String>> {
    Ok(sql
        .prepare_cached("SELECT DISTINCT tenant FROM feed WHERE environment = ?1 AND user_id = ?2 ORDER BY tenant")?
        .query_map(params![codec::environment(environment), user], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?)
}

/// The tenant that a client shows, when it shows one.
fn tenant_of(sql: &Connection, environment: Environment, user: &str, source: Option<&str>) -> Outcome<Option<String>> {
    let Some(source) = source else { return Ok(None) };
    Ok(sql
        .prepare_cached("SELECT tenant FROM feed_sources WHERE environment = ?1 AND user_id = ?2 AND source = ?3")?
        .query_row(params![codec::environment(environment), user, source], |row| row.get(0))
        .optional()?)
}

/// A note for those who follow.
struct Change<'a> {
    sequence: i64,
    event: FeedEvent,
    tenant: &'a str,
    messages: &'a [MessageId],
    source: Option<&'a str>,
    at: Timestamp,
}

impl Change<'_> {
    fn insert(&self, sql: &Connection, environment: Environment, user: &str) -> Outcome<()> {
        sql.prepare_cached(
            "INSERT INTO feed_changes (environment, user_id, sequence, event, tenant, messages, source, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            codec::environment(environment),
            user,
            self.sequence,
            self.event.as_str(),
            self.tenant,
            codec::json(self.messages)?,
            self.source,
            self.at.as_millis(),
        ])?;
        Ok(())
    }
}
