//! What people do with their entries.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tidings_store::{BulkMark, BulkMarked, BulkMarking, FeedEntry, FeedEvent, Lane, Marked, Marking};
use tidings_types::{Environment, MessageId, Timestamp};
use tokio_postgres::Row;

use super::row;
use crate::codec::{self, Cells, column};
use crate::fault::Outcome;
use crate::messages::engage::engage;
use crate::sql::Sql;
use crate::transaction::Operation;

/// Does something to entries of one person's feed.
pub(super) struct MarkEach(pub(super) Vec<Marking>);

#[async_trait]
impl Operation for MarkEach {
    type Output = Vec<Marked>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Vec<Marked>> {
        let Self(markings) = self;
        // Looked at without holding anything, since most that is done twice changes nothing.
        let mut answers = Vec::with_capacity(markings.len());
        let mut changing = Vec::new();
        for (index, marking) in markings.iter().enumerate() {
            answers.push(match find(sql, marking).await? {
                None => Marked::Unknown,
                Some(mut entry) => {
                    if entry.mark(&marking.mark, marking.at) {
                        changing.push((index, marking));
                    }
                    Marked::Unchanged(entry)
                }
            });
        }
        let Some((_, first)) = changing.first() else {
            return Ok(answers);
        };
        let (environment, user) = (first.environment, first.user_id.as_str());
        // In the same order as steps are recorded: first the messages, then the feed.
        let told: Vec<_> = changing
            .iter()
            .filter_map(|(_, marking)| marking.engagement())
            .collect();
        let mut woken = engage(sql, &told).await?.into_iter().map(|one| one.woken);
        let mut last = hold(sql, environment, user).await?;
        for (index, marking) in changing {
            let woken = marking.engagement().and_then(|_| woken.next()).flatten();
            let marked = change(sql, marking, &mut last, woken).await?;
            if let Some(answer) = answers.get_mut(index) {
                *answer = marked;
            }
        }
        move_end(sql, environment, user, last).await?;
        Ok(answers)
    }
}

/// Does something to an entry of a feed whose sequence is held and has come to `last`.
async fn change(sql: &Sql<'_>, marking: &Marking, last: &mut i64, woken: Option<Lane>) -> Outcome<Marked> {
    let (environment, user) = (marking.environment, marking.user_id.as_str());
    let Some(mut entry) = find(sql, marking).await? else {
        return Ok(Marked::Unknown);
    };
    if !entry.mark(&marking.mark, marking.at) {
        return Ok(Marked::Unchanged(entry));
    }
    *last = last.saturating_add(1);
    entry.changed = *last;
    sql.execute(
        "UPDATE feed SET changed = $4, read_at = $5, opened_at = $6, archived_at = $7, clicked_at = $8, slot = $9,
             tags = $10
         WHERE environment = $1 AND user_id = $2 AND message_id = $3",
        &[
            &codec::environment(environment),
            &user,
            &marking.message_id.as_str(),
            &entry.changed,
            &entry.read.map(Timestamp::as_millis),
            &entry.opened.map(Timestamp::as_millis),
            &entry.archived.map(Timestamp::as_millis),
            &entry.clicked.map(Timestamp::as_millis),
            &entry.slot,
            &entry.entry.content.tags,
        ],
    )
    .await?;
    if let Some(event) = marking.mark.event() {
        let change = Change {
            sequence: entry.changed,
            event,
            tenant: entry.entry.tenant_id.as_deref().unwrap_or_default(),
            messages: std::slice::from_ref(&marking.message_id),
            source: marking.source.as_deref(),
            at: marking.at,
        };
        change.insert(sql, environment, user).await?;
    }
    Ok(Marked::Changed { entry, woken })
}

/// The entry that is meant.
async fn find(sql: &Sql<'_>, marking: &Marking) -> Outcome<Option<FeedEntry>> {
    let found = sql
        .row(
            &row::one_query(),
            &[
                &codec::environment(marking.environment),
                &marking.user_id,
                &marking.message_id.as_str(),
                &marking.at.as_millis(),
            ],
        )
        .await?;
    found.map(|found| row::entry(&mut Cells::new(&found))).transpose()
}

/// Does something to many entries.
pub(super) struct MarkAll(pub(super) BulkMarking);

