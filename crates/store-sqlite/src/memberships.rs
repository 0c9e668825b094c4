//! Which people belong to which tenants.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use tidings_domain::audience::TENANTS_KEY;
use tidings_store::jobs::REVIEW_AUDIENCES;
use tidings_store::{Cursor, JobKey, Lane, Membership, Memberships, NewJob, NewMembership, Page, PageRequest};
use tidings_types::{Environment, Result, Timestamp, UserId};

use crate::SqliteStore;
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::jobs;

#[async_trait]
impl Memberships for SqliteStore {
    async fn put_memberships(&self, environment: Environment, new: Vec<NewMembership>, now: Timestamp) -> Result<()> {
        self.write(move |write| {
            for one in &new {
                join(write.sql, environment, one, now)?;
            }
            Ok(())
        })
        .await
    }

    async fn delete_membership(&self, environment: Environment, user: &UserId, tenant: &str) -> Result<bool> {
        let (user, tenant) = (user.clone(), tenant.to_owned());
        self.write(move |write| {
            let gone = write
                .sql
                .prepare_cached("DELETE FROM memberships WHERE environment = ?1 AND user_id = ?2 AND tenant_id = ?3")?
                .execute(params![codec::environment(environment), user.as_str(), tenant])?;
            review(write.sql, environment, user.as_str())?;
            Ok(gone > 0)
        })
        .await
    }

    async fn delete_memberships(&self, environment: Environment, user: &UserId) -> Result<()> {
        let user = user.clone();
        self.write(move |write| {
            write
                .sql
                .prepare_cached("DELETE FROM memberships WHERE environment = ?1 AND user_id = ?2")?
                .execute(params![codec::environment(environment), user.as_str()])?;
            review(write.sql, environment, user.as_str())
        })
        .await
    }

    async fn clear_tenant(&self, environment: Environment, tenant: &str, before: Timestamp, limit: u32) -> Result<u32> {
        let tenant = tenant.to_owned();
        self.write(move |write| {
            let gone = write
                .sql
                .prepare_cached(
                    "DELETE FROM memberships WHERE environment = ?1 AND tenant_id = ?2 AND user_id IN (
                         SELECT user_id FROM memberships
                         WHERE environment = ?1 AND tenant_id = ?2 AND created <= ?3 LIMIT ?4)
                     RETURNING user_id",
                )?
                .query_map(
                    params![codec::environment(environment), tenant, before.as_millis(), limit],
                    |row| row.get::<_, String>(0),
                )?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            for user in &gone {
                review(write.sql, environment, user)?;
            }
            Ok(u32::try_from(gone.len()).unwrap_or(u32::MAX))
        })
        .await
    }

    async fn membership(&self, environment: Environment, user: &UserId, tenant: &str) -> Result<Option<Membership>> {
        let (user, tenant) = (user.clone(), tenant.to_owned());
        self.read(move |sql| {
            Ok(sql
                .prepare_cached(
                    "SELECT user_id, tenant_id, profile, created FROM memberships
                     WHERE environment = ?1 AND user_id = ?2 AND tenant_id = ?3",
                )?
                .query_row(params![codec::environment(environment), user.as_str(), tenant], |row| {
                    membership(&mut Cells::new(row))
                })
                .optional()?)
        })
        .await
    }

    async fn memberships(
        &self,
        environment: Environment,
        user: &UserId,
        page: PageRequest,
    ) -> Result<Page<Membership>> {
        let user = user.clone();
        self.read(move |sql| {
            let query = "SELECT user_id, tenant_id, profile, created FROM memberships
                         WHERE environment = ?1 AND user_id = ?2 AND tenant_id > ?3 ORDER BY tenant_id LIMIT ?4";
            read_page(sql, query, environment, user.as_str(), &page, |one| &one.tenant_id)
        })
        .await
    }

    async fn members(&self, environment: Environment, tenant: &str, page: PageRequest) -> Result<Page<Membership>> {
        let tenant = tenant.to_owned();
        self.read(move |sql| {
            let query = "SELECT user_id, tenant_id, profile, created FROM memberships
                         WHERE environment = ?1 AND tenant_id = ?2 AND user_id > ?3 ORDER BY user_id LIMIT ?4";
            read_page(sql, query, environment, &tenant, &page, |one| one.user_id.as_str())
        })
        .await
    }

    async fn belonging(&self, environment: Environment, tenant: &str, users: Vec<UserId>) -> Result<Vec<UserId>> {
        let tenant = tenant.to_owned();
        self.read(move |sql| {
            let users: Vec<&str> = users.iter().map(UserId::as_str).collect();
            let found = sql
                .prepare_cached(
                    "SELECT user_id FROM memberships WHERE environment = ?1 AND tenant_id = ?2
                         AND user_id IN (SELECT value FROM json_each(?3))",
                )?
                .query_map(
                    params![codec::environment(environment), tenant, codec::json(&users)?],
                    |row| Ok(row.get::<_, String>(0)?.into()),
                )?
                .collect::<rusqlite::Result<_>>()?;
            Ok(found)
        })
        .await
    }

    async fn sole_tenants(&self, environment: Environment, users: Vec<UserId>) -> Result<Vec<(UserId, String)>> {
        self.read(move |sql| {
            let users: Vec<&str> = users.iter().map(UserId::as_str).collect();
            let found = sql
                .prepare_cached(
                    "SELECT user_id, MIN(tenant_id) FROM memberships
                     WHERE environment = ?1 AND user_id IN (SELECT value FROM json_each(?2))
                     GROUP BY user_id HAVING COUNT(*) = 1",
                )?
                .query_map(params![codec::environment(environment), codec::json(&users)?], |row| {
                    Ok((row.get::<_, String>(0)?.into(), row.get(1)?))
                })?
                .collect::<rusqlite::Result<_>>()?;
            Ok(found)
        })
        .await
    }
}

