//! Handing out due jobs. In the writing thread, like work: see `messages/claim.rs`.

use std::sync::LazyLock;

use rusqlite::params;
use tidings_store::{ClaimedJob, JobClaim, JobProof, Lane};
use tidings_types::Timestamp;

use super::read::{JOB, about, name};
use crate::codec::Cells;
use crate::fault::Outcome;
use crate::writer::Write;

static DUE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {JOB}, asked FROM jobs WHERE kind = ?1 AND lane = ?2 AND dead_since IS NULL AND due <= ?3
         ORDER BY due, environment, key"
    )
});

pub(super) fn claim(write: &mut Write<'_>, claim: &JobClaim) -> Outcome<Vec<ClaimedJob>> {
    let limit = usize::try_from(claim.limit).unwrap_or(usize::MAX);
    let mut statement = write.sql.prepare_cached(&DUE)?;
    let mut claimed = Vec::new();
    for lane in Lane::ALL {
        let mut rows = statement.query(params![claim.kind, lane.as_i16(), claim.now.as_millis()])?;
        while claimed.len() < limit
            && let Some(row) = rows.next()?
        {
            let mut cells = Cells::new(row);
            let name = name(&mut cells)?;
            if write.jobs.is_held(&name) {
                continue;
            }
            let job = about(name, &mut cells)?;
            let proof = JobProof {
                token: write.jobs.claim(job.name.clone()),
                asked: cells.take()?,
            };
            claimed.push(ClaimedJob { job, proof });
        }
    }
    Ok(claimed)
}

/// When the earliest unclaimed job of a kind is due.
pub(super) fn next_due(write: &Write<'_>, kind: &str) -> Outcome<Option<Timestamp>> {
    let mut statement = write.sql.prepare_cached(
        "SELECT environment, kind, key, due FROM jobs WHERE kind = ?1 AND lane = ?2 AND dead_since IS NULL ORDER BY due",
    )?;
    let mut earliest: Option<Timestamp> = None;
    for lane in Lane::ALL {
        let mut rows = statement.query(params![kind, lane.as_i16()])?;
        while let Some(row) = rows.next()? {
            let mut cells = Cells::new(row);
            if write.jobs.is_held(&name(&mut cells)?) {
                continue;
            }
            let due = cells.moment()?;
            earliest = Some(earliest.map_or(due, |earliest| earliest.min(due)));
            break;
        }
    }
    Ok(earliest)
}
