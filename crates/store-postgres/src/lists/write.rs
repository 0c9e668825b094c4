//! Putting people on lists.

use std::collections::{BTreeMap, HashSet};

use async_trait::async_trait;
use tidings_store::NewSubscription;
use tidings_store::lists::By;
use tidings_types::{Environment, Timestamp};

use super::said;
use crate::codec::{self, Cells, column, try_column};
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
    by: By,
}

impl<'a> Subscribe<'a> {
    pub(super) fn new(
        environment: Environment,
        people: Vec<(&'a str, NewSubscription)>,
        replaced: Option<&'a str>,
        list: Option<&'a str>,
        by: By,
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
            by,
        }
    }
}

#[async_trait]
impl Operation for Subscribe<'_> {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        let environment = codec::environment(self.environment);
        make(sql, self.environment, &self.lists, self.by.now).await?;
        if let Some(list) = self.replaced {
            // Fills that are under way write nothing any more.
            sql.execute(
                "UPDATE lists SET voided = fills WHERE environment = $1 AND id = $2 AND voided <> fills",
                &[&environment, &list],
            )
            .await?;
            let staying: Vec<&str> = self.people.values().map(|one| one.user_id.as_str()).collect();
            let gone = sql
                .rows(
                    "WITH gone AS (
                         DELETE FROM subscriptions
                         WHERE environment = $1 AND list_id = $2 AND user_id <> ALL($3::text[])
                         RETURNING list_id, user_id, preferences)
                     SELECT * FROM gone WHERE preferences IS NOT NULL",
                    &[&environment, &list, &staying],
                )
                .await?;
            said::log_gone(sql, self.environment, &said::said(&gone)?, self.by).await?;
        }
        let rows = People {
            environment: self.environment,
            each: &self.people,
            fill: None,
            by: self.by,
        };
        rows.write(sql).await
    }
}

/// Makes lists that are not there, each named by its id, and brings deleted ones back. All their rows are held.
pub(super) async fn make(sql: &Sql<'_>, environment: Environment, lists: &[&str], now: Timestamp) -> Outcome<()> {
    sql.execute(
        "INSERT INTO lists AS l (environment, id, name, created, updated)
         SELECT $1, id, id, $3, $3 FROM unnest($2::text[]) AS new (id)
         ON CONFLICT (environment, id) DO UPDATE SET deleted = NULL, updated = excluded.updated
             WHERE l.deleted IS NOT NULL",
        &[&codec::environment(environment), &lists, &now.as_millis()],
    )
    .await?;
    Ok(())
}

/// People to be written.
pub(super) struct People<'a> {
    pub(super) environment: Environment,
    pub(super) each: &'a BTreeMap<(&'a str, String), NewSubscription>,
    /// The fill that writes them, which leaves alone what is newer; none is newer than all fills.
    pub(super) fill: Option<i64>,
    pub(super) by: By,
}

impl People<'_> {
    pub(super) async fn write(&self, sql: &Sql<'_>) -> Outcome<()> {
        let all = || self.each.iter().map(|((list, _), one)| (*list, one));
        let silent: Vec<_> = all().filter(|one| one.1.preferences.is_none()).collect();
        let speaking: Vec<_> = all().filter(|one| one.1.preferences.is_some()).collect();
        self.rows(sql, &silent, "s.preferences").await?;
        let names: Vec<_> = speaking
            .iter()
            .map(|(list, one)| (*list, one.user_id.as_str()))
            .collect();
        let before = said::before(sql, self.environment, &names).await?;
        let written = self.rows(sql, &speaking, "excluded.preferences").await?;
        let changes: Vec<_> = speaking
            .iter()
            .map(|(list, one)| ((*list).to_owned(), one.user_id.to_string(), one.preferences.as_ref()))
            .filter(|(list, user, _)| written.contains(&(list.clone(), user.clone())))
            .collect();
        let changes: Vec<_> = changes
            .iter()
            .map(|(list, user, after)| {
                let before = before.get(&(list.clone(), user.clone()));
                (list.as_str(), user.as_str(), before, *after)
            })
            .collect();
        said::log(sql, self.environment, &changes, self.by).await
    }

    /// Writes rows; `preferences` is what those have afterwards who are there already. Comes to who was written.
    async fn rows(
        &self,
        sql: &Sql<'_>,
        people: &[(&str, &NewSubscription)],
        preferences: &str,
    ) -> Outcome<HashSet<(String, String)>> {
        if people.is_empty() {
            return Ok(HashSet::new());
        }
        let query = format!(
            "INSERT INTO subscriptions AS s (environment, list_id, user_id, preferences, created, fill)
             SELECT $1, new.list_id, new.user_id, new.preferences, $5, COALESCE($6, l.fills)
             FROM unnest($2::text[], $3::text[], $4::text[]) AS new (list_id, user_id, preferences)
             JOIN lists AS l ON l.environment = $1 AND l.id = new.list_id
             WHERE $6 IS NULL OR NOT EXISTS (
                 SELECT 1 FROM list_leavers AS gone WHERE gone.environment = $1 AND gone.list_id = new.list_id
                     AND gone.user_id = new.user_id AND gone.fill >= $6)
             ORDER BY new.list_id, new.user_id
             ON CONFLICT (environment, list_id, user_id)
             DO UPDATE SET preferences = {preferences}, fill = excluded.fill
                 WHERE s.fill < excluded.fill
                     OR ($6 IS NULL AND s.preferences IS DISTINCT FROM {preferences})
             RETURNING s.list_id, s.user_id"
        );
        let preferences = |one: &(&str, &NewSubscription)| -> Outcome<Option<String>> {
            let said = one.1.preferences.as_ref().filter(|said| !said.is_empty());
            said.map(codec::json).transpose()
        };
        let rows = sql
            .rows(
                &query,
                &[
                    &codec::environment(self.environment),
                    &column(people, |one| one.0),
                    &column(people, |one| one.1.user_id.as_str()),
                    &try_column(people, preferences)?,
                    &self.by.now.as_millis(),
                    &self.fill,
                ],
            )
            .await?;
        let read = |row: &tokio_postgres::Row| {
            let mut cells = Cells::new(row);
            Ok((cells.take()?, cells.take()?))
        };
        rows.iter().map(read).collect()
    }
}
