//! Looking at jobs.

use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::{Cursor, JobCount, JobKey, JobRow, Lane, Page, PageRequest};
use tidings_types::{Environment, Timestamp};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// The columns that [`job`] reads.
pub(super) const JOB: &str = "environment, kind, key, lane, due, body, attempts, error, dead_since";

pub(super) fn job(cells: &mut Cells<'_>) -> rusqlite::Result<JobRow> {
    let name = name(cells)?;
    about(name, cells)
}

/// What follows the name.
pub(super) fn about(name: JobKey, cells: &mut Cells<'_>) -> rusqlite::Result<JobRow> {
    Ok(JobRow {
        name,
        lane: Lane::from_i16(cells.take()?),
        due: cells.moment()?,
        body: cells.json()?,
        attempts: cells.take()?,
        error: cells.take()?,
        dead_since: cells.maybe_moment()?,
    })
}

/// The first three of them.
pub(super) fn name(cells: &mut Cells<'_>) -> rusqlite::Result<JobKey> {
    Ok(JobKey {
        environment: cells.environment()?,
        kind: cells.take()?,
        key: cells.take()?,
    })
}

static ONE: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {JOB} FROM jobs WHERE environment = ?1 AND kind = ?2 AND key = ?3"));

static DEAD: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {JOB} FROM jobs WHERE environment = ?1 AND dead_since IS NOT NULL
             AND (?2 IS NULL OR (dead_since, kind || '/' || key) < (?2, ?3))
         ORDER BY dead_since DESC, kind || '/' || key DESC LIMIT ?4"
    )
});

pub(super) fn one(sql: &Connection, name: &JobKey) -> Outcome<Option<JobRow>> {
    Ok(sql
        .prepare_cached(&ONE)?
        .query_row(
            params![codec::environment(name.environment), name.kind, name.key],
            |row| job(&mut Cells::new(row)),
        )
        .optional()?)
}

pub(super) fn dead(sql: &Connection, environment: Environment, page: &PageRequest) -> Outcome<Page<JobRow>> {
    let (sort, id) = page.after.as_ref().map(|after| (after.sort, after.id.as_str())).unzip();
    let rows = sql
        .prepare_cached(&DEAD)?
        .query_map(
            params![codec::environment(environment), sort, id, i64::from(page.limit) + 1],
            |row| job(&mut Cells::new(row)),
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: last.dead_since.unwrap_or_default().as_millis(),
        id: format!("{}/{}", last.name.kind, last.name.key),
    }))
}

pub(super) fn counts(sql: &Connection, now: Timestamp) -> Outcome<Vec<JobCount>> {
    let counts = sql
        .prepare_cached(
            "SELECT kind, COUNT(*) FILTER (WHERE dead_since IS NULL),
                 COUNT(*) FILTER (WHERE dead_since IS NULL AND due <= ?1),
                 COUNT(*) FILTER (WHERE dead_since IS NOT NULL)
             FROM jobs GROUP BY kind ORDER BY kind",
        )?
        .query_map([now.as_millis()], |row| {
            let mut cells = Cells::new(row);
            let kind = cells.take()?;
            let mut count = || cells.take::<i64>().map(|count| u64::try_from(count).unwrap_or(0));
            Ok(JobCount {
                kind,
                pending: count()?,
                due: count()?,
                dead: count()?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(counts)
}
