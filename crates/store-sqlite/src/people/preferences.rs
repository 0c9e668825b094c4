//! What people said of topics, and the log of it.

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::digests::after_choice;
use tidings_store::{PreferenceWrite, StoredPreference};
use tidings_types::{Environment, TopicId, UserId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::jobs;
use crate::messages::accept;
use crate::writer::Write;

/// What a person said, by topic id.
pub(super) fn all(
    sql: &Connection,
    environment: Environment,
    user: &UserId,
    tenant: Option<&str>,
) -> Outcome<Vec<StoredPreference>> {
    let preferences = sql
        .prepare_cached(
            "SELECT body FROM preferences WHERE environment = ?1 AND user_id = ?2 AND tenant_id = ?3
             ORDER BY topic_id",
        )?
        .query_map(
            params![
                codec::environment(environment),
                user.as_str(),
                tenant.unwrap_or_default()
            ],
            |row| Cells::new(row).json(),
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(preferences)
}

/// What a person said of one topic.
pub(super) fn one(
    sql: &Connection,
    environment: Environment,
    user: &UserId,
    tenant: Option<&str>,
    topic: &TopicId,
) -> Outcome<Option<StoredPreference>> {
    Ok(sql
        .prepare_cached(
            "SELECT body FROM preferences
             WHERE environment = ?1 AND user_id = ?2 AND tenant_id = ?3 AND topic_id = ?4",
        )?
        .query_row(
            params![
                codec::environment(environment),
                user.as_str(),
                tenant.unwrap_or_default(),
                topic.as_str()
            ],
            |row| Cells::new(row).json(),
        )
        .optional()?)
}

/// Changes preferences and logs what changed; returns the topics that were unset.
pub(super) fn write(
    job: &mut Write<'_>,
    environment: Environment,
    user: &UserId,
    write: &PreferenceWrite,
) -> Outcome<Vec<TopicId>> {
    let unset = change(job.sql, environment, user, write)?;
    if let Some(mail) = &write.mail {
        accept::accept(job, mail)?;
    }
    Ok(unset)
}

fn change(sql: &Connection, environment: Environment, user: &UserId, write: &PreferenceWrite) -> Outcome<Vec<TopicId>> {
    let scope = Scope {
        sql,
        environment,
        user,
        write,
    };
    let before = all(sql, environment, user, write.tenant_id.as_deref())?;
    if let Some(seen) = &write.seen {
        seen.check(&before, super::consents::count(sql, environment, user)?)?;
    }
    let said = |topic: &TopicId| before.iter().find(|one| one.topic_id == *topic);
    for (index, preference) in write.set.iter().enumerate() {
        let mut later = write.set.iter().skip(index + 1);
        if later.any(|one| one.topic_id == preference.topic_id) {
            // Of a topic set twice the last counts.
            continue;
        }
        let before = said(&preference.topic_id);
        if before != Some(preference) {
            scope.set(preference)?;
            scope.log(&preference.topic_id, before, Some(preference))?;
        }
    }
    let mut unset = Vec::new();
    for stored in &before {
        let topic = &stored.topic_id;
        if write.takes_back(topic) {
            scope.unset(topic)?;
            scope.log(topic, Some(stored), None)?;
            unset.push(topic.clone());
        }
    }
    super::consents::append(sql, environment, user, write)?;
    Ok(unset)
}

/// Whose preferences are being changed.
struct Scope<'a> {
    sql: &'a Connection,
    environment: Environment,
    user: &'a UserId,
    write: &'a PreferenceWrite,
}

impl Scope<'_> {
    fn tenant(&self) -> &str {
        self.write.tenant_id.as_deref().unwrap_or_default()
    }

    fn set(&self, preference: &StoredPreference) -> Outcome<()> {
        self.sql
            .prepare_cached(
                "INSERT INTO preferences (environment, user_id, tenant_id, topic_id, body, updated)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET body = excluded.body, updated = excluded.updated",
            )?
            .execute(params![
                codec::environment(self.environment),
                self.user.as_str(),
                self.tenant(),
                preference.topic_id.as_str(),
                codec::json(preference)?,
                self.write.now.as_millis(),
            ])?;
        Ok(())
    }

    fn unset(&self, topic: &TopicId) -> Outcome<()> {
        self.sql
            .prepare_cached(
                "DELETE FROM preferences
                 WHERE environment = ?1 AND user_id = ?2 AND tenant_id = ?3 AND topic_id = ?4",
            )?
            .execute(params![
                codec::environment(self.environment),
                self.user.as_str(),
                self.tenant(),
                topic.as_str()
            ])?;
        Ok(())
    }

    fn log(&self, topic: &TopicId, before: Option<&StoredPreference>, after: Option<&StoredPreference>) -> Outcome<()> {
        self.sql
            .prepare_cached(
                "INSERT INTO preference_log
                     (environment, user_id, tenant_id, topic_id, at, source, before, after, message_id, mail_domain)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                codec::environment(self.environment),
                self.user.as_str(),
                self.tenant(),
                topic.as_str(),
                self.write.now.as_millis(),
                self.write.source,
                before.map(codec::json).transpose()?,
                after.map(codec::json).transpose()?,
                self.write.evidence.message_id,
                self.write.mail_domain_of(after),
            ])?;
        // What is gathered follows the rhythm that was chosen.
        let review = after_choice(self.environment, self.user, before, after);
        review.iter().try_for_each(|job| jobs::insert(self.sql, job))
    }
}
