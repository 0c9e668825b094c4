//! What waits.

use rusqlite::Connection;
use tidings_store::QueueState;
use tidings_types::Timestamp;

use crate::codec::Cells;
use crate::fault::Outcome;

pub(super) fn state(sql: &Connection, now: Timestamp) -> Outcome<QueueState> {
    let state = sql
        .prepare_cached(
            "SELECT COUNT(*), COUNT(*) FILTER (WHERE due <= ?1), COUNT(*) FILTER (WHERE deadline < ?1)
             FROM work WHERE settled = 0",
        )?
        .query_row([now.as_millis()], |row| {
            let mut cells = Cells::new(row);
            let mut count = || cells.take::<i64>().map(|count| u64::try_from(count).unwrap_or(0));
            Ok(QueueState {
                pending: count()?,
                due: count()?,
                overdue: count()?,
            })
        })?;
    Ok(state)
}
