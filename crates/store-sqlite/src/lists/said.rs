//! What people prefer for a list, in the preference log.

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_store::NewSubscription;
use tidings_store::lists::{By, changed_words};
use tidings_types::{Environment, Object, UserId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// A list that is being written.
pub(super) struct Place<'a> {
    pub(super) sql: &'a Connection,
    pub(super) environment: Environment,
    pub(super) list: &'a str,
    pub(super) by: By,
}

impl Place<'_> {
    /// What somebody prefers who is about to prefer something else; of who says nothing new it need not be known.
    pub(super) fn before(&self, one: &NewSubscription) -> Outcome<Option<Object>> {
        if one.preferences.is_none() {
            return Ok(None);
        }
        let said = self
            .sql
            .prepare_cached(
                "SELECT preferences FROM subscriptions WHERE environment = ?1 AND list_id = ?2 AND user_id = ?3",
            )?
            .query_row(
                params![codec::environment(self.environment), self.list, one.user_id.as_str()],
                |row| Cells::new(row).maybe_json(),
            )
            .optional()?;
        Ok(said.flatten())
    }

    /// Logs that somebody was written.
    pub(super) fn written(&self, one: &NewSubscription, before: Option<&Object>) -> Outcome<()> {
        match &one.preferences {
            None => Ok(()),
            after => self.log(self.list, &one.user_id, before, after.as_ref()),
        }
    }

    /// Logs what those of some subscriptions say no more who leave. `which` is a condition on them, and `?3` and `?4` in it
    /// are `values`.
    pub(super) fn leaving(&self, which: &str, values: [&dyn rusqlite::ToSql; 2]) -> Outcome<()> {
        let query = format!(
            "SELECT list_id, user_id, preferences FROM subscriptions
             WHERE environment = ?1 AND preferences IS NOT NULL AND (?2 IS NULL OR list_id = ?2) AND {which}"
        );
        let list = Some(self.list).filter(|list| !list.is_empty());
        let [third, fourth] = values;
        let gone = self
            .sql
            .prepare_cached(&query)?
            .query_map(
                params![codec::environment(self.environment), list, third, fourth],
                |row| {
                    let mut cells = Cells::new(row);
                    Ok((
                        cells.take::<String>()?,
                        UserId::from(cells.take::<String>()?),
                        cells.json::<Object>()?,
                    ))
                },
            )?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let mut gone = gone.iter();
        gone.try_for_each(|(list, user, said)| self.log(list, user, Some(said), None))
    }

    fn log(&self, list: &str, user: &UserId, before: Option<&Object>, after: Option<&Object>) -> Outcome<()> {
        for word in changed_words(before, after) {
            self.sql
                .prepare_cached(
                    "INSERT INTO preference_log (environment, user_id, tenant_id, topic_id, at, source, before, after, list_id)
                     VALUES (?1, ?2, '', ?3, ?4, ?5, ?6, ?7, ?8)",
                )?
                .execute(params![
                    codec::environment(self.environment),
                    user.as_str(),
                    word.topic_id.as_str(),
                    self.by.now.as_millis(),
                    self.by.source,
                    word.before.as_ref().map(codec::json).transpose()?,
                    word.after.as_ref().map(codec::json).transpose()?,
                    list,
                ])?;
        }
        Ok(())
    }
}
