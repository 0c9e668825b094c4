//! What people said of topics, and the log of it.

use async_trait::async_trait;
use tidings_store::digests::after_choice;
use tidings_store::{Acceptance, PreferenceWrite, StoredPreference};
use tidings_types::{Environment, Result, TopicId, UserId};

use super::lock;
use crate::batcher::Batched as _;
use crate::codec::{self, Cells, column, try_column};
use crate::database::Database;
use crate::fault::Outcome;
use crate::jobs;
use crate::sql::Sql;
use crate::transaction::Operation;

const ALL: &str = "SELECT body FROM preferences WHERE environment = $1 AND user_id = $2 AND tenant_id = $3
     ORDER BY topic_id";

/// What a person said, by topic id.
pub(super) async fn all(
    database: &Database,
    environment: Environment,
    user: &UserId,
    tenant: Option<&str>,
) -> Result<Vec<StoredPreference>> {
    let rows = database
        .read(
            ALL,
            &[
                &codec::environment(environment),
                &user.as_str(),
                &tenant.unwrap_or_default(),
            ],
        )
        .await?;
    Ok(rows.iter().map(|row| Cells::new(row).json()).collect::<Outcome<_>>()?)
}

/// What a person said of one topic.
pub(super) async fn one(
    database: &Database,
    environment: Environment,
    user: &UserId,
    tenant: Option<&str>,
    topic: &TopicId,
) -> Result<Option<StoredPreference>> {
    let row = database
        .read_one(
            "SELECT body FROM preferences
             WHERE environment = $1 AND user_id = $2 AND tenant_id = $3 AND topic_id = $4",
            &[
                &codec::environment(environment),
                &user.as_str(),
                &tenant.unwrap_or_default(),
                &topic.as_str(),
            ],
        )
        .await?;
    Ok(row.map(|row| Cells::new(&row).json()).transpose()?)
}

/// Changes preferences and logs what changed; comes to the topics that were unset.
pub(super) struct SetAndUnset<'a> {
    pub(super) environment: Environment,
    pub(super) user: &'a UserId,
    pub(super) write: PreferenceWrite,
}

/// A topic of which something else is said from now on.
struct Changed<'a> {
    topic: &'a TopicId,
    before: Option<&'a StoredPreference>,
    after: Option<&'a StoredPreference>,
}

#[async_trait]
impl Operation for SetAndUnset<'_> {
    type Output = Vec<TopicId>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Vec<TopicId>> {
        lock(sql, self.environment, self.user).await?;
        let stored = self.stored(sql).await?;
        if let Some(seen) = &self.write.seen {
            seen.check(&stored, super::consents::count(sql, self.environment, self.user).await?)?;
        }
        let (set, unset) = changes(&stored, &self.write);
        self.set(sql, &set).await?;
        self.unset(sql, &unset).await?;
        self.log(sql, &set).await?;
        self.log(sql, &unset).await?;
        super::consents::append(sql, self.environment, self.user, &self.write.consents).await?;
        if let Some(mail) = &self.write.mail {
            Acceptance::write_all(&[mail], sql).await?;
        }
        Ok(unset.into_iter().map(|change| change.topic.clone()).collect())
    }
}

/// What is said anew and what is said no more. Of a topic set twice the last counts.
fn changes<'a>(stored: &'a [StoredPreference], write: &'a PreferenceWrite) -> (Vec<Changed<'a>>, Vec<Changed<'a>>) {
    let mut set: Vec<Changed<'a>> = Vec::new();
    for after in &write.set {
        let topic = &after.topic_id;
        let before = stored.iter().find(|one| one.topic_id == *topic);
        set.retain(|earlier| earlier.topic != topic);
        if before != Some(after) {
            set.push(Changed {
                topic,
                before,
                after: Some(after),
            });
        }
    }
    let unset = stored
        .iter()
        .filter(|one| write.takes_back(&one.topic_id))
        .map(|before| Changed {
            topic: &before.topic_id,
            before: Some(before),
            after: None,
        })
        .collect();
    (set, unset)
}

impl SetAndUnset<'_> {
    fn tenant(&self) -> &str {
        self.write.tenant_id.as_deref().unwrap_or_default()
    }

    async fn stored(&self, sql: &Sql<'_>) -> Outcome<Vec<StoredPreference>> {
        let rows = sql
            .rows(
                ALL,
                &[
                    &codec::environment(self.environment),
                    &self.user.as_str(),
                    &self.tenant(),
                ],
            )
            .await?;
        rows.iter().map(|row| Cells::new(row).json()).collect()
    }

    async fn set(&self, sql: &Sql<'_>, changes: &[Changed<'_>]) -> Outcome<()> {
        if changes.is_empty() {
            return Ok(());
        }
        sql.execute(
            "INSERT INTO preferences (environment, user_id, tenant_id, updated, topic_id, body)
             SELECT $1, $2, $3, $4, * FROM unnest($5::text[], $6::text[])
             ON CONFLICT (environment, user_id, tenant_id, topic_id)
                 DO UPDATE SET body = excluded.body, updated = excluded.updated",
            &[
                &codec::environment(self.environment),
                &self.user.as_str(),
                &self.tenant(),
                &self.write.now.as_millis(),
                &column(changes, |change| change.topic.as_str()),
                &try_column(changes, |change| codec::json(&change.after))?,
            ],
        )
        .await?;
        Ok(())
    }

    async fn unset(&self, sql: &Sql<'_>, changes: &[Changed<'_>]) -> Outcome<()> {
        if changes.is_empty() {
            return Ok(());
        }
        sql.execute(
            "DELETE FROM preferences
             WHERE environment = $1 AND user_id = $2 AND tenant_id = $3 AND topic_id = ANY ($4)",
            &[
                &codec::environment(self.environment),
                &self.user.as_str(),
                &self.tenant(),
                &column(changes, |change| change.topic.as_str()),
            ],
        )
        .await?;
        Ok(())
    }

    async fn log(&self, sql: &Sql<'_>, changes: &[Changed<'_>]) -> Outcome<()> {
        if changes.is_empty() {
            return Ok(());
        }
        sql.execute(
            "INSERT INTO preference_log
                 (environment, user_id, tenant_id, at, source, message_id, mail_domain, topic_id, before, after)
             SELECT $1, $2, $3, $4, $5, $6, * FROM unnest($7::text[], $8::text[], $9::text[], $10::text[])",
            &[
                &codec::environment(self.environment),
                &self.user.as_str(),
                &self.tenant(),
                &self.write.now.as_millis(),
                &self.write.source,
                &self.write.evidence.message_id,
                &column(changes, |change| self.write.mail_domain_of(change.after)),
                &column(changes, |change| change.topic.as_str()),
                &try_column(changes, |change| change.before.map(codec::json).transpose())?,
                &try_column(changes, |change| change.after.map(codec::json).transpose())?,
            ],
        )
        .await?;
        // What is gathered follows the rhythm that was chosen.
        let reviews: Vec<_> = changes
            .iter()
            .filter_map(|change| after_choice(self.environment, self.user, change.before, change.after))
            .collect();
        jobs::enqueue(sql, &reviews).await
    }
}
