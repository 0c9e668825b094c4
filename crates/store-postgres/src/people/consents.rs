//! The consent ledger, and forgetting people who leave proof in it.

use async_trait::async_trait;
use tidings_types::consent::{Consent, ConsentAction};
use tidings_types::{Environment, Result, Timestamp, TopicId, UserId};
use tokio_postgres::Row;

use super::lock;
use crate::codec::{self, Cells};
use crate::database::Database;
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// A person's lines, oldest first.
pub(super) async fn of_user(database: &Database, environment: Environment, user: &UserId) -> Result<Vec<Consent>> {
    let rows = database
        .read(
            "SELECT topic_id, tenant_id, action, at, source, wording, message_id FROM consents
             WHERE environment = $1 AND user_id = $2 ORDER BY number",
            &[&codec::environment(environment), &user.as_str()],
        )
        .await?;
    Ok(rows.iter().map(line).collect::<Outcome<_>>()?)
}

fn line(row: &Row) -> Outcome<Consent> {
    let mut cells = Cells::new(row);
    Ok(Consent {
        topic_id: TopicId::from(cells.take::<&str>()?),
        tenant_id: Some(cells.take::<String>()?).filter(|tenant| !tenant.is_empty()),
        action: cells.name(ConsentAction::parse)?,
        at: cells.moment()?,
        source: cells.take()?,
        wording: cells.take()?,
        message_id: cells.take()?,
    })
}

/// How many lines a person has.
pub(super) async fn count(sql: &Sql<'_>, environment: Environment, user: &UserId) -> Outcome<u64> {
    let row = sql
        .row(
            "SELECT COUNT(*) FROM consents WHERE environment = $1 AND user_id = $2",
            &[&codec::environment(environment), &user.as_str()],
        )
        .await?;
    let count: i64 = row.as_ref().map(|row| Cells::new(row).take()).transpose()?.unwrap_or(0);
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Writes lines in their order.
pub(super) async fn append(sql: &Sql<'_>, environment: Environment, user: &UserId, lines: &[Consent]) -> Outcome<()> {
    for line in lines {
        sql.execute(
            "INSERT INTO consents
                 (environment, user_id, topic_id, tenant_id, action, at, source, wording, message_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                &codec::environment(environment),
                &user.as_str(),
                &line.topic_id.as_str(),
                &line.tenant_id.as_deref().unwrap_or_default(),
                &line.action.as_str(),
                &line.at.as_millis(),
                &line.source,
                &line.wording,
                &line.message_id,
            ],
        )
        .await?;
    }
    Ok(())
}

/// Forgets what a person said; see [`tidings_store::People::erase_preferences`].
pub(crate) struct Erase<'a> {
    pub(crate) environment: Environment,
    pub(crate) user: &'a UserId,
    pub(crate) pseudonym: &'a UserId,
    pub(crate) now: Timestamp,
}

#[async_trait]
impl Operation for Erase<'_> {
    type Output = u64;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<u64> {
        lock(sql, self.environment, self.user).await?;
        let place = codec::environment(self.environment);
        for statement in [
            "DELETE FROM preferences WHERE environment = $1 AND user_id = $2",
            "DELETE FROM link_revocations WHERE environment = $1 AND user_id = $2",
            "DELETE FROM sends WHERE environment = $1 AND user_id = $2",
        ] {
            sql.execute(statement, &[&place, &self.user.as_str()]).await?;
        }
        sql.execute(
            "UPDATE preference_log SET user_id = $3, message_id = NULL, mail_domain = NULL
             WHERE environment = $1 AND user_id = $2",
            &[&place, &self.user.as_str(), &self.pseudonym.as_str()],
        )
        .await?;
        let stay = sql
            .execute(
                "UPDATE consents SET user_id = $3, message_id = NULL WHERE environment = $1 AND user_id = $2",
                &[&place, &self.user.as_str(), &self.pseudonym.as_str()],
            )
            .await?;
        append(sql, self.environment, self.pseudonym, &[Consent::erased(self.now)]).await?;
        Ok(stay + 1)
    }
}
