//! Which people belong to which tenants.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tidings_domain::audience::TENANTS_KEY;
use tidings_store::jobs::REVIEW_AUDIENCES;
use tidings_store::{Cursor, JobKey, Lane, Membership, Memberships, NewJob, NewMembership, Page, PageRequest};
use tidings_types::{Environment, Result, Timestamp, UserId};
use tokio_postgres::Row;

use crate::PostgresStore;
use crate::codec::{self, Cells, column, surplus, try_column};
use crate::fault::Outcome;
use crate::jobs;
use crate::notification::Notification;
use crate::sql::{Parameter, Sql};
use crate::transaction::Operation;

#[async_trait]
impl Memberships for PostgresStore {
    async fn put_memberships(&self, environment: Environment, new: Vec<NewMembership>, now: Timestamp) -> Result<()> {
        // The last one counts, and all stand in one order, so that two calls never wait for each other.
        let new: BTreeMap<(&str, &str), &NewMembership> = new
            .iter()
            .map(|one| ((one.user_id.as_str(), one.tenant_id.as_str()), one))
            .collect();
        let new: Vec<&NewMembership> = new.into_values().collect();
        let join = Join {
            environment,
            new: &new,
            now,
        };
        self.write_and_tell(join, [Notification::Jobs]).await
    }

    async fn delete_membership(&self, environment: Environment, user: &UserId, tenant: &str) -> Result<bool> {
        let gone = self
            .change(
                "DELETE FROM memberships WHERE environment = $1 AND user_id = $2 AND tenant_id = $3 RETURNING environment, user_id",
                &[&codec::environment(environment), &user.as_str(), &tenant],
            )
            .await?;
        Ok(gone > 0)
    }

    async fn delete_memberships(&self, environment: Environment, user: &UserId) -> Result<()> {
        self.change(
            "DELETE FROM memberships WHERE environment = $1 AND user_id = $2 RETURNING environment, user_id",
            &[&codec::environment(environment), &user.as_str()],
        )
        .await
        .map(drop)
    }

    async fn clear_tenant(&self, environment: Environment, tenant: &str, before: Timestamp, limit: u32) -> Result<u32> {
        let gone = self
            .change(
                "DELETE FROM memberships WHERE environment = $1 AND tenant_id = $2 AND user_id IN (
                     SELECT user_id FROM memberships
                     WHERE environment = $1 AND tenant_id = $2 AND created <= $3 LIMIT $4)
                 RETURNING environment, user_id",
                &[
                    &codec::environment(environment),
                    &tenant,
                    &before.as_millis(),
                    &i64::from(limit),
                ],
            )
            .await?;
        Ok(u32::try_from(gone).unwrap_or(u32::MAX))
    }

    async fn membership(&self, environment: Environment, user: &UserId, tenant: &str) -> Result<Option<Membership>> {
        let row = self
            .database
            .read_one(
                "SELECT user_id, tenant_id, profile, created FROM memberships
                 WHERE environment = $1 AND user_id = $2 AND tenant_id = $3",
                &[&codec::environment(environment), &user.as_str(), &tenant],
            )
            .await?;
        Ok(row.as_ref().map(membership).transpose()?)
    }

    async fn memberships(
        &self,
        environment: Environment,
        user: &UserId,
        page: PageRequest,
    ) -> Result<Page<Membership>> {
        let query = "SELECT user_id, tenant_id, profile, created FROM memberships
                     WHERE environment = $1 AND user_id = $2 AND tenant_id > $3 ORDER BY tenant_id LIMIT $4";
        read_page(self, query, environment, user.as_str(), &page, |one| &one.tenant_id).await
    }

    async fn members(&self, environment: Environment, tenant: &str, page: PageRequest) -> Result<Page<Membership>> {
        let query = "SELECT user_id, tenant_id, profile, created FROM memberships
                     WHERE environment = $1 AND tenant_id = $2 AND user_id > $3 ORDER BY user_id LIMIT $4";
        read_page(self, query, environment, tenant, &page, |one| one.user_id.as_str()).await
    }

    async fn belonging(&self, environment: Environment, tenant: &str, users: Vec<UserId>) -> Result<Vec<UserId>> {
        let rows = self
            .database
            .read(
                "SELECT user_id FROM memberships WHERE environment = $1 AND tenant_id = $2 AND user_id = ANY($3::text[])",
                &[&codec::environment(environment), &tenant, &column(&users, UserId::as_str)],
            )
            .await?;
        let found = rows.iter().map(|row| Ok(Cells::new(row).take::<String>()?.into()));
        Ok(found.collect::<Outcome<_>>()?)
    }

    async fn sole_tenants(&self, environment: Environment, users: Vec<UserId>) -> Result<Vec<(UserId, String)>> {
        let rows = self
            .database
            .read(
                "SELECT user_id, MIN(tenant_id) FROM memberships WHERE environment = $1 AND user_id = ANY($2::text[])
                 GROUP BY user_id HAVING COUNT(*) = 1",
                &[&codec::environment(environment), &column(&users, UserId::as_str)],
            )
            .await?;
        let found = rows.iter().map(|row| {
            let mut cells = Cells::new(row);
            Ok((cells.take::<String>()?.into(), cells.take()?))
        });
        Ok(found.collect::<Outcome<_>>()?)
    }
}

