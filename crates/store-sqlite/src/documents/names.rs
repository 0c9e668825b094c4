//! The further names of documents.

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::DocumentKind;
use tidings_types::{Environment, Error};

use crate::codec;
use crate::fault::Outcome;

/// Gives a document these names instead of those it had. A name given twice counts once.
pub(super) fn replace(
    sql: &Connection,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
    names: &mut Vec<String>,
) -> Outcome<()> {
    free(sql, environment, kind, id)?;
    let mut unique: Vec<String> = Vec::with_capacity(names.len());
    for name in names.drain(..) {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    *names = unique;
    for (position, name) in names.iter().enumerate() {
        let owner: Option<String> = sql
            .prepare_cached("SELECT id FROM document_names WHERE environment = ?1 AND kind = ?2 AND name = ?3")?
            .query_row(params![codec::environment(environment), kind.as_str(), name], |row| {
                row.get(0)
            })
            .optional()?;
        if owner.is_some() {
            return Err(Error::conflict(format!("The name {name} is taken")).into());
        }
        sql.prepare_cached(
            "INSERT INTO document_names (environment, kind, name, id, position) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            codec::environment(environment),
            kind.as_str(),
            name,
            id,
            i64::try_from(position).unwrap_or(i64::MAX)
        ])?;
    }
    Ok(())
}

/// Takes a document's names away.
pub(super) fn free(sql: &Connection, environment: Environment, kind: DocumentKind, id: &str) -> Outcome<()> {
    sql.prepare_cached("DELETE FROM document_names WHERE environment = ?1 AND kind = ?2 AND id = ?3")?
        .execute(params![codec::environment(environment), kind.as_str(), id])?;
    Ok(())
}
