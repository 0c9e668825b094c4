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
    let mut query = Query::new(environment);
    query.filter(filter);
    query.page(page);
    let parameters: Vec<(Parameter<'_>, Type)> = query
        .values
        .iter()
        .map(|(value, kind)| (&**value as Parameter<'_>, kind.clone()))
        .collect();
    let rows = database.read_once(&query.sql, &parameters).await?;
    let rows = rows
        .iter()
        .map(|row| row::message(&mut Cells::new(row)))
        .collect::<Outcome<_>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last: &MessageRow| Cursor {
        sort: last.enqueued.as_millis(),
        id: last.id.as_str().to_owned(),
    }))
}

/// A query under construction: only the conditions that are asked for are in its text.
struct Query {
    sql: String,
    values: Vec<(Box<dyn ToSql + Send + Sync>, Type)>,
}

impl Query {
    fn new(environment: Environment) -> Self {
        Self {
            sql: format!("SELECT {} FROM messages AS m WHERE m.environment = $1", row::MESSAGE),
            values: vec![(Box::new(codec::environment(environment)), Type::INT2)],
        }
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
        if let Some(trace) = &filter.trace_id {
            // Three ways, each with its own index.
            let condition = "((m.id = ? AND m.request_id = m.id) OR (m.request_id = ? AND m.request_id <> m.id)
                 OR m.trace_id = ?)";
            self.and(condition, trace.clone(), Type::TEXT);
        }
    }

    fn page(&mut self, page: &PageRequest) {
        if let Some(after) = &page.after {
            let sort = self.value(after.sort, Type::INT8);
            self.and(
                &format!("(m.enqueued, m.id) < ({sort}, ?)"),
                after.id.clone(),
                Type::TEXT,
            );
        }
        let limit = self.value(codec::surplus(page.limit), Type::INT8);
        self.sql.push_str(" ORDER BY m.enqueued DESC, m.id DESC LIMIT ");
        self.sql.push_str(&limit);
    }
}
