//! What waits.

use tidings_store::{Lane, QueueState};
use tidings_types::{Result, Timestamp};

use crate::codec::Cells;
use crate::database::Database;

/// When the earliest work of a lane is due that nobody holds, or no longer holds.
pub(super) async fn next_due(database: &Database, lane: Lane) -> Result<Option<Timestamp>> {
    let row = database
        .read_one(
            "SELECT due FROM work WHERE lane = $1 AND (leased_until IS NULL OR leased_until <= now())
             ORDER BY due LIMIT 1",
            &[&lane.as_i16()],
        )
        .await?;
    Ok(row.map(|row| Cells::new(&row).moment()).transpose()?)
}

pub(super) async fn state(database: &Database, now: Timestamp) -> Result<QueueState> {
    let row = database
        .read_one(
            "SELECT COUNT(*), COUNT(*) FILTER (WHERE due <= $1), COUNT(*) FILTER (WHERE deadline < $1)
             FROM work WHERE NOT settled",
            &[&now.as_millis()],
        )
        .await?;
    let Some(row) = row else {
        return Ok(QueueState::default());
    };
    let mut cells = Cells::new(&row);
    Ok(QueueState {
        pending: cells.count()?,
        due: cells.count()?,
        overdue: cells.count()?,
    })
}
