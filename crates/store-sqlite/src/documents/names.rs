//! The further names of documents.

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::DocumentKind;
use tidings_types::{Environment, Error};

use super::{read, row};
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

/// Gives a document one more name, taken from whichever had it.
pub(super) fn give(
    sql: &Connection,
    environment: Environment,
    kind: DocumentKind,
    name: &str,
    id: &str,
) -> Outcome<bool> {
    let Some(document) = read::document(sql, environment, kind, id)? else {
        return Ok(false);
    };
    if document.names.iter().any(|own| own == name) {
        return Ok(true);
    }
    let key = (codec::environment(environment), kind.as_str());
    sql.prepare_cached(
        "INSERT INTO document_names (environment, kind, name, id, position)
         SELECT ?1, ?2, ?3, ?4, COALESCE(MAX(position) + 1, 0) FROM document_names
         WHERE environment = ?1 AND kind = ?2 AND id = ?4
         ON CONFLICT (environment, kind, name) DO UPDATE SET id = excluded.id, position = excluded.position",
    )?
    .execute(params![key.0, key.1, name, id])?;
    // Lets caches know.
    row::save(sql, environment, &document)?;
    Ok(true)
}

/// All names of a kind with the documents they name.
pub(super) fn all(sql: &Connection, environment: Environment, kind: DocumentKind) -> Outcome<Vec<(String, String)>> {
    let rows = sql
        .prepare_cached("SELECT name, id FROM document_names WHERE environment = ?1 AND kind = ?2 ORDER BY name")?
        .query_map(params![codec::environment(environment), kind.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(rows)
}
