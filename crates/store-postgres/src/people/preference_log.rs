//! Reading the log of what people said.

use tidings_store::{Cursor, OfList, OptOuts, Page, PageRequest, PreferenceChange, PreferenceLogFilter};
use tidings_types::{Environment, Result, Timestamp, TopicId, UserId};
use tokio_postgres::Row;

use crate::codec::{self, Cells};
use crate::database::Database;
use crate::fault::Outcome;

/// Lines of the log, newest first.
pub(super) async fn page(
    database: &Database,
    environment: Environment,
    filter: &PreferenceLogFilter,
    page: &PageRequest,
) -> Result<Page<PreferenceChange>> {
    let rows = database
        .read(
            "SELECT number, user_id, tenant_id, topic_id, at, source, message_id, list_id, before, after
             FROM preference_log
             WHERE environment = $1
               AND ($2::text IS NULL OR user_id = $2)
               AND ($3::text IS NULL OR tenant_id = $3)
               AND ($4::bigint IS NULL OR at >= $4)
               AND ($5::bigint IS NULL OR number < $5)
             ORDER BY number DESC LIMIT $6",
            &[
                &codec::environment(environment),
                &filter.user_id.as_ref().map(UserId::as_str),
                &filter.tenant_id,
                &filter.since.map(Timestamp::as_millis),
                &page.after.as_ref().map(|after| after.sort),
                &codec::surplus(page.limit),
            ],
        )
        .await?;
    let rows = rows.iter().map(change).collect::<Outcome<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: last.number,
        id: String::new(),
    }))
}

fn change(row: &Row) -> Outcome<PreferenceChange> {
    let mut cells = Cells::new(row);
    let mut change = PreferenceChange {
        number: cells.take()?,
        user_id: UserId::from(cells.take::<&str>()?),
        tenant_id: Some(cells.take::<String>()?).filter(|tenant| !tenant.is_empty()),
        topic_id: TopicId::from(cells.take::<&str>()?),
        at: cells.moment()?,
        source: cells.take()?,
        message_id: cells.take()?,
        before: None,
        after: None,
        list: None,
    };
    if let Some(id) = cells.take::<Option<String>>()? {
        change.list = Some(OfList {
            id,
            before: cells.maybe_json()?,
            after: cells.maybe_json()?,
        });
    } else {
        change.before = cells.maybe_json()?;
        change.after = cells.maybe_json()?;
    }
    Ok(change)
}

/// Opt-outs by mail since a moment, by mail domain.
pub(super) async fn opt_outs(
    database: &Database,
    environment: Environment,
    since: Timestamp,
    people: u32,
) -> Result<Vec<OptOuts>> {
    let rows = database
        .read(
            "SELECT mail_domain, COUNT(DISTINCT user_id), MIN(at), MAX(at) FROM preference_log
             WHERE environment = $1 AND mail_domain IS NOT NULL AND at >= $2
             GROUP BY mail_domain HAVING COUNT(DISTINCT user_id) >= $3
             ORDER BY 2 DESC, 1",
            &[&codec::environment(environment), &since.as_millis(), &i64::from(people)],
        )
        .await?;
    let read = |row: &Row| {
        let mut cells = Cells::new(row);
        Ok(OptOuts {
            mail_domain: cells.take()?,
            people: u32::try_from(cells.count()?).unwrap_or(u32::MAX),
            first: cells.moment()?,
            last: cells.moment()?,
        })
    };
    Ok(rows.iter().map(read).collect::<Outcome<_>>()?)
}
