//! Tenants beneath tenants: no circles, and not too deep, whoever else moves one at the same time. Whoever writes a
//! document holds its environment's lock.

use tidings_store::DocumentKind;
use tidings_store::documents::{MAX_TENANT_LEVELS, TENANT_CIRCLE, TENANT_TOO_DEEP};
use tidings_types::{Environment, Error};

use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::sql::Sql;

const TENANT: &str = DocumentKind::Tenant.as_str();

/// Refuses what a tenant that was just written has come to.
pub(super) async fn check(sql: &Sql<'_>, environment: Environment, kind: DocumentKind, id: &str) -> Outcome<()> {
    if kind != DocumentKind::Tenant {
        return Ok(());
    }
    let above = above(sql, environment, id).await?;
    if above + below(sql, environment, id).await? > MAX_TENANT_LEVELS {
        return Err(Error::invalid(TENANT_TOO_DEEP).into());
    }
    Ok(())
}

/// How many levels there are down to a tenant, its own among them.
async fn above(sql: &Sql<'_>, environment: Environment, id: &str) -> Outcome<usize> {
    let mut current = id.to_owned();
    for level in 1..=MAX_TENANT_LEVELS {
        let row = sql
            .row(
                "SELECT parent FROM documents WHERE environment = $1 AND kind = $2 AND id = $3 AND NOT archived",
                &[&codec::environment(environment), &TENANT, &current],
            )
            .await?;
        let parent: Option<Option<String>> = row.as_ref().map(|row| Cells::new(row).take()).transpose()?;
        match parent.flatten() {
            None => return Ok(level),
            Some(parent) if parent == id => return Err(Error::invalid(TENANT_CIRCLE).into()),
            Some(parent) => current = parent,
        }
    }
    Err(Error::invalid(TENANT_TOO_DEEP).into())
}

/// How many levels stand beneath a tenant, as far as it matters.
async fn below(sql: &Sql<'_>, environment: Environment, id: &str) -> Outcome<usize> {
    let mut level = vec![id.to_owned()];
    for depth in 0..MAX_TENANT_LEVELS {
        let rows = sql
            .rows(
                "SELECT id FROM documents WHERE environment = $1 AND kind = $2 AND NOT archived
                     AND parent = ANY($3::text[])",
                &[&codec::environment(environment), &TENANT, &level],
            )
            .await?;
        level = rows.iter().map(|row| Cells::new(row).take()).collect::<Outcome<_>>()?;
        if level.is_empty() {
            return Ok(depth);
        }
    }
    Ok(MAX_TENANT_LEVELS)
}

/// Those beneath a tenant that goes, or that is made anew, stand on their own.
pub(super) async fn release(sql: &Sql<'_>, environment: Environment, kind: DocumentKind, id: &str) -> Outcome<()> {
    if kind == DocumentKind::Tenant {
        sql.execute(
            "UPDATE documents SET parent = NULL WHERE environment = $1 AND kind = $2 AND parent = $3",
            &[&codec::environment(environment), &TENANT, &id],
        )
        .await?;
    }
    Ok(())
}
