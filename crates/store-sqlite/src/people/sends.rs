//! What counts towards a person's limits.

use rusqlite::{Connection, params};
use tidings_store::Admission;
use tidings_types::{Environment, UserId};

use crate::codec;
use crate::fault::Outcome;

/// Counts a message, unless a limit is reached: then the place of that limit.
pub(super) fn admit(
    sql: &Connection,
    environment: Environment,
    user: &UserId,
    admission: &Admission,
) -> Outcome<Option<usize>> {
    let place = codec::environment(environment);
    sql.prepare_cached("DELETE FROM sends WHERE environment = ?1 AND user_id = ?2 AND at < ?3")?
        .execute(params![place, user.as_str(), admission.forget_before.as_millis()])?;
    let known: bool = sql
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM sends WHERE environment = ?1 AND user_id = ?2 AND message_id = ?3)",
        )?
        .query_row(params![place, user.as_str(), admission.message_id.as_str()], |row| {
            row.get(0)
        })?;
    if known {
        return Ok(None);
    }
    for (index, limit) in admission.limits.iter().enumerate() {
        let topic = (!limit.all_topics).then(|| admission.topic_id.as_str());
        let sent: i64 = sql
            .prepare_cached(
                "SELECT COUNT(*) FROM sends
                 WHERE environment = ?1 AND user_id = ?2 AND at > ?3 AND (?4 IS NULL OR topic_id = ?4)",
            )?
            .query_row(params![place, user.as_str(), limit.since.as_millis(), topic], |row| {
                row.get(0)
            })?;
        if sent >= i64::from(limit.max) {
            return Ok(Some(index));
        }
    }
    sql.prepare_cached(
        "INSERT INTO sends (environment, user_id, message_id, topic_id, at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        place,
        user.as_str(),
        admission.message_id.as_str(),
        admission.topic_id.as_str(),
        admission.now.as_millis(),
    ])?;
    Ok(None)
}
