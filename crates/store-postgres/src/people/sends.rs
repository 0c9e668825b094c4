//! What counts towards a person's limits.

use async_trait::async_trait;
use tidings_store::Admission;
use tidings_types::{Environment, UserId};

use super::lock;
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// Counts a message, unless a limit is reached: then the place of that limit.
pub(super) struct Admit<'a> {
    pub(super) environment: Environment,
    pub(super) user: &'a UserId,
    pub(super) admission: Admission,
}

#[async_trait]
impl Operation for Admit<'_> {
    type Output = Option<usize>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Option<usize>> {
        // Two messages to one person are counted one after the other.
        lock(sql, self.environment, self.user).await?;
        let (place, user) = (codec::environment(self.environment), self.user.as_str());
        let admission = &self.admission;
        sql.execute(
            "DELETE FROM sends WHERE environment = $1 AND user_id = $2 AND at < $3",
            &[&place, &user, &admission.forget_before.as_millis()],
        )
        .await?;
        let known = sql
            .row(
                "SELECT 1 FROM sends WHERE environment = $1 AND user_id = $2 AND message_id = $3",
                &[&place, &user, &admission.message_id.as_str()],
            )
            .await?;
        if known.is_some() {
            return Ok(None);
        }
        for (index, limit) in admission.limits.iter().enumerate() {
            let topic = (!limit.all_topics).then(|| admission.topic_id.as_str());
            let row = sql
                .row(
                    "SELECT COUNT(*) FROM sends
                     WHERE environment = $1 AND user_id = $2 AND at > $3 AND ($4::text IS NULL OR topic_id = $4)",
                    &[&place, &user, &limit.since.as_millis(), &topic],
                )
                .await?;
            let sent = row.map_or(Ok(0), |row| Cells::new(&row).count())?;
            if sent >= u64::from(limit.max) {
                return Ok(Some(index));
            }
        }
        sql.execute(
            "INSERT INTO sends (environment, user_id, message_id, topic_id, at) VALUES ($1, $2, $3, $4, $5)",
            &[
                &place,
                &user,
                &admission.message_id.as_str(),
                &admission.topic_id.as_str(),
                &admission.now.as_millis(),
            ],
        )
        .await?;
        Ok(None)
    }
}
