//! Looking at jobs.

use std::sync::LazyLock;

use tidings_store::{Cursor, JobCount, JobKey, JobRow, Lane, Page, PageRequest};
use tidings_types::{Environment, Result, Timestamp};

use crate::codec::{self, Cells, surplus};
use crate::database::Database;
use crate::fault::Outcome;

/// The columns that [`job`] reads.
pub(super) const JOB: &str = "environment, kind, key, lane, due, body, attempts, error, dead_since";

pub(super) fn job(cells: &mut Cells<'_>) -> Outcome<JobRow> {
    Ok(JobRow {
        name: JobKey {
            environment: cells.environment()?,
            kind: cells.take()?,
            key: cells.take()?,
        },
        lane: Lane::from_i16(cells.take()?),
        due: cells.moment()?,
        body: cells.json()?,
        attempts: cells.number()?,
        error: cells.take()?,
        dead_since: cells.maybe_moment()?,
    })
}

static ONE: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {JOB} FROM jobs WHERE environment = $1 AND kind = $2 AND key = $3"));

static DEAD: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {JOB} FROM jobs WHERE environment = $1 AND dead_since IS NOT NULL
             AND ($2::int8 IS NULL OR (dead_since, kind || '/' || key) < ($2, $3::text COLLATE \"C\"))
         ORDER BY dead_since DESC, kind || '/' || key DESC LIMIT $4"
    )
});

pub(super) async fn one(database: &Database, name: &JobKey) -> Result<Option<JobRow>> {
    let row = database
        .read_one(&ONE, &[&codec::environment(name.environment), &name.kind, &name.key])
        .await?;
    Ok(row.map(|row| job(&mut Cells::new(&row))).transpose()?)
}

pub(super) async fn dead(database: &Database, environment: Environment, page: &PageRequest) -> Result<Page<JobRow>> {
    let (sort, id) = page.after.as_ref().map(|after| (after.sort, after.id.as_str())).unzip();
    let rows = database
        .read(
            &DEAD,
            &[&codec::environment(environment), &sort, &id, &surplus(page.limit)],
        )
        .await?;
    let jobs = rows
        .iter()
        .map(|row| job(&mut Cells::new(row)))
        .collect::<Outcome<Vec<_>>>()?;
    Ok(Page::from_surplus(jobs, page.limit, |last| Cursor {
        sort: last.dead_since.unwrap_or_default().as_millis(),
        id: format!("{}/{}", last.name.kind, last.name.key),
    }))
}

pub(super) async fn counts(database: &Database, now: Timestamp) -> Result<Vec<JobCount>> {
    let rows = database
        .read(
            "SELECT kind, COUNT(*) FILTER (WHERE dead_since IS NULL),
                 COUNT(*) FILTER (WHERE dead_since IS NULL AND due <= $1),
                 COUNT(*) FILTER (WHERE dead_since IS NOT NULL)
             FROM jobs GROUP BY kind ORDER BY kind",
            &[&now.as_millis()],
        )
        .await?;
    let count = |row| {
        let mut cells = Cells::new(row);
        Ok(JobCount {
            kind: cells.take()?,
            pending: cells.count()?,
            due: cells.count()?,
            dead: cells.count()?,
        })
    };
    Ok(rows.iter().map(count).collect::<Outcome<_>>()?)
}
