//! Reading audiences.

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::{Audience, AudienceMember, Cursor, Page, PageRequest};
use tidings_types::{Environment, UserId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// The columns of an audience `a`, in the order in which [`row`] reads them.
pub(super) const AUDIENCE: &str = "a.id, a.name, a.description, a.filter, a.operator, a.version, a.created, a.updated";

pub(super) fn row(cells: &mut Cells<'_>) -> rusqlite::Result<Audience> {
    Ok(Audience {
        id: cells.take()?,
        name: cells.take()?,
        description: cells.take()?,
        filter: cells.maybe_json()?,
        operator: cells.take()?,
        version: cells.take()?,
        created: cells.moment()?,
        updated: cells.moment()?,
    })
}

pub(super) fn audience(sql: &Connection, environment: Environment, id: &str) -> Outcome<Option<Audience>> {
    let query = format!("SELECT {AUDIENCE} FROM audiences AS a WHERE a.environment = ?1 AND a.id = ?2");
    Ok(sql
        .prepare_cached(&query)?
        .query_row(params![codec::environment(environment), id], |found| {
            row(&mut Cells::new(found))
        })
        .optional()?)
}

pub(super) fn audiences(sql: &Connection, environment: Environment, page: &PageRequest) -> Outcome<Page<Audience>> {
    let query =
        format!("SELECT {AUDIENCE} FROM audiences AS a WHERE a.environment = ?1 AND a.id > ?2 ORDER BY a.id LIMIT ?3");
    let after = page.after.as_ref().map_or("", |after| after.id.as_str());
    let rows = sql
        .prepare_cached(&query)?
        .query_map(
            params![codec::environment(environment), after, i64::from(page.limit) + 1],
            |found| row(&mut Cells::new(found)),
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: 0,
        id: last.id.clone(),
    }))
}

pub(super) fn members(
    sql: &Connection,
    environment: Environment,
    id: &str,
    page: &PageRequest,
) -> Outcome<Page<AudienceMember>> {
    let after = page.after.as_ref().map_or("", |after| after.id.as_str());
    let rows = sql
        .prepare_cached(
            "SELECT user_id, version, added, reason FROM audience_members
             WHERE environment = ?1 AND audience_id = ?2 AND user_id > ?3 ORDER BY user_id LIMIT ?4",
        )?
        .query_map(
            params![codec::environment(environment), id, after, i64::from(page.limit) + 1],
            |found| {
                let mut cells = Cells::new(found);
                Ok(AudienceMember {
                    user_id: cells.take::<String>()?.into(),
                    version: cells.take()?,
                    added: cells.moment()?,
                    reason: cells.take()?,
                })
            },
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: 0,
        id: last.user_id.to_string(),
    }))
}

pub(super) fn is_member(sql: &Connection, environment: Environment, id: &str, user: &UserId) -> Outcome<bool> {
    Ok(sql
        .prepare_cached("SELECT 1 FROM audience_members WHERE environment = ?1 AND audience_id = ?2 AND user_id = ?3")?
        .exists(params![codec::environment(environment), id, user.as_str()])?)
}