/// Has a person belong to a tenant.
pub(crate) fn join(sql: &Connection, environment: Environment, new: &NewMembership, now: Timestamp) -> Outcome<()> {
    put(sql, environment, new, now)?;
    review(sql, environment, new.user_id.as_str())
}

fn put(sql: &Connection, environment: Environment, new: &NewMembership, now: Timestamp) -> Outcome<()> {
    sql.prepare_cached(
        "INSERT INTO memberships AS m (environment, user_id, tenant_id, profile, created) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET profile = COALESCE(excluded.profile, m.profile), created = excluded.created",
    )?
    .execute(params![
        codec::environment(environment),
        new.user_id.as_str(),
        new.tenant_id,
        new.profile.as_ref().map(codec::json).transpose()?,
        now.as_millis()
    ])?;
    Ok(())
}

/// Asks that a person is looked at again, if any audience asks for tenants.
fn review(sql: &Connection, environment: Environment, user: &str) -> Outcome<()> {
    let environment_code = codec::environment(environment);
    let asked = sql
        .prepare_cached("SELECT 1 FROM audience_keys WHERE environment = ?1 AND key = ?2 LIMIT 1")?
        .exists(params![environment_code, TENANTS_KEY])?;
    if !asked {
        return Ok(());
    }
    jobs::insert(
        sql,
        &NewJob {
            name: JobKey::new(environment, REVIEW_AUDIENCES, user),
            lane: Lane::Normal,
            // At once, whatever the time is.
            due: Timestamp::default(),
            body: serde_json::Value::Null,
        },
    )
}

fn membership(cells: &mut Cells<'_>) -> rusqlite::Result<Membership> {
    Ok(Membership {
        user_id: cells.take::<String>()?.into(),
        tenant_id: cells.take()?,
        profile: cells.maybe_json()?,
        created: cells.moment()?,
    })
}

fn read_page(
    sql: &Connection,
    query: &str,
    environment: Environment,
    of: &str,
    page: &PageRequest,
    key: impl Fn(&Membership) -> &str,
) -> Outcome<Page<Membership>> {
    let after = page.after.as_ref().map_or("", |after| after.id.as_str());
    let rows = sql
        .prepare_cached(query)?
        .query_map(
            params![codec::environment(environment), of, after, i64::from(page.limit) + 1],
            |row| membership(&mut Cells::new(row)),
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: 0,
        id: key(last).to_owned(),
    }))
}
