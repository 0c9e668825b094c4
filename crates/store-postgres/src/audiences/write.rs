//! Changing audiences.

use async_trait::async_trait;
use tidings_store::webhooks::audience_membership;
use tidings_store::{Audience, AudienceWrite, NewJob};
use tidings_types::{Environment, Timestamp, UserId};

use super::news;
use super::read::{AUDIENCE, audience_row};
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::jobs;
use crate::sql::Sql;
use crate::transaction::Operation;

/// Makes or changes an audience.
pub(super) struct Put {
    pub(super) environment: Environment,
    pub(super) write: AudienceWrite,
}

#[async_trait]
impl Operation for Put {
    type Output = Audience;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Audience> {
        let new = &self.write;
        let environment = codec::environment(self.environment);
        let query = format!("SELECT {AUDIENCE} FROM audiences AS a WHERE a.environment = $1 AND a.id = $2 FOR UPDATE");
        let before = sql.row(&query, &[&environment, &new.id]).await?;
        let before = before.as_ref().map(audience_row).transpose()?;
        let first = first_version(sql, self.environment, &new.id).await?;
        let audience = after(before.as_ref(), new, first);
        sql.execute(
            "INSERT INTO audiences (environment, id, name, description, filter, operator, version, created, updated)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (environment, id) DO UPDATE SET name = excluded.name, description = excluded.description,
                 filter = excluded.filter, operator = excluded.operator, version = excluded.version,
                 updated = excluded.updated",
            &[
                &environment,
                &audience.id,
                &audience.name,
                &audience.description,
                &audience.filter.as_ref().map(codec::json).transpose()?,
                &audience.operator,
                &audience.version,
                &audience.created.as_millis(),
                &audience.updated.as_millis(),
            ],
        )
        .await?;
        if before.is_none_or(|before| before.version != audience.version) {
            set_keys(sql, self.environment, &new.id, &new.keys).await?;
            jobs::enqueue(sql, [&new.rebuild]).await?;
        }
        news::updated(sql, self.environment, &audience, new.now).await?;
        Ok(audience)
    }
}

/// The version an audience begins with: 1, or later than what is left of an earlier one by its id.
async fn first_version(sql: &Sql<'_>, environment: Environment, id: &str) -> Outcome<i64> {
    let found = sql
        .row(
            "SELECT COALESCE(MAX(version), 0) + 1 FROM audience_members WHERE environment = $1 AND audience_id = $2
                 AND NOT EXISTS (SELECT 1 FROM audiences WHERE environment = $1 AND id = $2)",
            &[&codec::environment(environment), &id],
        )
        .await?;
    found.as_ref().map_or(Ok(1), |row| Cells::new(row).take())
}

/// The audience as it is after a write.
fn after(before: Option<&Audience>, new: &AudienceWrite, first: i64) -> Audience {
    let Some(before) = before else {
        return Audience {
            id: new.id.clone(),
            name: new.name.clone().unwrap_or_else(|| new.id.clone()),
            description: new.description.clone().unwrap_or_default(),
            filter: new.filter.clone(),
            operator: new.operator.clone(),
            version: first,
            created: new.now,
            updated: new.now,
        };
    };
    let mut audience = Audience {
        name: new.name.clone().unwrap_or_else(|| before.name.clone()),
        description: new.description.clone().unwrap_or_else(|| before.description.clone()),
        updated: new.now,
        ..before.clone()
    };
    if new.filter.is_some() && (new.filter != before.filter || new.operator != before.operator) {
        audience.filter.clone_from(&new.filter);
        audience.operator.clone_from(&new.operator);
        audience.version += 1;
    }
    audience
}

async fn set_keys(sql: &Sql<'_>, environment: Environment, id: &str, keys: &[String]) -> Outcome<()> {
    let environment = codec::environment(environment);
    sql.execute(
        "DELETE FROM audience_keys WHERE environment = $1 AND audience_id = $2",
        &[&environment, &id],
    )
    .await?;
    sql.execute(
        "INSERT INTO audience_keys (environment, key, audience_id) SELECT $1, key, $3 FROM unnest($2::text[]) AS n (key)
         ON CONFLICT DO NOTHING",
        &[&environment, &keys, &id],
    )
    .await?;
    Ok(())
}

/// Deletes an audience; comes to whether there was one.
pub(super) struct Delete<'a> {
    pub(super) environment: Environment,
    pub(super) id: &'a str,
    pub(super) rebuild: NewJob,
}

#[async_trait]
impl Operation for Delete<'_> {
    type Output = bool;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<bool> {
        let gone = sql
            .execute(
                "DELETE FROM audiences WHERE environment = $1 AND id = $2",
                &[&codec::environment(self.environment), &self.id],
            )
            .await?;
        if gone > 0 {
            set_keys(sql, self.environment, self.id, &[]).await?;
            jobs::enqueue(sql, [&self.rebuild]).await?;
        }
        Ok(gone > 0)
    }
}

/// Takes away members who passed an earlier version of the filter; comes to how many.
pub(super) struct Sweep<'a> {
    pub(super) environment: Environment,
    pub(super) id: &'a str,
    pub(super) now: Timestamp,
    pub(super) limit: u32,
}

#[async_trait]
impl Operation for Sweep<'_> {
    type Output = u32;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<u32> {
        let environment = codec::environment(self.environment);
        let rows = sql
            .rows(
                "DELETE FROM audience_members WHERE environment = $1 AND audience_id = $2 AND user_id IN (
                     SELECT user_id FROM audience_members WHERE environment = $1 AND audience_id = $2 AND version <>
                         COALESCE((SELECT version FROM audiences WHERE environment = $1 AND id = $2), -1)
                     LIMIT $3)
                 RETURNING user_id, (SELECT version FROM audiences WHERE environment = $1 AND id = $2)",
                &[&environment, &self.id, &i64::from(self.limit)],
            )
            .await?;
        let mut changes = Vec::new();
        for row in &rows {
            let mut cells = Cells::new(row);
            let user = UserId::from(cells.take::<String>()?);
            // Nobody is told who belonged to an audience that is no more.
            if let Some(version) = cells.take::<Option<i64>>()? {
                let of = (self.id, version);
                changes.push(audience_membership(self.environment, of, &user, None, self.now));
            }
        }
        news::members(sql, self.environment, &changes).await?;
        Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
    }
}
