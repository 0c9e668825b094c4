//! Reading lists and who is on them.

use tidings_store::{Cursor, ListOfUser, ListRow, Page, PageRequest, Subscription};
use tidings_types::{Environment, Result, UserId};
use tokio_postgres::Row;

use crate::codec::{self, Cells, surplus};
use crate::database::Database;
use crate::fault::Outcome;

fn list_row(cells: &mut Cells<'_>) -> Outcome<ListRow> {
    Ok(ListRow {
        id: cells.take()?,
        name: cells.take()?,
        preferences: cells.maybe_json()?,
        created: cells.moment()?,
        updated: cells.moment()?,
    })
}

fn subscriber(row: &Row) -> Outcome<Subscription> {
    let mut cells = Cells::new(row);
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

pub(super) async fn list(database: &Database, environment: Environment, id: &str) -> Result<Option<ListRow>> {
    let row = database
        .read_one(
            "SELECT id, name, preferences, created, updated FROM lists
             WHERE environment = $1 AND id = $2 AND deleted IS NULL",
            &[&codec::environment(environment), &id],
        )
        .await?;
    Ok(row.map(|row| list_row(&mut Cells::new(&row))).transpose()?)
}

pub(super) async fn lists(
    database: &Database,
    environment: Environment,
    prefix: &str,
    page: &PageRequest,
) -> Result<Page<ListRow>> {
    let rows = database
        .read(
            "SELECT id, name, preferences, created, updated FROM lists
             WHERE environment = $1 AND id > $2 AND id >= $3 AND id < $3 || chr(1114111) AND starts_with(id, $3)
                 AND deleted IS NULL
             ORDER BY id LIMIT $4",
            &[
                &codec::environment(environment),
                &after(page),
                &prefix,
                &surplus(page.limit),
            ],
        )
        .await?;
    let lists = rows.iter().map(|row| list_row(&mut Cells::new(row)));
    let lists = lists.collect::<Outcome<Vec<_>>>()?;
    Ok(Page::from_surplus(lists, page.limit, |last| cursor(&last.id)))
}

pub(super) async fn subscription(
    database: &Database,
    environment: Environment,
    list: &str,
    user: &UserId,
) -> Result<Option<Subscription>> {
    let row = database
        .read_one(
            "SELECT s.user_id, s.preferences, s.created FROM subscriptions AS s
             JOIN lists AS l ON l.environment = s.environment AND l.id = s.list_id AND l.deleted IS NULL
             WHERE s.environment = $1 AND s.list_id = $2 AND s.user_id = $3",
            &[&codec::environment(environment), &list, &user.as_str()],
        )
        .await?;
    Ok(row.as_ref().map(subscriber).transpose()?)
}

pub(super) async fn subscriptions(
    database: &Database,
    environment: Environment,
    list: &str,
    page: &PageRequest,
) -> Result<Page<Subscription>> {
    let rows = database
        .read(
            "SELECT user_id, preferences, created FROM subscriptions
             WHERE environment = $1 AND list_id = $2 AND user_id > $3 ORDER BY user_id LIMIT $4",
            &[
                &codec::environment(environment),
                &list,
                &after(page),
                &surplus(page.limit),
            ],
        )
        .await?;
    let people = rows.iter().map(subscriber).collect::<Outcome<Vec<_>>>()?;
    Ok(Page::from_surplus(people, page.limit, |last| {
        cursor(last.user_id.as_str())
    }))
}

pub(super) async fn lists_of(
    database: &Database,
    environment: Environment,
    user: &UserId,
    page: &PageRequest,
) -> Result<Page<ListOfUser>> {
    let rows = database
        .read(
            "SELECT l.id, l.name, l.preferences, l.created, l.updated, s.preferences FROM subscriptions AS s
             JOIN lists AS l ON l.environment = s.environment AND l.id = s.list_id AND l.deleted IS NULL
             WHERE s.environment = $1 AND s.user_id = $2 AND s.list_id > $3 ORDER BY s.list_id LIMIT $4",
            &[
                &codec::environment(environment),
                &user.as_str(),
                &after(page),
                &surplus(page.limit),
            ],
        )
        .await?;
    let lists = rows.iter().map(|row| {
        let mut cells = Cells::new(row);
        Ok(ListOfUser {
            list: list_row(&mut cells)?,
            preferences: cells.maybe_json()?,
        })
    });
    let lists = lists.collect::<Outcome<Vec<_>>>()?;
    Ok(Page::from_surplus(lists, page.limit, |last| cursor(&last.list.id)))
}
