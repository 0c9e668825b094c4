//! The queue row of a message after a step.

use tidings_store::{Next, Record};

use crate::codec::{self, column};
use crate::fault::Outcome;
use crate::sql::Sql;

pub(super) async fn update(sql: &Sql<'_>, records: &[&Record]) -> Outcome<()> {
    let (finished, pending): (Vec<&Record>, Vec<&Record>) =
        records.iter().partition(|record| record.next == Next::Finished);
    if !finished.is_empty() {
        delete(sql, &finished).await?;
    }
    if !pending.is_empty() {
        go_on(sql, &pending).await?;
    }
    Ok(())
}

async fn delete(sql: &Sql<'_>, records: &[&Record]) -> Outcome<()> {
    sql.execute(
        "DELETE FROM work AS w USING unnest($1::int2[], $2::text[]) AS s (environment, id)
         WHERE w.environment = s.environment AND w.id = s.id",
        &[
            &column(records, |record| codec::environment(record.environment)),
            &column(records, |record| record.id.as_str()),
        ],
    )
    .await?;
    Ok(())
}

/// Puts work back until it is due, or renews the lease of a claim that is kept: a step was made, so its node lives.
async fn go_on(sql: &Sql<'_>, records: &[&Record]) -> Outcome<()> {
    let due = |record: &&Record| match record.next {
        Next::At(due) => Some(due.as_millis()),
        Next::KeepClaim | Next::Finished => None,
    };
    sql.execute(
        "UPDATE work AS w
         SET due = COALESCE(s.due, w.due), settled = s.settled,
             leased_until = CASE WHEN s.due IS NULL THEN now() + w.lease_ms * interval '1 millisecond' END
         FROM unnest($1::int2[], $2::text[], $3::int8[], $4::bool[]) AS s (environment, id, due, settled)
         WHERE w.environment = s.environment AND w.id = s.id",
        &[
            &column(records, |record| codec::environment(record.environment)),
            &column(records, |record| record.id.as_str()),
            &column(records, due),
            &column(records, |record| record.status.is_final()),
        ],
    )
    .await?;
    Ok(())
}
