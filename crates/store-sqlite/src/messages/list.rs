//! Listing messages.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
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
    let mut query = Query::new(environment);
    query.filter(filter)?;
    query.page(page);
    let mut statement = sql.prepare_cached(&query.sql)?;
    let rows = statement
        .query_map(params_from_iter(query.values), |found| {
            row::message(&mut Cells::new(found))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: last.enqueued.as_millis(),
        id: last.id.as_str().to_owned(),
    }))
}

/// A query under construction: only the conditions that are asked for are in its text.
struct Query {
    sql: String,
    values: Vec<Value>,
}

impl Query {
    fn new(environment: Environment) -> Self {
        Self {
            sql: format!("SELECT {} FROM messages AS m WHERE m.environment = ?", row::MESSAGE),
            values: vec![codec::environment(environment).into()],
        }
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
        if let Some(trace) = &filter.trace_id {
            // Three ways, each with its own index.
            self.and(
                "((m.id = ? AND m.request_id = m.id) OR (m.request_id = ? AND m.request_id <> m.id) OR m.trace_id = ?)",
                std::iter::repeat_n(Value::from(trace.clone()), 3),
            );
        }
        Ok(())
    }

    fn page(&mut self, page: &PageRequest) {
        if let Some(after) = &page.after {
            self.and(
                "(m.enqueued, m.id) < (?, ?)",
                [after.sort.into(), after.id.clone().into()],
            );
        }
        self.sql.push_str(" ORDER BY m.enqueued DESC, m.id DESC LIMIT ?");
        // One more than wanted tells whether there is another page.
        self.values.push((i64::from(page.limit) + 1).into());
    }
}
