//! Looking at people: whether they pass an audience's filter, and writing down what that came to.

use rusqlite::{Connection, params};
use tidings_domain::audience::{Filter, NOTHING_KEY, Subject};
use tidings_store::webhooks::audience_membership;
use tidings_store::{Audience, NewJob};
use tidings_types::{Environment, Error, Object, Timestamp, UserId};

use super::news;
use super::read::{self, AUDIENCE, row};
use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// A profile changed, came or went: the audiences that look at something that differs look at the person again.
pub(crate) fn profile(
    sql: &Connection,
    environment: Environment,
    user: &UserId,
    before: Option<&Object>,
    after: Option<&Object>,
    now: Timestamp,
) -> Outcome<()> {
    let empty = Object::new();
    let (old, new) = (before.unwrap_or(&empty), after.unwrap_or(&empty));
    let keys: Vec<&String> = old
        .keys()
        .chain(new.keys().filter(|key| !old.contains_key(*key)))
        .filter(|key| old.get(*key) != new.get(*key))
        .collect();
    let came_or_went = before.is_some() != after.is_some();
    if keys.is_empty() && !came_or_went {
        return Ok(());
    }
    // Who comes or goes is of interest to those, too, that may hold on nothing.
    let keys: Vec<&str> = keys
        .into_iter()
        .map(String::as_str)
        .chain(came_or_went.then_some(NOTHING_KEY))
        .collect();
    let query = format!(
        "SELECT {AUDIENCE} FROM audiences AS a WHERE a.environment = ?1 AND a.id IN (
             SELECT audience_id FROM audience_keys
             WHERE environment = ?1 AND key IN (SELECT value FROM json_each(?2)))
         ORDER BY a.id"
    );
    let audiences = select(sql, &query, environment, &codec::json(&keys)?)?;
    if audiences.is_empty() {
        return Ok(());
    }
    let tenants = tenants(sql, environment, user)?;
    let mut changes = Vec::new();
    for audience in audiences {
        let Some(filter) = filter(&audience)? else { continue };
        if came_or_went || filter.differs(old, new) {
            let change = judge(sql, environment, &audience, Some(&filter), user, after, &tenants, now)?;
            changes.extend(change);
        }
    }
    news::members(sql, environment, &changes)
}

/// Looks at one person for the audiences whose filters ask for a key.
pub(super) fn person(
    sql: &Connection,
    environment: Environment,
    user: &UserId,
    key: &str,
    now: Timestamp,
) -> Outcome<()> {
    let query = format!(
        "SELECT {AUDIENCE} FROM audiences AS a WHERE a.environment = ?1 AND a.id IN (
             SELECT audience_id FROM audience_keys WHERE environment = ?1 AND key = ?2)
         ORDER BY a.id"
    );
    let tenants = tenants(sql, environment, user)?;
    let profile = crate::people::profiles::profile(sql, environment, user)?;
    let mut changes = Vec::new();
    for audience in select(sql, &query, environment, key)? {
        let filter = filter(&audience)?;
        changes.extend(judge(
            sql,
            environment,
            &audience,
            filter.as_ref(),
            user,
            profile.as_ref(),
            &tenants,
            now,
        )?);
    }
    news::members(sql, environment, &changes)
}

/// Looks at a page of people for one audience. Comes to the last one, unless there are no more.
pub(super) fn page(
    sql: &Connection,
    environment: Environment,
    id: &str,
    after: Option<&UserId>,
    now: Timestamp,
    limit: u32,
) -> Outcome<Option<UserId>> {
    let Some(audience) = read::audience(sql, environment, id)? else {
        return Ok(None);
    };
    let Some(filter) = filter(&audience)? else {
        return Ok(None);
    };
    let asks_for_tenants = filter
        .keys()
        .iter()
        .any(|key| key == tidings_domain::audience::TENANTS_KEY);
    let people: Vec<(UserId, Object)> = sql
        .prepare_cached(
            "SELECT user_id, body FROM profiles WHERE environment = ?1 AND user_id > ?2 ORDER BY user_id LIMIT ?3",
        )?
        .query_map(
            params![codec::environment(environment), after.map_or("", UserId::as_str), limit],
            |found| {
                let mut cells = Cells::new(found);
                Ok((cells.take::<String>()?.into(), cells.json()?))
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    let mut changes = Vec::new();
    for (user, profile) in &people {
        let tenants = if asks_for_tenants {
            tenants(sql, environment, user)?
        } else {
            Vec::new()
        };
        changes.extend(judge(
            sql,
            environment,
            &audience,
            Some(&filter),
            user,
            Some(profile),
            &tenants,
            now,
        )?);
    }
    news::members(sql, environment, &changes)?;
    let full = people.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(people.into_iter().next_back().map(|(user, _)| user).filter(|_| full))
}

fn select(sql: &Connection, query: &str, environment: Environment, keys: &str) -> Outcome<Vec<Audience>> {
    let found = sql
        .prepare_cached(query)?
        .query_map(params![codec::environment(environment), keys], |found| {
            row(&mut Cells::new(found))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// An audience's filter; it was checked when it was written.
fn filter(audience: &Audience) -> Outcome<Option<Filter>> {
    let parse = |filter| Filter::parse(filter, audience.operator.as_deref()).map_err(Error::internal);
    Ok(audience.filter.as_ref().map(parse).transpose()?)
}

fn tenants(sql: &Connection, environment: Environment, user: &UserId) -> Outcome<Vec<String>> {
    let tenants = sql
        .prepare_cached("SELECT tenant_id FROM memberships WHERE environment = ?1 AND user_id = ?2")?
        .query_map(params![codec::environment(environment), user.as_str()], |found| {
            found.get(0)
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(tenants)
}

/// Writes whether a person belongs, and what is told of it when that changes. Who has no profile belongs nowhere.
#[expect(
    clippy::too_many_arguments,
    reason = "each of them is another thing the row is made of"
)]
fn judge(
    sql: &Connection,
    environment: Environment,
    audience: &Audience,
    filter: Option<&Filter>,
    user: &UserId,
    profile: Option<&Object>,
    tenants: &[String],
    now: Timestamp,
) -> Outcome<Option<NewJob>> {
    let passed = filter
        .zip(profile)
        .and_then(|(filter, profile)| filter.evaluate(&Subject { profile, tenants }));
    let key = params![codec::environment(environment), audience.id, user.as_str()];
    let belonged = sql
        .prepare_cached("SELECT 1 FROM audience_members WHERE environment = ?1 AND audience_id = ?2 AND user_id = ?3")?
        .exists(key)?;
    match &passed {
        Some(passed) => sql
            .prepare_cached(
                "INSERT INTO audience_members (environment, audience_id, user_id, version, added, reason)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET version = excluded.version, reason = excluded.reason",
            )?
            .execute(params![
                codec::environment(environment),
                audience.id,
                user.as_str(),
                audience.version,
                now.as_millis(),
                passed.reason
            ])?,
        None if belonged => sql
            .prepare_cached(
                "DELETE FROM audience_members WHERE environment = ?1 AND audience_id = ?2 AND user_id = ?3",
            )?
            .execute(key)?,
        None => 0,
    };
    let reason = passed.as_ref().map(|passed| passed.reason.as_str());
    let of = (audience.id.as_str(), audience.version);
    Ok((belonged != passed.is_some()).then(|| audience_membership(environment, of, user, reason, now)))
}
