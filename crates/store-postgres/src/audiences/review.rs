//! Looking at people: whether they pass an audience's filter, and writing down what that came to.
//!
//! Whoever changes an audience's filter holds its row, and whoever looks at people for it shares it: so a profile that
//! changes meanwhile is judged by the filter before and again by the rebuilding that follows, or by the one after.

use async_trait::async_trait;
use tidings_domain::audience::{Filter, NOTHING_KEY, Subject, TENANTS_KEY};
use tidings_store::webhooks::audience_membership;
use tidings_store::{Audience, NewJob};
use tidings_types::{Environment, Error, Object, Timestamp, UserId};

use super::news;
use super::read::{AUDIENCE, audience_row};
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::sql::{Parameter, Sql};
use crate::transaction::Operation;

/// A profile changed, came or went: the audiences that look at something that differs look at the person again.
pub(crate) async fn profile(
    sql: &Sql<'_>,
    environment: Environment,
    user: &UserId,
    before: Option<&Object>,
    after: Option<&Object>,
    now: Timestamp,
) -> Outcome<()> {
    let empty = Object::new();
    let (old, new) = (before.unwrap_or(&empty), after.unwrap_or(&empty));
    let keys: Vec<&str> = old
        .keys()
        .chain(new.keys().filter(|key| !old.contains_key(*key)))
        .filter(|key| old.get(*key) != new.get(*key) && !key.contains('\0'))
        .map(String::as_str)
        .collect();
    let came_or_went = before.is_some() != after.is_some();
    if keys.is_empty() && !came_or_went {
        return Ok(());
    }
    // Who comes or goes is of interest to those, too, that may hold on nothing.
    let keys: Vec<&str> = keys.into_iter().chain(came_or_went.then_some(NOTHING_KEY)).collect();
    let query = format!(
        "SELECT {AUDIENCE} FROM audiences AS a WHERE a.environment = $1 AND a.id IN (
             SELECT audience_id FROM audience_keys WHERE environment = $1 AND key = ANY($2::text[]))
         ORDER BY a.id FOR SHARE"
    );
    let environment_code = codec::environment(environment);
    let audiences = select(sql, &query, &[&environment_code, &keys]).await?;
    if audiences.is_empty() {
        return Ok(());
    }
    let tenants = tenants(sql, environment, user).await?;
    let mut changes = Vec::new();
    for audience in audiences {
        let Some(filter) = filter(&audience)? else { continue };
        if came_or_went || filter.differs(old, new) {
            let verdict = verdict(Some(&filter), after, &tenants);
            changes.extend(judge(sql, environment, &audience, user, verdict, now).await?);
        }
    }
    news::members(sql, environment, &changes).await
}

/// Looks at one person for the audiences whose filters ask for a key.
pub(super) struct Person<'a> {
    pub(super) environment: Environment,
    pub(super) user: &'a UserId,
    pub(super) key: &'a str,
    pub(super) now: Timestamp,
}

#[async_trait]
impl Operation for Person<'_> {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        crate::people::lock(sql, self.environment, self.user).await?;
        let environment = codec::environment(self.environment);
        let query = format!(
            "SELECT {AUDIENCE} FROM audiences AS a WHERE a.environment = $1 AND a.id IN (
                 SELECT audience_id FROM audience_keys WHERE environment = $1 AND key = $2)
             ORDER BY a.id FOR SHARE"
        );
        let audiences = select(sql, &query, &[&environment, &self.key]).await?;
        let tenants = tenants(sql, self.environment, self.user).await?;
        let row = sql
            .row(
                "SELECT body FROM profiles WHERE environment = $1 AND user_id = $2",
                &[&environment, &self.user.as_str()],
            )
            .await?;
        let profile: Option<Object> = row.map(|row| Cells::new(&row).json()).transpose()?;
        let mut changes = Vec::new();
        for audience in audiences {
            let filter = filter(&audience)?;
            let verdict = verdict(filter.as_ref(), profile.as_ref(), &tenants);
            changes.extend(judge(sql, self.environment, &audience, self.user, verdict, self.now).await?);
        }
        news::members(sql, self.environment, &changes).await
    }
}

/// Looks at a page of people for one audience. Comes to the last one, unless there are no more.
pub(super) struct PageOf<'a> {
    pub(super) environment: Environment,
    pub(super) id: &'a str,
    pub(super) after: Option<&'a UserId>,
    pub(super) now: Timestamp,
    pub(super) limit: u32,
}

