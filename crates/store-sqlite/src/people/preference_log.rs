//! Reading the log of what people said.

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use tidings_store::{Cursor, OfList, OptOuts, Page, PageRequest, PreferenceChange, PreferenceLogFilter};
use tidings_types::{Environment, Timestamp, TopicId, UserId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// Lines of the log, newest first.
pub(super) fn page(
    sql: &Connection,
    environment: Environment,
    filter: &PreferenceLogFilter,
    page: &PageRequest,
) -> Outcome<Page<PreferenceChange>> {
    let mut query = "SELECT number, user_id, tenant_id, topic_id, at, source, message_id, list_id, before, after
         FROM preference_log WHERE environment = ?"
        .to_owned();
    let mut values: Vec<Value> = vec![codec::environment(environment).into()];
    let mut and = |condition: &str, value: Value| {
        query.push_str(condition);
        values.push(value);
    };
    if let Some(user) = &filter.user_id {
        and(" AND user_id = ?", user.as_str().to_owned().into());
    }
    if let Some(tenant) = &filter.tenant_id {
        and(" AND tenant_id = ?", tenant.clone().into());
    }
    if let Some(since) = filter.since {
        and(" AND at >= ?", since.as_millis().into());
    }
    if let Some(after) = &page.after {
        and(" AND number < ?", after.sort.into());
    }
    and(" ORDER BY number DESC LIMIT ?", (i64::from(page.limit) + 1).into());
    let rows = sql
        .prepare_cached(&query)?
        .query_map(params_from_iter(values), |row| change(&mut Cells::new(row)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: last.number,
        id: String::new(),
    }))
}

fn change(cells: &mut Cells<'_>) -> rusqlite::Result<PreferenceChange> {
    let mut change = PreferenceChange {
        number: cells.take()?,
        user_id: UserId::from(cells.take::<String>()?),
        tenant_id: Some(cells.take::<String>()?).filter(|tenant| !tenant.is_empty()),
        topic_id: TopicId::from(cells.take::<String>()?),
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
pub(super) fn opt_outs(
    sql: &Connection,
    environment: Environment,
    since: Timestamp,
    people: u32,
) -> Outcome<Vec<OptOuts>> {
    let rows = sql
        .prepare_cached(
            "SELECT mail_domain, COUNT(DISTINCT user_id), MIN(at), MAX(at) FROM preference_log
             WHERE environment = ?1 AND mail_domain IS NOT NULL AND at >= ?2
             GROUP BY mail_domain HAVING COUNT(DISTINCT user_id) >= ?3
             ORDER BY 2 DESC, 1",
        )?
        .query_map(
            params![codec::environment(environment), since.as_millis(), people],
            |row| {
                let mut cells = Cells::new(row);
                Ok(OptOuts {
                    mail_domain: cells.take()?,
                    people: cells.take()?,
                    first: cells.moment()?,
                    last: cells.moment()?,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}
