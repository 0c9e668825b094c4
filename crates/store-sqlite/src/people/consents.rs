//! The consent ledger, and forgetting people who leave proof in it.

use rusqlite::{Connection, params};
use tidings_store::PreferenceWrite;
use tidings_types::consent::{Consent, ConsentAction};
use tidings_types::{Environment, Timestamp, TopicId, UserId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// A person's lines, oldest first.
pub(super) fn of_user(sql: &Connection, environment: Environment, user: &UserId) -> Outcome<Vec<Consent>> {
    let rows = sql
        .prepare_cached(
            "SELECT topic_id, tenant_id, action, at, source, wording, message_id FROM consents
             WHERE environment = ?1 AND user_id = ?2 ORDER BY number",
        )?
        .query_map(params![codec::environment(environment), user.as_str()], |row| {
            let mut cells = Cells::new(row);
            Ok(Consent {
                topic_id: TopicId::from(cells.take::<String>()?),
                tenant_id: Some(cells.take::<String>()?).filter(|tenant| !tenant.is_empty()),
                action: cells.name(ConsentAction::parse)?,
                at: cells.moment()?,
                source: cells.take()?,
                wording: cells.take()?,
                message_id: cells.take()?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// How many lines a person has.
pub(super) fn count(sql: &Connection, environment: Environment, user: &UserId) -> Outcome<u64> {
    let count: i64 = sql
        .prepare_cached("SELECT COUNT(*) FROM consents WHERE environment = ?1 AND user_id = ?2")?
        .query_row(params![codec::environment(environment), user.as_str()], |row| {
            row.get(0)
        })?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Writes the lines that go with a change.
pub(super) fn append(
    sql: &Connection,
    environment: Environment,
    user: &UserId,
    write: &PreferenceWrite,
) -> Outcome<()> {
    let mut lines = write.consents.iter();
    lines.try_for_each(|line| insert(sql, environment, user, line))
}

fn insert(sql: &Connection, environment: Environment, user: &UserId, line: &Consent) -> Outcome<()> {
    sql.prepare_cached(
        "INSERT INTO consents (environment, user_id, topic_id, tenant_id, action, at, source, wording, message_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        codec::environment(environment),
        user.as_str(),
        line.topic_id.as_str(),
        line.tenant_id.as_deref().unwrap_or_default(),
        line.action.as_str(),
        line.at.as_millis(),
        line.source,
        line.wording,
        line.message_id,
    ])?;
    Ok(())
}

/// Forgets what a person said; see [`tidings_store::People::erase_preferences`].
pub(crate) fn erase(
    sql: &Connection,
    environment: Environment,
    user: &UserId,
    pseudonym: &UserId,
    now: Timestamp,
) -> Outcome<u64> {
    let place = codec::environment(environment);
    for statement in [
        "DELETE FROM preferences WHERE environment = ?1 AND user_id = ?2",
        "DELETE FROM link_revocations WHERE environment = ?1 AND user_id = ?2",
        "DELETE FROM sends WHERE environment = ?1 AND user_id = ?2",
    ] {
        sql.prepare_cached(statement)?.execute(params![place, user.as_str()])?;
    }
    sql.prepare_cached(
        "UPDATE preference_log SET user_id = ?3, message_id = NULL, mail_domain = NULL
         WHERE environment = ?1 AND user_id = ?2",
    )?
    .execute(params![place, user.as_str(), pseudonym.as_str()])?;
    let stay = sql
        .prepare_cached("UPDATE consents SET user_id = ?3, message_id = NULL WHERE environment = ?1 AND user_id = ?2")?
        .execute(params![place, user.as_str(), pseudonym.as_str()])?;
    insert(sql, environment, pseudonym, &Consent::erased(now))?;
    Ok(u64::try_from(stay).unwrap_or(0) + 1)
}
