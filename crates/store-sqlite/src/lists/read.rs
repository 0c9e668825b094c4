//! Reading lists and who is on them.

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::{Cursor, ListOfUser, ListRow, Page, PageRequest, Subscription};
use tidings_types::{Environment, UserId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

fn row(cells: &mut Cells<'_>) -> rusqlite::Result<ListRow> {
    Ok(ListRow {
        id: cells.take()?,
        name: cells.take()?,
        preferences: cells.maybe_json()?,
        created: cells.moment()?,
        updated: cells.moment()?,
    })
}

fn subscriber(cells: &mut Cells<'_>) -> rusqlite::Result<Subscription> {
    Ok(Subscription {
        user_id: cells.take::<String>()?.into(),
        preferences: cells.maybe_json()?,
        created: cells.moment()?,
    })
}

/// Where the next page by id begins.
fn cursor(id: &str) -> Cursor {
    Cursor {
        sort: 0,
        id: id.to_owned(),
    }
}

fn after(page: &PageRequest) -> &str {
    page.after.as_ref().map_or("", |after| after.id.as_str())
}

pub(super) fn list(sql: &Connection, environment: Environment, id: &str) -> Outcome<Option<ListRow>> {
    Ok(sql
        .prepare_cached(
            "SELECT id, name, preferences, created, updated FROM lists
             WHERE environment = ?1 AND id = ?2 AND deleted IS NULL",
        )?
        .query_row(params![codec::environment(environment), id], |found| {
            row(&mut Cells::new(found))
        })
        .optional()?)
}

pub(super) fn lists(
    sql: &Connection,
    environment: Environment,
    prefix: &str,
    page: &PageRequest,
) -> Outcome<Page<ListRow>> {
    // Everything that begins with the prefix stands together: from the prefix on, until one does not begin with it.
    let rows = sql
        .prepare_cached(
            "SELECT id, name, preferences, created, updated FROM lists
             WHERE environment = ?1 AND id > ?2 AND id >= ?3 AND substr(id, 1, length(?3)) = ?3 AND deleted IS NULL
                 AND id < ?3 || char(1114111)
             ORDER BY id LIMIT ?4",
        )?
        .query_map(
            params![
                codec::environment(environment),
                after(page),
                prefix,
                i64::from(page.limit) + 1
            ],
            |found| row(&mut Cells::new(found)),
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| cursor(&last.id)))
}

pub(super) fn subscription(
    sql: &Connection,
    environment: Environment,
    list: &str,
    user: &UserId,
) -> Outcome<Option<Subscription>> {
    Ok(sql
        .prepare_cached(
            "SELECT s.user_id, s.preferences, s.created FROM subscriptions AS s
             JOIN lists AS l ON l.environment = s.environment AND l.id = s.list_id AND l.deleted IS NULL
             WHERE s.environment = ?1 AND s.list_id = ?2 AND s.user_id = ?3",
        )?
        .query_row(params![codec::environment(environment), list, user.as_str()], |found| {
            subscriber(&mut Cells::new(found))
        })
        .optional()?)
}

pub(super) fn subscriptions(
    sql: &Connection,
    environment: Environment,
    list: &str,
    page: &PageRequest,
) -> Outcome<Page<Subscription>> {
    let rows = sql
        .prepare_cached(
            "SELECT user_id, preferences, created FROM subscriptions
             WHERE environment = ?1 AND list_id = ?2 AND user_id > ?3 ORDER BY user_id LIMIT ?4",
        )?
        .query_map(
            params![
                codec::environment(environment),
                list,
                after(page),
                i64::from(page.limit) + 1
            ],
            |found| subscriber(&mut Cells::new(found)),
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| {
        cursor(last.user_id.as_str())
    }))
}

pub(super) fn lists_of(
    sql: &Connection,
    environment: Environment,
    user: &UserId,
    page: &PageRequest,
) -> Outcome<Page<ListOfUser>> {
    let rows = sql
        .prepare_cached(
            "SELECT l.id, l.name, l.preferences, l.created, l.updated, s.preferences FROM subscriptions AS s
             JOIN lists AS l ON l.environment = s.environment AND l.id = s.list_id AND l.deleted IS NULL
             WHERE s.environment = ?1 AND s.user_id = ?2 AND s.list_id > ?3 ORDER BY s.list_id LIMIT ?4",
        )?
        .query_map(
            params![
                codec::environment(environment),
                user.as_str(),
                after(page),
                i64::from(page.limit) + 1
            ],
            |found| {
                let mut cells = Cells::new(found);
                Ok(ListOfUser {
                    list: row(&mut cells)?,
                    preferences: cells.maybe_json()?,
                })
            },
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| cursor(&last.list.id)))
}
