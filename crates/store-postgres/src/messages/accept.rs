//! Writing down what was accepted.

use std::borrow::Cow;
use std::sync::LazyLock;

use async_trait::async_trait;
use serde::Deserialize;
use tidings_store::{Acceptance, IdempotencyKey, Lane, NewMessage, RequestRow, StoredReply};
use tidings_types::{Environment, Status};
use tokio_postgres::Row;

use crate::batcher::Batched;
use crate::codec::{self, Cells, column};
use crate::fault::Outcome;
use crate::notification::Notification;
use crate::sql::Sql;
use crate::{idempotency, jobs};

const INSERT: &str = "INSERT INTO messages (environment, id, request_id, recipient, user_id, to_entry, list_id, event,
         notification, tags, trace_id, tenant_id, one_time, enqueued, status)
     SELECT environment, id, request_id, recipient, user_id, to_entry, list_id, event,
         notification, tags::text[], trace_id, tenant_id, one_time, enqueued, $15::text
     FROM unnest($1::int2[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
              $9::text[], $10::text[], $11::text[], $12::text[], $13::bool[], $14::int8[])
         AS new (environment, id, request_id, recipient, user_id, to_entry, list_id, event,
              notification, tags, trace_id, tenant_id, one_time, enqueued)";

/// The same, but what is there already stays as it is; gives the keys of what was added.
static ADD: LazyLock<String> =
    LazyLock::new(|| format!("{INSERT} ON CONFLICT (environment, id) DO NOTHING RETURNING environment, id"));

#[async_trait]
impl Batched for Acceptance {
    type Answer = ();

    fn message(&self) -> Option<(Environment, &str)> {
        None
    }

    fn news(&self) -> Vec<Notification> {
        let has = |lane: &Lane| self.messages.iter().any(|message| message.lane == *lane);
        let work = Lane::ALL.into_iter().filter(has).map(Notification::Work);
        work.chain(jobs::news(&self.jobs)).collect()
    }

    async fn write_all(items: &[&Self], sql: &Sql<'_>) -> Outcome<Vec<()>> {
        let requests = column(items, |item| &item.request);
        let messages: Vec<_> = items
            .iter()
            .flat_map(|item| item.messages.iter().map(|message| (&item.request, message)))
            .collect();
        let replies: Vec<&(IdempotencyKey, StoredReply)> =
            items.iter().filter_map(|item| item.idempotency.as_ref()).collect();
        insert_requests(sql, &requests).await?;
        insert(sql, &messages).await?;
        jobs::enqueue(sql, items.iter().flat_map(|item| &item.jobs)).await?;
        idempotency::finish(sql, &replies).await?;
        Ok(vec![(); items.len()])
    }
}

/// Writes requests.
pub(crate) async fn insert_requests(sql: &Sql<'_>, rows: &[&RequestRow]) -> Outcome<()> {
    sql.execute(
        "INSERT INTO requests (environment, id, scope, mode, accepted_at, spec, crowds)
         SELECT * FROM unnest($1::int2[], $2::text[], $3::text[], $4::text[], $5::int8[], $6::text[], $7::text[])",
        &[
            &column(rows, |row| codec::environment(row.environment)),
            &column(rows, |row| row.id.as_str()),
            &column(rows, |row| row.scope.as_str()),
            &column(rows, |row| row.mode.as_str()),
            &column(rows, |row| row.accepted_at.as_millis()),
            &column(rows, |row| row.spec.as_str()),
            &column(rows, |row| row.crowds.as_deref()),
        ],
    )
    .await?;
    Ok(())
}

/// Writes messages of requests with their queue rows.
pub(crate) async fn insert(sql: &Sql<'_>, rows: &[(&RequestRow, &NewMessage)]) -> Outcome<()> {
    if rows.is_empty() {
        return Ok(());
    }
    insert_messages(sql, rows, INSERT).await?;
    insert_work(sql, rows).await
}

/// Adds messages to requests, with their queue rows: those whose ids are not there yet.
pub(crate) async fn add(sql: &Sql<'_>, rows: &[(&RequestRow, &NewMessage)]) -> Outcome<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let added = insert_messages(sql, rows, &ADD).await?;
    let mut keys = std::collections::HashSet::new();
    for row in &added {
        let mut cells = Cells::new(row);
        keys.insert((cells.environment()?, cells.take::<String>()?));
    }
    // Of two rows with one id, the first was added.
    let new: Vec<_> = rows
        .iter()
        .filter(|(request, message)| keys.remove(&(request.environment, message.id.as_str().to_owned())))
        .copied()
        .collect();
    insert_work(sql, &new).await
}

async fn insert_messages(sql: &Sql<'_>, rows: &[(&RequestRow, &NewMessage)], statement: &str) -> Outcome<Vec<Row>> {
    sql.rows(
        statement,
        &[
            &column(rows, |row| codec::environment(row.0.environment)),
            &column(rows, |row| row.1.id.as_str()),
            &column(rows, |row| row.0.id.as_str()),
            &column(rows, |row| row.1.recipient.as_str()),
            &column(rows, |row| row.1.user_id.as_ref().map(AsRef::<str>::as_ref)),
            &column(rows, |row| row.1.to.as_str()),
            &column(rows, |row| list_of(&row.1.to)),
            &column(rows, |row| row.1.event.as_str()),
            &column(rows, |row| row.1.notification.as_str()),
            &column(rows, |row| codec::array(&row.1.tags)),
            &column(rows, |row| row.1.trace_id.as_deref()),
            &column(rows, |row| row.1.tenant_id.as_deref()),
            &column(rows, |row| row.1.one_time),
            &column(rows, |row| row.0.accepted_at.as_millis()),
            &Status::Enqueued.as_str(),
        ],
    )
    .await
}

async fn insert_work(sql: &Sql<'_>, rows: &[(&RequestRow, &NewMessage)]) -> Outcome<()> {
    sql.execute(
        "INSERT INTO work (environment, id, lane, due, deadline)
         SELECT * FROM unnest($1::int2[], $2::text[], $3::int2[], $4::int8[], $5::int8[])",
        &[
            &column(rows, |row| codec::environment(row.0.environment)),
            &column(rows, |row| row.1.id.as_str()),
            &column(rows, |row| row.1.lane.as_i16()),
            &column(rows, |row| row.1.due.as_millis()),
            &column(rows, |row| row.1.deadline.as_millis()),
        ],
    )
    .await?;
    Ok(())
}

/// The list that an entry of `to` names, by which messages are found again.
fn list_of(entry: &str) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Entry<'a> {
        #[serde(borrow)]
        list_id: Option<Cow<'a, str>>,
    }
    let list = serde_json::from_str::<Entry<'_>>(entry).ok()?.list_id?;
    // No list has such a name, since none can be stored.
    (!list.contains('\0')).then_some(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_from_the_entry() {
        assert_eq!(
            list_of(r#"{"list_id": "st\u00e4ff", "data": {"list_id": "no"}}"#).as_deref(),
            Some("stäff")
        );
        for none in [
            r#"{"user_id": "ada"}"#,
            r#"{"list_id": 7}"#,
            r#"{"list_id": null}"#,
            r#"{"list_id": "\u0000"}"#,
            "[]",
        ] {
            assert_eq!(list_of(none), None, "{none}");
        }
    }
}