impl PostgresStore {
    /// Runs a change of memberships that returns whose they were, and asks that those people are looked at again if any
    /// audience asks for tenants. Returns how many rows it touched.
    async fn change(&self, statement: &str, parameters: &[Parameter<'_>]) -> Result<usize> {
        let changed = self
            .write_and_tell(Change { statement, parameters }, [Notification::Jobs])
            .await?;
        Ok(changed)
    }
}

struct Join<'a> {
    environment: Environment,
    new: &'a [&'a NewMembership],
    now: Timestamp,
}

#[async_trait]
impl Operation for Join<'_> {
    type Output = ();

    async fn run(&self, sql: &Sql<'_>) -> Outcome<()> {
        join(sql, self.environment, self.new, self.now).await
    }
}

/// Has people belong to tenants. They stand in one order, and none is there twice.
pub(crate) async fn join(
    sql: &Sql<'_>,
    environment: Environment,
    new: &[&NewMembership],
    now: Timestamp,
) -> Outcome<()> {
    let change = Change {
        statement: "INSERT INTO memberships AS m (environment, user_id, tenant_id, profile, created)
             SELECT $1, new.*, $5 FROM unnest($2::text[], $3::text[], $4::text[]) AS new
             ON CONFLICT (environment, user_id, tenant_id)
             DO UPDATE SET profile = COALESCE(excluded.profile, m.profile), created = excluded.created
             RETURNING environment, user_id",
        parameters: &[
            &codec::environment(environment),
            &column(new, |one| one.user_id.as_str()),
            &column(new, |one| one.tenant_id.as_str()),
            &try_column(new, |one| one.profile.as_ref().map(codec::json).transpose())?,
            &now.as_millis(),
        ],
    };
    change.run(sql).await.map(drop)
}

struct Change<'a> {
    statement: &'a str,
    parameters: &'a [Parameter<'a>],
}

#[async_trait]
impl Operation for Change<'_> {
    type Output = usize;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<usize> {
        let rows = sql.rows(self.statement, self.parameters).await?;
        let asking = sql
            .rows(
                "SELECT environment FROM audience_keys WHERE key = $1 GROUP BY environment",
                &[&TENANTS_KEY],
            )
            .await?;
        let asking: Vec<Environment> = asking
            .iter()
            .map(|row| Cells::new(row).environment())
            .collect::<Outcome<_>>()?;
        let mut reviews = Vec::new();
        for row in &rows {
            let mut cells = Cells::new(row);
            let environment = cells.environment()?;
            if asking.contains(&environment) {
                reviews.push(NewJob {
                    name: JobKey::new(environment, REVIEW_AUDIENCES, cells.take::<String>()?),
                    lane: Lane::Normal,
                    // At once, whatever the time is.
                    due: Timestamp::default(),
                    body: serde_json::Value::Null,
                });
            }
        }
        jobs::enqueue(sql, &reviews).await?;
        Ok(rows.len())
    }
}

fn membership(row: &Row) -> Outcome<Membership> {
    let mut cells = Cells::new(row);
    Ok(Membership {
        user_id: cells.take::<String>()?.into(),
        tenant_id: cells.take()?,
        profile: cells.maybe_json()?,
        created: cells.moment()?,
    })
}

async fn read_page(
    store: &PostgresStore,
    query: &str,
    environment: Environment,
    of: &str,
    page: &PageRequest,
    key: impl Fn(&Membership) -> &str,
) -> Result<Page<Membership>> {
    let after = page.after.as_ref().map_or("", |after| after.id.as_str());
    let rows = store
        .database
        .read(
            query,
            &[&codec::environment(environment), &of, &after, &surplus(page.limit)],
        )
        .await?;
    let members = rows.iter().map(membership).collect::<Outcome<Vec<_>>>()?;
    Ok(Page::from_surplus(members, page.limit, |last| Cursor {
        sort: 0,
        id: key(last).to_owned(),
    }))
}