#[async_trait]
impl Operation for MarkAll {
    type Output = BulkMarked;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<BulkMarked> {
        let Self(marking) = self;
        let (environment, user) = (marking.environment, marking.user_id.as_str());
        let tenant = tenant_of(sql, environment, user, marking.source.as_deref()).await?;
        let (set, wanted) = match marking.mark {
            BulkMark::AllRead => ("read_at", "read_at IS NULL"),
            BulkMark::AllOpened => ("opened_at", "opened_at IS NULL"),
            BulkMark::ReadArchived => ("archived_at", "archived_at IS NULL AND read_at IS NOT NULL"),
            BulkMark::AllArchived => ("archived_at", "archived_at IS NULL"),
        };
        let wanted = format!(
            "environment = $1 AND user_id = $2 AND ($3::text IS NULL OR tenant = $3)
                 AND (expires_at IS NULL OR expires_at > $4) AND {wanted}"
        );
        let person = (codec::environment(environment), marking.at.as_millis());
        let found = sql
            .rows(
                &format!("SELECT tenant, message_id FROM feed WHERE {wanted}"),
                &[&person.0, &user, &tenant, &person.1],
            )
            .await?;
        let found = by_tenant(&found)?;
        if found.is_empty() {
            return Ok(BulkMarked::default());
        }
        // In the same order as steps are recorded: first the messages, then the feed. Only of these is it told, so only
        // these are changed.
        let all: Vec<MessageId> = found.values().flatten().cloned().collect();
        let told = engage(sql, &marking.engagements(&all)).await?;
        let update = format!(
            "UPDATE feed SET {set} = $4, changed = $5 WHERE {wanted} AND message_id = ANY($6) RETURNING tenant, message_id"
        );
        let mut last = hold(sql, environment, user).await?;
        let mut messages = Vec::new();
        for (tenant, found) in &found {
            let next = last.saturating_add(1);
            let ids = column(found, MessageId::as_str);
            let changed = sql
                .rows(&update, &[&person.0, &user, &tenant, &person.1, &next, &ids])
                .await?;
            let Some(changed) = by_tenant(&changed)?.remove(tenant) else {
                continue;
            };
            last = next;
            // Each tenant's own change, so that who follows a tenant hears of no other's messages.
            if let Some(event) = marking.mark.event() {
                let change = Change {
                    sequence: next,
                    event,
                    tenant,
                    messages: &changed,
                    source: marking.source.as_deref(),
                    at: marking.at,
                };
                change.insert(sql, environment, user).await?;
            }
            messages.extend(changed);
        }
        if messages.is_empty() {
            return Ok(BulkMarked::default());
        }
        move_end(sql, environment, user, last).await?;
        messages.sort();
        let mut woken: Vec<_> = told.iter().filter_map(|one| one.woken).collect();
        woken.sort();
        woken.dedup();
        Ok(BulkMarked { messages, woken })
    }
}

/// The messages of rows by their tenant, as stored, and by id.
fn by_tenant(rows: &[Row]) -> Outcome<BTreeMap<String, Vec<MessageId>>> {
    let mut tenants: BTreeMap<String, Vec<MessageId>> = BTreeMap::new();
    for row in rows {
        let mut cells = Cells::new(row);
        let tenant = cells.take()?;
        tenants.entry(tenant).or_default().push(cells.take::<String>()?.into());
    }
    for messages in tenants.values_mut() {
        messages.sort();
    }
    Ok(tenants)
}

/// Holds a person's sequence until the transaction ends; returns the number taken last. Who has no sequence has no feed,
/// and nothing to hold.
async fn hold(sql: &Sql<'_>, environment: Environment, user: &str) -> Outcome<i64> {
    let row = sql
        .row(
            "SELECT sequence FROM feed_ends WHERE environment = $1 AND user_id = $2 FOR UPDATE",
            &[&codec::environment(environment), &user],
        )
        .await?;
    row.map_or(Ok(0), |row| Cells::new(&row).take())
}

/// Notes the number taken last of a sequence that is held.
async fn move_end(sql: &Sql<'_>, environment: Environment, user: &str, sequence: i64) -> Outcome<()> {
    sql.execute(
        "UPDATE feed_ends SET sequence = $3 WHERE environment = $1 AND user_id = $2",
        &[&codec::environment(environment), &user, &sequence],
    )
    .await?;
    Ok(())
}

/// The tenant that a client shows, when it shows one.
async fn tenant_of(
    sql: &Sql<'_>,
    environment: Environment,
    user: &str,
    source: Option<&str>,
) -> Outcome<Option<String>> {
    let Some(source) = source else { return Ok(None) };
    let row = sql
        .row(
            "SELECT tenant FROM feed_sources WHERE environment = $1 AND user_id = $2 AND source = $3",
            &[&codec::environment(environment), &user, &source],
        )
        .await?;
    row.map(|row| Cells::new(&row).take()).transpose()
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
    async fn insert(&self, sql: &Sql<'_>, environment: Environment, user: &str) -> Outcome<()> {
        sql.execute(
            "INSERT INTO feed_changes (environment, user_id, sequence, event, tenant, messages, source, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                &codec::environment(environment),
                &user,
                &self.sequence,
                &self.event.as_str(),
                &self.tenant,
                &column(self.messages, MessageId::as_str),
                &self.source,
                &self.at.as_millis(),
            ],
        )
        .await?;
        Ok(())
    }
}
