//! Putting people on lists.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tidings_store::NewSubscription;
use tidings_types::{Environment, Timestamp};

use crate::codec::{self, column, try_column};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

/// Puts people on lists, making those if need be.
pub(super) struct Subscribe<'a> {
    environment: Environment,
    /// By list and person, which is the order in which rows are met, so that two never wait for each other.
    people: BTreeMap<(&'a str, String), NewSubscription>,
    /// The lists to be made.
    lists: Vec<&'a str>,
    /// Everybody else leaves this list.
    replaced: Option<&'a str>,
    now: Timestamp,
}

impl<'a> Subscribe<'a> {
    pub(super) fn new(
        environment: Environment,
        people: Vec<(&'a str, NewSubscription)>,
        replaced: Option<&'a str>,
        list: Option<&'a str>,
        now: Timestamp,
    ) -> Self {
        // Of two entries for one person the last one counts.
        let people: BTreeMap<_, _> = people
            .into_iter()
            .map(|(list, one)| ((list, one.user_id.to_string()), one))
            .collect();
        let mut lists: Vec<&str> = people.keys().map(|(list, _)| *list).chain(list).collect();
        lists.sort_unstable();
        lists.dedup();
        Self {
            environment,
            people,
            lists,
            replaced,
            now,
        }
    }
}

#[async_trait]
impl Operation for Subscribe<'_> {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        let environment = codec::environment(self.environment);
        let now = self.now.as_millis();
        sql.execute(
            "INSERT INTO lists AS l (environment, id, name, created, updated)
             SELECT $1, id, id, $3, $3 FROM unnest($2::text[]) AS new (id)
             ON CONFLICT (environment, id) DO UPDATE SET deleted = NULL, updated = excluded.updated
                 WHERE l.deleted IS NOT NULL",
            &[&environment, &self.lists, &now],
        )
        .await?;
        let people: Vec<(&&str, &NewSubscription)> = self.people.iter().map(|((list, _), one)| (list, one)).collect();
        if let Some(list) = self.replaced {
            sql.execute(
                "DELETE FROM subscriptions WHERE environment = $1 AND list_id = $2 AND user_id <> ALL($3::text[])",
                &[&environment, &list, &column(&people, |one| one.1.user_id.as_str())],
            )
            .await?;
        }
        sql.execute(
            "INSERT INTO subscriptions AS s (environment, list_id, user_id, preferences, created)
             SELECT $1, new.*, $5 FROM unnest($2::text[], $3::text[], $4::text[]) AS new
             ON CONFLICT (environment, list_id, user_id) DO UPDATE SET preferences = excluded.preferences
                 WHERE s.preferences IS DISTINCT FROM excluded.preferences",
            &[
                &environment,
                &column(&people, |one| *one.0),
                &column(&people, |one| one.1.user_id.as_str()),
                &try_column(&people, |one| one.1.preferences.as_ref().map(codec::json).transpose())?,
                &now,
            ],
        )
        .await?;
        Ok(())
    }
}
