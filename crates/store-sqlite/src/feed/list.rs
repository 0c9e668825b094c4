//! Pages and counts.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use tidings_store::{Cursor, FeedEntry, FeedFilter, Page, PageRequest};
use tidings_types::{Environment, Error, Timestamp};

use super::row;
use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// Entries, newest first.
pub(super) fn page(
    sql: &Connection,
    environment: Environment,
    user: &str,
    filter: &FeedFilter,
    now: Timestamp,
    page: &PageRequest,
) -> Outcome<Page<FeedEntry>> {
    let mut query = Query::new(row::ENTRY, environment, user, filter, now)?;
    if let Some(after) = &page.after {
        let sequence: i64 = after.id.parse().map_err(|_| Error::invalid("Invalid cursor format"))?;
        query.and("(f.created, f.sequence) < (?, ?)", [after.sort.into(), sequence.into()]);
    }
    query.sql.push_str(" ORDER BY f.created DESC, f.sequence DESC LIMIT ?");
    query.values.push((i64::from(page.limit) + 1).into());
    let rows = sql
        .prepare_cached(&query.sql)?
        .query_map(params_from_iter(query.values), |row| row::entry(&mut Cells::new(row)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: last.entry.created.as_millis(),
        id: last.sequence.to_string(),
    }))
}

/// How many entries there are.
pub(super) fn count(
    sql: &Connection,
    environment: Environment,
    user: &str,
    filter: &FeedFilter,
    now: Timestamp,
) -> Outcome<u64> {
    let query = Query::new("COUNT(*)", environment, user, filter, now)?;
    let count: i64 = sql
        .prepare_cached(&query.sql)?
        .query_row(params_from_iter(query.values), |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// A query under construction. Only the conditions that are asked for are in its text, so that most counts are answered
/// from an index alone.
struct Query {
    sql: String,
    values: Vec<Value>,
}

impl Query {
    fn new(what: &str, environment: Environment, user: &str, filter: &FeedFilter, now: Timestamp) -> Outcome<Self> {
        let archived = if filter.archived { "IS NOT NULL" } else { "IS NULL" };
        let mut query = Self {
            sql: format!(
                "SELECT {what} FROM feed AS f
                 WHERE f.environment = ? AND f.user_id = ? AND f.tenant = ? AND f.archived_at {archived}
                     AND (f.expires_at IS NULL OR f.expires_at > ?)"
            ),
            values: vec![
                codec::environment(environment).into(),
                user.to_owned().into(),
                filter.tenant_id.clone().unwrap_or_default().into(),
                now.as_millis().into(),
            ],
        };
        query.and_is_null("f.read_at", filter.read);
        query.and_is_null("f.slot", filter.pinned);
        if let Some(from) = filter.from {
            query.and("f.created >= ?", [from.as_millis().into()]);
        }
        if !filter.tags.is_empty() {
            query.and(
                "EXISTS (SELECT 1 FROM feed_tags AS t
                         WHERE t.environment = f.environment AND t.user_id = f.user_id AND t.message_id = f.message_id
                             AND t.tag IN (SELECT value FROM json_each(?)))",
                [codec::json(&filter.tags)?.into()],
            );
        }
        Ok(query)
    }

    fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.extend(values);
    }

    /// Whether a column must have a value, when that is asked for.
    fn and_is_null(&mut self, column: &str, has_value: Option<bool>) {
        if let Some(has_value) = has_value {
            let state = if has_value { "IS NOT NULL" } else { "IS NULL" };
            self.and(&format!("{column} {state}"), []);
        }
    }
}
