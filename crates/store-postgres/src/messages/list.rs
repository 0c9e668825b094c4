//! Listing messages.

use tidings_store::{Cursor, MessageFilter, MessageRow, Page, PageRequest};
use tidings_types::{Environment, Result, Status};
use tokio_postgres::types::{ToSql, Type};

use super::row;
use crate::codec::{self, Cells};
use crate::database::Database;
use crate::fault::Outcome;
use crate::sql::Parameter;

pub(super) async fn messages(
    database: &Database,
    environment: Environment,
    filter: &MessageFilter,
    page: &PageRequest,
) -> Result<Page<MessageRow>> {
    let rows = if let Some(trace) = &filter.trace_id {
        traced(database, environment, filter, page, trace).await?
    } else {
        let mut query = Query::new(environment, filter);
        query.page(page, NEWEST);
        query.rows(database).await?
    };
    Ok(Page::from_surplus(rows, page.limit, |last: &MessageRow| Cursor {
        sort: last.enqueued.as_millis(),
        id: last.id.as_str().to_owned(),
    }))
}

/// Messages of a trace: a request's own, or those that bear the caller's own word. Each way is read from an index in its
/// order, so that a page of very many is as cheap as the first.
async fn traced(
    database: &Database,
    environment: Environment,
    filter: &MessageFilter,
    page: &PageRequest,
    trace: &str,
) -> Result<Vec<MessageRow>> {
    let traced = |condition: &str| {
        let mut query = Query::new(environment, filter);
        query.and(condition, trace.to_owned(), Type::TEXT);
        query
    };
    let mut single = traced("m.id = ? AND m.request_id = m.id");
    single.page(page, NEWEST);
    let mut rows = single.rows(database).await?;

    let mut said = traced("m.trace_id = ? AND m.request_id <> ?");
    said.page(page, NEWEST);
    rows.extend(said.rows(database).await?);

    // All messages of a request are of the moment at which it was accepted, so they are newest first by their ids alone.
    let accepted = database
        .read_one(
            "SELECT accepted_at FROM requests WHERE environment = $1 AND id = $2",
            &[&codec::environment(environment), &trace],
        )
        .await?;
    if let Some(accepted) = accepted {
        let accepted: i64 = Cells::new(&accepted).take()?;
        let mut several = traced("m.request_id = ? AND m.request_id <> m.id");
        if let Some(after) = page.after.as_ref().filter(|after| after.sort == accepted) {
            several.and("m.id < ?", after.id.clone(), Type::TEXT);
        }
        several.page(page, "m.id DESC");
        rows.extend(several.rows(database).await?);
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
    values: Vec<(Box<dyn ToSql + Send + Sync>, Type)>,
}

impl Query {
    fn new(environment: Environment, filter: &MessageFilter) -> Self {
        let mut query = Self {
            sql: format!("SELECT {} FROM messages AS m WHERE m.environment = $1", row::MESSAGE),
            values: vec![(Box::new(codec::environment(environment)), Type::INT2)],
        };
        query.filter(filter);
        query
    }

    async fn rows(self, database: &Database) -> Result<Vec<MessageRow>> {
        let parameters: Vec<(Parameter<'_>, Type)> = self
            .values
            .iter()
            .map(|(value, kind)| (&**value as Parameter<'_>, kind.clone()))
            .collect();
        let rows = database.read_once(&self.sql, &parameters).await?;
        let rows = rows.iter().map(|row| row::message(&mut Cells::new(row)));
        Ok(rows.collect::<Outcome<_>>()?)
    }

    /// Adds a value and returns its name.
    fn value(&mut self, value: impl ToSql + Send + Sync + 'static, kind: Type) -> String {
        self.values.push((Box::new(value), kind));
        format!("${}", self.values.len())
    }

    /// A condition in which `?` stands for the value, as often as need be.
    fn and(&mut self, condition: &str, value: impl ToSql + Send + Sync + 'static, kind: Type) {
        let name = self.value(value, kind);
        self.sql.push_str(" AND ");
        self.sql.push_str(&condition.replace('?', &name));
    }

    /// A condition on a list of texts; without texts, no condition.
    fn and_any<S: AsRef<str>>(&mut self, condition: &str, texts: &[S]) {
        if !texts.is_empty() {
            let texts: Vec<String> = texts.iter().map(|text| text.as_ref().to_owned()).collect();
            self.and(condition, texts, Type::TEXT_ARRAY);
        }
    }

    /// All conditions but the trace.
    fn filter(&mut self, filter: &MessageFilter) {
        self.and("m.archived = ?", filter.archived == Some(true), Type::BOOL);
        if let Some(after) = filter.enqueued_after {
            self.and("m.enqueued > ?", after.as_millis(), Type::INT8);
        }
        self.and_any("m.event = ANY (?)", &filter.events);
        self.and_any("m.list_id = ANY (?)", &filter.lists);
        self.and_any("m.id = ANY (?)", &filter.message_ids);
        self.and_any("m.notification = ANY (?)", &filter.notifications);
        self.and_any("m.provider_keys && ?", &filter.providers);
        self.and_any("m.recipient = ANY (?)", &filter.recipients);
        let statuses: Vec<&str> = filter.statuses.iter().copied().map(Status::as_str).collect();
        self.and_any("m.status = ANY (?)", &statuses);
        self.and_any("m.tags && ?", &filter.tags);
        if let Some(tenant) = &filter.tenant_id {
            self.and("m.tenant_id = ?", tenant.clone(), Type::TEXT);
        }
    }

    fn page(&mut self, page: &PageRequest, order: &str) {
        if let Some(after) = &page.after {
            let sort = self.value(after.sort, Type::INT8);
            self.and(
                &format!("(m.enqueued, m.id) < ({sort}, ?)"),
                after.id.clone(),
                Type::TEXT,
            );
        }
        let limit = self.value(codec::surplus(page.limit), Type::INT8);
        self.sql.push_str(" ORDER BY ");
        self.sql.push_str(order);
        self.sql.push_str(" LIMIT ");
        self.sql.push_str(&limit);
    }
}
