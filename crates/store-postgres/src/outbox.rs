//! The outbox.

use tidings_store::{Caught, Cursor, NewCaught, Page, PageRequest, Record};
use tidings_types::{Environment, Result};

use crate::PostgresStore;
use crate::codec::{self, Cells, column, lenient, try_column};
use crate::database::Database;
use crate::fault::Outcome;
use crate::sql::Sql;

/// The advisory lock of whoever adds to the outbox: "outbox" in ASCII. It makes entries appear in the order of their
/// numbers, so that a watcher who has seen a number has seen all before it.
const LOCK: i64 = 0x6f75_7462_6f78;

/// Adds what steps caught.
pub(crate) async fn append(sql: &Sql<'_>, records: &[&Record]) -> Outcome<()> {
    let caught: Vec<(&Record, &NewCaught)> = records
        .iter()
        .flat_map(|record| record.caught.iter().map(|caught| (*record, caught)))
        .collect();
    if caught.is_empty() {
        return Ok(());
    }
    sql.rows("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    sql.execute(
        "INSERT INTO outbox (environment, message_id, provider, address, rendered, payload, at)
         SELECT * FROM unnest($1::int2[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int8[])",
        &[
            &column(&caught, |(record, _)| codec::environment(record.environment)),
            &column(&caught, |(record, _)| record.id.as_str()),
            &column(&caught, |(_, caught)| lenient(&caught.provider)),
            &column(&caught, |(_, caught)| lenient(&caught.to)),
            &try_column(&caught, |(_, caught)| codec::json(&caught.rendered))?,
            &try_column(&caught, |(_, caught)| {
                caught.payload.as_ref().map(codec::json).transpose()
            })?,
            &column(&caught, |(_, caught)| caught.at.as_millis()),
        ],
    )
    .await?;
    Ok(())
}

/// Newest first.
pub(crate) async fn page(
    database: &Database,
    environment: Option<Environment>,
    page: &PageRequest,
) -> Result<Page<Caught>> {
    let before = page.after.as_ref().map_or(i64::MAX, |after| after.sort);
    let rows = database
        .read(
            "SELECT number, environment, message_id, provider, address, rendered, payload, at FROM outbox
             WHERE number < $2 AND ($1::int2 IS NULL OR environment = $1) ORDER BY number DESC LIMIT $3",
            &[
                &environment.map(codec::environment),
                &before,
                &codec::surplus(page.limit),
            ],
        )
        .await?;
    let rows = rows
        .iter()
        .map(|row| caught(&mut Cells::new(row)))
        .collect::<Outcome<_>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last: &Caught| Cursor {
        sort: last.number,
        id: String::new(),
    }))
}

/// What came after a number, oldest first.
pub(crate) async fn since(
    database: &Database,
    environment: Option<Environment>,
    after: i64,
    limit: u32,
) -> Result<Vec<Caught>> {
    let rows = database
        .read(
            "SELECT number, environment, message_id, provider, address, rendered, payload, at FROM outbox
             WHERE number > $2 AND ($1::int2 IS NULL OR environment = $1) ORDER BY number LIMIT $3",
            &[&environment.map(codec::environment), &after, &i64::from(limit)],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| caught(&mut Cells::new(row)))
        .collect::<Outcome<_>>()?)
}

/// One entry.
pub(crate) async fn one(database: &Database, number: i64) -> Result<Option<Caught>> {
    let row = database
        .read_one(
            "SELECT number, environment, message_id, provider, address, rendered, payload, at FROM outbox
             WHERE number = $1",
            &[&number],
        )
        .await?;
    Ok(row.map(|row| caught(&mut Cells::new(&row))).transpose()?)
}

/// Forgets all of it, or an environment's part.
pub(crate) async fn clear(store: &PostgresStore, environment: Option<Environment>) -> Result<()> {
    store
        .execute(
            "DELETE FROM outbox WHERE $1::int2 IS NULL OR environment = $1",
            &[&environment.map(codec::environment)],
        )
        .await
        .map(drop)
}

/// Keeps the newest entries. Returns how many went.
pub(crate) async fn prune(store: &PostgresStore, keep: u32) -> Result<u64> {
    let rows = store
        .execute(
            "WITH gone AS (
                 DELETE FROM outbox
                 WHERE number <= (SELECT number FROM outbox ORDER BY number DESC LIMIT 1 OFFSET $1) RETURNING 1
             ) SELECT COUNT(*) FROM gone",
            &[&i64::from(keep)],
        )
        .await?;
    Ok(rows.first().map_or(Ok(0), |row| Cells::new(row).count())?)
}

fn caught(cells: &mut Cells<'_>) -> Outcome<Caught> {
    Ok(Caught {
        number: cells.take()?,
        environment: cells.environment()?,
        message_id: cells.take::<String>()?.into(),
        provider: cells.take()?,
        to: cells.take()?,
        rendered: cells.json()?,
        payload: cells.maybe_json()?,
        at: cells.moment()?,
    })
}
