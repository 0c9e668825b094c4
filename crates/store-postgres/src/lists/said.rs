//! What people prefer for a list, in the preference log.

use std::collections::BTreeMap;

use tidings_store::lists::{By, ListWord, changed_words};
use tidings_types::{Environment, Object};
use tokio_postgres::Row;

use crate::codec::{self, Cells, column, try_column};
use crate::fault::Outcome;
use crate::sql::Sql;

/// What was preferred, by list and person.
pub(super) type Said = BTreeMap<(String, String), Object>;

/// What these people, by list and id, prefer before they are written. The lists' rows are held, so it stays so.
pub(super) async fn before(sql: &Sql<'_>, environment: Environment, people: &[(&str, &str)]) -> Outcome<Said> {
    if people.is_empty() {
        return Ok(Said::new());
    }
    let rows = sql
        .rows(
            "SELECT s.list_id, s.user_id, s.preferences FROM subscriptions AS s
             JOIN unnest($2::text[], $3::text[]) AS new (list_id, user_id)
                 ON s.list_id = new.list_id AND s.user_id = new.user_id
             WHERE s.environment = $1 AND s.preferences IS NOT NULL",
            &[
                &codec::environment(environment),
                &column(people, |one| one.0),
                &column(people, |one| one.1),
            ],
        )
        .await?;
    said(&rows)
}

/// Rows of `list_id, user_id, preferences`.
pub(super) fn said(rows: &[Row]) -> Outcome<Said> {
    let read = |row: &Row| {
        let mut cells = Cells::new(row);
        Ok(((cells.take()?, cells.take()?), cells.json()?))
    };
    rows.iter().map(read).collect()
}

/// Logs what somebody said of a list, by list and person, before and since.
pub(super) async fn log(
    sql: &Sql<'_>,
    environment: Environment,
    changes: &[(&str, &str, Option<&Object>, Option<&Object>)],
    by: By,
) -> Outcome<()> {
    let lines: Vec<(&str, &str, ListWord)> = changes
        .iter()
        .flat_map(|(list, user, before, after)| {
            let words = changed_words(*before, *after).into_iter();
            words.map(|word| (*list, *user, word))
        })
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    sql.execute(
        "INSERT INTO preference_log (environment, tenant_id, at, source, list_id, user_id, topic_id, before, after)
         SELECT $1, '', $2, $3, * FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[])",
        &[
            &codec::environment(environment),
            &by.now.as_millis(),
            &by.source,
            &column(&lines, |line| line.0),
            &column(&lines, |line| line.1),
            &column(&lines, |line| line.2.topic_id.as_str()),
            &try_column(&lines, |line| line.2.before.as_ref().map(codec::json).transpose())?,
            &try_column(&lines, |line| line.2.after.as_ref().map(codec::json).transpose())?,
        ],
    )
    .await?;
    Ok(())
}

/// Logs that these say nothing of their lists any more.
pub(super) async fn log_gone(sql: &Sql<'_>, environment: Environment, gone: &Said, by: By) -> Outcome<()> {
    let changes: Vec<_> = gone
        .iter()
        .map(|((list, user), said)| (list.as_str(), user.as_str(), Some(said), None))
        .collect();
    log(sql, environment, &changes, by).await
}
