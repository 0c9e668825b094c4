//! Publishing drafts and older versions.

use rusqlite::{Connection, params};
use tidings_store::{Document, DocumentKind, WriteMode};
use tidings_types::{Environment, Error, Timestamp};

use super::{read, row, write};
use crate::codec;
use crate::fault::Outcome;

pub(super) fn publish(
    sql: &Connection,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
    version: Option<u32>,
    now: Timestamp,
    by: &str,
) -> Outcome<Option<Document>> {
    let Some(mut document) = read::document(sql, environment, kind, id)? else {
        return Ok(None);
    };
    match version {
        None if !document.has_changes => return Ok(Some(document)),
        None => {}
        Some(number) => {
            let again = read::version(sql, environment, kind, id, number)?
                .ok_or_else(|| Error::not_found(format!("There is no version {number}")))?;
            document.body = again.body;
            document.updated = Some(now);
            document.updater = Some(by.to_owned());
        }
    }
    write::put_in_force(&mut document, WriteMode::Publish, now);
    row::save(sql, environment, &document)?;
    keep_version(sql, environment, &document, WriteMode::Publish, by)?;
    Ok(Some(document))
}

/// Keeps what was just published as a version.
pub(super) fn keep_version(
    sql: &Connection,
    environment: Environment,
    document: &Document,
    mode: WriteMode,
    by: &str,
) -> Outcome<()> {
    if mode != WriteMode::Publish {
        return Ok(());
    }
    sql.prepare_cached(
        "INSERT INTO document_versions (environment, kind, id, number, body, created, creator)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        codec::environment(environment),
        document.kind.as_str(),
        document.id,
        document.published_version,
        codec::json(&document.body)?,
        document.published_at.map(Timestamp::as_millis),
        by,
    ])?;
    Ok(())
}