#[async_trait]
impl Operation for PageOf<'_> {
    type Output = Option<UserId>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Option<UserId>> {
        let environment = codec::environment(self.environment);
        let query = format!("SELECT {AUDIENCE} FROM audiences AS a WHERE a.environment = $1 AND a.id = $2 FOR SHARE");
        let Some(audience) = select(sql, &query, &[&environment, &self.id]).await?.pop() else {
            return Ok(None);
        };
        let Some(filter) = filter(&audience)? else {
            return Ok(None);
        };
        let asks_for_tenants = filter.keys().iter().any(|key| key == TENANTS_KEY);
        // Held, so that a change of one of them comes after this.
        let rows = sql
            .rows(
                "SELECT user_id, body FROM profiles WHERE environment = $1 AND user_id > $2 ORDER BY user_id LIMIT $3
                 FOR UPDATE",
                &[
                    &environment,
                    &self.after.map_or("", UserId::as_str),
                    &i64::from(self.limit),
                ],
            )
            .await?;
        let (mut last, mut changes) = (None, Vec::new());
        for row in &rows {
            let mut cells = Cells::new(row);
            let user = UserId::from(cells.take::<String>()?);
            let profile: Object = cells.json()?;
            let tenants = if asks_for_tenants {
                tenants(sql, self.environment, &user).await?
            } else {
                Vec::new()
            };
            let verdict = verdict(Some(&filter), Some(&profile), &tenants);
            changes.extend(judge(sql, self.environment, &audience, &user, verdict, self.now).await?);
            last = Some(user);
        }
        news::members(sql, self.environment, &changes).await?;
        let full = rows.len() >= usize::try_from(self.limit).unwrap_or(usize::MAX);
        Ok(last.filter(|_| full))
    }
}

async fn select(sql: &Sql<'_>, query: &str, parameters: &[Parameter<'_>]) -> Outcome<Vec<Audience>> {
    let rows = sql.rows(query, parameters).await?;
    rows.iter().map(audience_row).collect()
}

/// An audience's filter; it was checked when it was written.
fn filter(audience: &Audience) -> Outcome<Option<Filter>> {
    let parse = |filter| Filter::parse(filter, audience.operator.as_deref()).map_err(Error::internal);
    Ok(audience.filter.as_ref().map(parse).transpose()?)
}

async fn tenants(sql: &Sql<'_>, environment: Environment, user: &UserId) -> Outcome<Vec<String>> {
    let rows = sql
        .rows(
            "SELECT tenant_id FROM memberships WHERE environment = $1 AND user_id = $2",
            &[&codec::environment(environment), &user.as_str()],
        )
        .await?;
    rows.iter().map(|row| Cells::new(row).take()).collect()
}

/// Why a person passes, if they do. Who has no profile belongs nowhere.
fn verdict(filter: Option<&Filter>, profile: Option<&Object>, tenants: &[String]) -> Option<String> {
    let (filter, profile) = filter.zip(profile)?;
    let passed = filter.evaluate(&Subject { profile, tenants })?;
    Some(passed.reason)
}

/// Writes whether a person belongs, and what is told of it when that changes.
async fn judge(
    sql: &Sql<'_>,
    environment: Environment,
    audience: &Audience,
    user: &UserId,
    reason: Option<String>,
    now: Timestamp,
) -> Outcome<Option<NewJob>> {
    let code = codec::environment(environment);
    let changed = if let Some(reason) = &reason {
        // A row that was not there has never been changed by anyone.
        let row = sql
            .row(
                "INSERT INTO audience_members AS m (environment, audience_id, user_id, version, added, reason)
                     VALUES ($1, $2, $3, $4, $5, $6)
                     ON CONFLICT (environment, audience_id, user_id)
                     DO UPDATE SET version = excluded.version, reason = excluded.reason
                     RETURNING m.xmax = 0",
                &[
                    &code,
                    &audience.id,
                    &user.as_str(),
                    &audience.version,
                    &now.as_millis(),
                    &codec::lenient(reason).as_ref(),
                ],
            )
            .await?;
        row.map(|row| Cells::new(&row).take()).transpose()?.unwrap_or(false)
    } else {
        let gone = sql
            .execute(
                "DELETE FROM audience_members WHERE environment = $1 AND audience_id = $2 AND user_id = $3",
                &[&code, &audience.id, &user.as_str()],
            )
            .await?;
        gone > 0
    };
    let of = (audience.id.as_str(), audience.version);
    Ok(changed.then(|| audience_membership(environment, of, user, reason.as_deref(), now)))
}
