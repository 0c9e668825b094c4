//! Telling those who listen what becomes of audiences.

use async_trait::async_trait;
use tidings_store::webhooks::{
    AUDIENCE_CALCULATED, AUDIENCE_MATCHED, AUDIENCE_UNMATCHED, AUDIENCE_UPDATED, audience_calculated, audience_updated,
};
use tidings_store::{Audience, NewJob};
use tidings_types::{Environment, Timestamp};

use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::jobs;
use crate::sql::Sql;
use crate::transaction::Operation;
use crate::webhooks::anyone_wants;

/// An audience was made or written.
pub(super) async fn updated(
    sql: &Sql<'_>,
    environment: Environment,
    audience: &Audience,
    now: Timestamp,
) -> Outcome<()> {
    if anyone_wants(sql, environment, AUDIENCE_UPDATED).await? {
        jobs::enqueue(sql, [&audience_updated(environment, audience, now)]).await?;
    }
    Ok(())
}

/// Everybody was looked at for an audience; nothing is told of one that has gone.
pub(super) struct Calculated<'a> {
    pub(super) environment: Environment,
    pub(super) id: &'a str,
    pub(super) now: Timestamp,
}

#[async_trait]
impl Operation for Calculated<'_> {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        if !anyone_wants(sql, self.environment, AUDIENCE_CALCULATED).await? {
            return Ok(());
        }
        let row = sql
            .row(
                "SELECT (SELECT count(*) FROM audience_members WHERE environment = $1 AND audience_id = $2),
                     (SELECT count(*) FROM profiles WHERE environment = $1)
                 FROM audiences WHERE environment = $1 AND id = $2",
                &[&codec::environment(self.environment), &self.id],
            )
            .await?;
        let Some(row) = row else { return Ok(()) };
        let mut cells = Cells::new(&row);
        let (members, people): (i64, i64) = (cells.take()?, cells.take()?);
        let (members, people) = (members.unsigned_abs(), people.unsigned_abs());
        let job = audience_calculated(self.environment, self.id, members, people, self.now);
        jobs::enqueue(sql, [&job]).await
    }
}

/// People came to belong to audiences, or no longer do.
pub(super) async fn members(sql: &Sql<'_>, environment: Environment, changes: &[NewJob]) -> Outcome<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let wanted = anyone_wants(sql, environment, AUDIENCE_MATCHED).await?
        || anyone_wants(sql, environment, AUDIENCE_UNMATCHED).await?;
    if wanted {
        jobs::enqueue(sql, changes).await?;
    }
    Ok(())
}
