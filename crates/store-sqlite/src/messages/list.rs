//! Listing messages.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use tidings_store::{Cursor, MessageFilter, MessageRow, Page, PageRequest};
use tidings_types::{Environment, Status};

use super::row;
use crate::codec::{self, Cells};
use crate::fault::Outcome;

pub(super) fn messages(
    sql: &Connection,
    environment: Environment,
    filter: &MessageFilter,
    page: &PageRequest,
) -> Outcome<Page<MessageRow>> {
    let rows = if let Some(trace) = &filter.trace_id {
        traced(sql, environment, filter, page, trace)?
    } else {
        let mut query = Query::new(environment, filter)?;
        query.page(page, NEWEST);
        query.rows(sql)?
    };
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: last.enqueued.as_millis(),
        id: last.id.as_str().to_owned(),
    }))
}

/// Messages of a trace: a request's own, or those that bear the caller's own word. Each way is read from an index in its
/// order, so that a page of very many is as cheap as the first.
fn traced(
    sql: &Connection,
    environment: Environment,
    filter: &MessageFilter,
    page: &PageRequest,
    trace: &str,
) -> Outcome<Vec<MessageRow>> {
    let trace = || Value::from(trace.to_owned());
    let mut single = Query::new(environment, filter)?;
    single.and("m.id = ? AND m.request_id = m.id", [trace()]);
    single.page(page, NEWEST);
    let mut rows = single.rows(sql)?;

    let mut said = Query::new(environment, filter)?;
    said.and("m.trace_id = ? AND m.request_id <> ?", [trace(), trace()]);
    said.page(page, NEWEST);
    rows.extend(said.rows(sql)?);

    // All messages of a request are of the moment at which it was accepted, so they are newest first by their ids alone.
    let accepted: Option<i64> = sql
        .prepare_cached("SELECT accepted_at FROM requests WHERE environment = ?1 AND id = ?2")?
        .query_row(params![codec::environment(environment), trace()], |row| row.get(0))
        .optional()?;
    if let Some(accepted) = accepted {
        let mut several = Query::new(environment, filter)?;
        several.and("m.request_id = ? AND m.request_id <> m.id", [trace()]);
        if let Some(after) = page.after.as_ref().filter(|after| after.sort == accepted) {
            several.and("m.id < ?", [after.id.clone().into()]);
        }
        several.page(page, "m.id DESC");
        rows.extend(several.rows(sql)?);
    }
    rows.sort_by(|one, other| (other.enqueued, &other.id).cmp(&(one.enqueued, &one.id)));
    rows.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX).saturating_add(1));
    Ok(rows)
}

/// The order of listings.
const NEWEST: &str = "m.enqueued DESC, m.id DESC";

/// A query under construction: only the conditions that are asked for are in its text.
struct Query {
    sql: String,
    values: Vec<Value>,
}

impl Query {
    fn new(environment: Environment, filter: &MessageFilter) -> Outcome<Self> {
        let mut query = Self {
            sql: format!("SELECT {} FROM messages AS m WHERE m.environment = ?", row::MESSAGE),
            values: vec![codec::environment(environment).into()],
        };
        query.filter(filter)?;
        Ok(query)
    }

    fn rows(self, sql: &Connection) -> Outcome<Vec<MessageRow>> {
        let mut statement = sql.prepare_cached(&self.sql)?;
        let found = statement.query_map(params_from_iter(self.values), |found| {
            row::message(&mut Cells::new(found))
        })?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.extend(values);
    }

    /// A condition on a list of texts, which stands in the query as one JSON value; without texts, no condition.
    fn and_any<S: AsRef<str>>(&mut self, condition: &str, texts: &[S]) -> Outcome<()> {
        if !texts.is_empty() {
            let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
            self.and(condition, [codec::json(&texts)?.into()]);
        }
        Ok(())
    }

    /// All conditions but the trace.
    fn filter(&mut self, filter: &MessageFilter) -> Outcome<()> {
        self.and("m.archived = ?", [Value::from(filter.archived == Some(true))]);
        if let Some(after) = filter.enqueued_after {
            self.and("m.enqueued > ?", [after.as_millis().into()]);
        }
        self.and_any("m.event IN (SELECT value FROM json_each(?))", &filter.events)?;
        self.and_any(
            "m.to_entry ->> '$.list_id' IN (SELECT value FROM json_each(?))",
            &filter.lists,
        )?;
        self.and_any("m.id IN (SELECT value FROM json_each(?))", &filter.message_ids)?;
        self.and_any(
            "m.notification IN (SELECT value FROM json_each(?))",
            &filter.notifications,
        )?;
        self.and_any(
            "EXISTS (SELECT 1 FROM json_each(m.providers) AS p
                     WHERE p.value ->> '$.provider' IN (SELECT value FROM json_each(?)))",
            &filter.providers,
        )?;
        self.and_any("m.recipient IN (SELECT value FROM json_each(?))", &filter.recipients)?;
        let statuses: Vec<&str> = filter.statuses.iter().copied().map(Status::as_str).collect();
        self.and_any("m.status IN (SELECT value FROM json_each(?))", &statuses)?;
        self.and_any(
            "EXISTS (SELECT 1 FROM json_each(m.tags) AS t WHERE t.value IN (SELECT value FROM json_each(?)))",
            &filter.tags,
        )?;
        if let Some(tenant) = &filter.tenant_id {
            self.and("m.tenant_id = ?", [tenant.clone().into()]);
        }
        Ok(())
    }

    fn page(&mut self, page: &PageRequest, order: &str) {
        if let Some(after) = &page.after {
            self.and(
                "(m.enqueued, m.id) < (?, ?)",
                [after.sort.into(), after.id.clone().into()],
            );
        }
        self.sql.push_str(" ORDER BY ");
        self.sql.push_str(order);
        self.sql.push_str(" LIMIT ?");
        // One more than wanted tells whether there is another page.
        self.values.push((i64::from(page.limit) + 1).into());
    }
}
