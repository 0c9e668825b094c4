//! Reading audiences.

use tidings_store::{Audience, AudienceMember, Cursor, Page, PageRequest};
use tidings_types::{Environment, Result, UserId};
use tokio_postgres::Row;

use crate::codec::{self, Cells, surplus};
use crate::database::Database;
use crate::fault::Outcome;

/// The columns of an audience `a`, in the order in which [`audience_row`] reads them.
pub(super) const AUDIENCE: &str = "a.id, a.name, a.description, a.filter, a.operator, a.version, a.created, a.updated";

pub(super) fn audience_row(row: &Row) -> Outcome<Audience> {
    let mut cells = Cells::new(row);
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

pub(super) async fn audience(database: &Database, environment: Environment, id: &str) -> Result<Option<Audience>> {
    let query = format!("SELECT {AUDIENCE} FROM audiences AS a WHERE a.environment = $1 AND a.id = $2");
    let row = database
        .read_one(&query, &[&codec::environment(environment), &id])
        .await?;
    Ok(row.as_ref().map(audience_row).transpose()?)
}

pub(super) async fn audiences(
    database: &Database,
    environment: Environment,
    page: &PageRequest,
) -> Result<Page<Audience>> {
    let query =
        format!("SELECT {AUDIENCE} FROM audiences AS a WHERE a.environment = $1 AND a.id > $2 ORDER BY a.id LIMIT $3");
    let after = page.after.as_ref().map_or("", |after| after.id.as_str());
    let rows = database
        .read(
            &query,
            &[&codec::environment(environment), &after, &surplus(page.limit)],
        )
        .await?;
    let audiences = rows.iter().map(audience_row).collect::<Outcome<Vec<_>>>()?;
    Ok(Page::from_surplus(audiences, page.limit, |last| Cursor {
        sort: 0,
        id: last.id.clone(),
    }))
}

pub(super) async fn members(
    database: &Database,
    environment: Environment,
    id: &str,
    page: &PageRequest,
) -> Result<Page<AudienceMember>> {
    let after = page.after.as_ref().map_or("", |after| after.id.as_str());
    let rows = database
        .read(
            "SELECT user_id, version, added, reason FROM audience_members
             WHERE environment = $1 AND audience_id = $2 AND user_id > $3 ORDER BY user_id LIMIT $4",
            &[&codec::environment(environment), &id, &after, &surplus(page.limit)],
        )
        .await?;
    let members = rows.iter().map(|row| {
        let mut cells = Cells::new(row);
        Ok(AudienceMember {
            user_id: cells.take::<String>()?.into(),
            version: cells.take()?,
            added: cells.moment()?,
            reason: cells.take()?,
        })
    });
    let members = members.collect::<Outcome<Vec<_>>>()?;
    Ok(Page::from_surplus(members, page.limit, |last| Cursor {
        sort: 0,
        id: last.user_id.to_string(),
    }))
}

pub(super) async fn is_member(database: &Database, environment: Environment, id: &str, user: &UserId) -> Result<bool> {
    let row = database
        .read_one(
            "SELECT 1 FROM audience_members WHERE environment = $1 AND audience_id = $2 AND user_id = $3",
            &[&codec::environment(environment), &id, &user.as_str()],
        )
        .await?;
    Ok(row.is_some())
}
