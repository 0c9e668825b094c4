//! Tenants beneath tenants: no circles, and not too deep, whoever else moves one at the same time.

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::DocumentKind;
use tidings_store::documents::{MAX_TENANT_LEVELS, TENANT_CIRCLE, TENANT_TOO_DEEP};
use tidings_types::{Environment, Error};

use crate::codec;
use crate::fault::Outcome;

const TENANT: &str = DocumentKind::Tenant.as_str();

/// Refuses what a tenant that was just written has come to.
pub(super) fn check(sql: &Connection, environment: Environment, kind: DocumentKind, id: &str) -> Outcome<()> {
    if kind != DocumentKind::Tenant {
        return Ok(());
    }
    let above = above(sql, environment, id)?;
    if above + below(sql, environment, id)? > MAX_TENANT_LEVELS {
        return Err(Error::invalid(TENANT_TOO_DEEP).into());
    }
    Ok(())
}

/// How many levels there are down to a tenant, its own among them.
fn above(sql: &Connection, environment: Environment, id: &str) -> Outcome<usize> {
    let mut statement = sql.prepare_cached(
        "SELECT parent FROM documents WHERE environment = ?1 AND kind = ?2 AND id = ?3 AND archived = 0",
    )?;
    let mut current = id.to_owned();
    for level in 1..=MAX_TENANT_LEVELS {
        let parent: Option<Option<String>> = statement
            .query_row(params![codec::environment(environment), TENANT, current], |row| {
                row.get(0)
            })
            .optional()?;
        match parent.flatten() {
            None => return Ok(level),
            Some(parent) if parent == id => return Err(Error::invalid(TENANT_CIRCLE).into()),
            Some(parent) => current = parent,
        }
    }
    Err(Error::invalid(TENANT_TOO_DEEP).into())
}

/// How many levels stand beneath a tenant, as far as it matters.
fn below(sql: &Connection, environment: Environment, id: &str) -> Outcome<usize> {
    let mut statement = sql.prepare_cached(
        "SELECT id FROM documents WHERE environment = ?1 AND kind = ?2 AND archived = 0
             AND parent IN (SELECT value FROM json_each(?3))",
    )?;
    let mut level = vec![id.to_owned()];
    for depth in 0..MAX_TENANT_LEVELS {
        level = statement
            .query_map(
                params![codec::environment(environment), TENANT, codec::json(&level)?],
                |row| row.get(0),
            )?
            .collect::<rusqlite::Result<_>>()?;
        if level.is_empty() {
            return Ok(depth);
        }
    }
    Ok(MAX_TENANT_LEVELS)
}

/// Those beneath a tenant that goes, or that is made anew, stand on their own.
pub(super) fn release(sql: &Connection, environment: Environment, kind: DocumentKind, id: &str) -> Outcome<()> {
    if kind == DocumentKind::Tenant {
        sql.prepare_cached("UPDATE documents SET parent = NULL WHERE environment = ?1 AND kind = ?2 AND parent = ?3")?
            .execute(params![codec::environment(environment), TENANT, id])?;
    }
    Ok(())
}
