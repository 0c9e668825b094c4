//! Changing and archiving documents.

use rusqlite::Connection;
use tidings_store::{Document, DocumentKind, DocumentWrite, ParentChange, WriteMode};
use tidings_types::{Environment, Error, Timestamp};

use super::{names, publish, read, row};
use crate::fault::Outcome;

pub(super) fn write(sql: &Connection, environment: Environment, write: DocumentWrite) -> Outcome<Option<Document>> {
    let Some(mut document) = read::document(sql, environment, write.kind, &write.id)? else {
        return Ok(None);
    };
    if write.seen.is_some_and(|seen| seen != document.body) {
        return Err(Error::busy("Someone else changed it meanwhile").into());
    }
    if let Some(new_names) = write.names {
        document.names = new_names;
        names::replace(sql, environment, document.kind, &document.id, &mut document.names)?;
    }
    if let ParentChange::Set(parent) = write.parent {
        document.parent = parent;
    }
    document.body = write.body;
    document.updated = Some(write.now);
    document.updater = Some(write.by.clone());
    put_in_force(&mut document, write.mode, write.now);
    row::save(sql, environment, &document)?;
    publish::keep_version(sql, environment, &document, write.mode, &write.by)?;
    Ok(Some(document))
}

/// Makes of a new body what its mode says.
pub(super) fn put_in_force(document: &mut Document, mode: WriteMode, now: Timestamp) {
    match mode {
        WriteMode::Draft => {}
        WriteMode::Publish => {
            document.published = Some(document.body.clone());
            document.published_version = Some(document.published_version.unwrap_or(0) + 1);
            document.published_at = Some(now);
        }
        WriteMode::Live => document.published = Some(document.body.clone()),
    }
    document.has_changes = document.published.as_ref() != Some(&document.body);
}

pub(super) fn archive(sql: &Connection, environment: Environment, kind: DocumentKind, id: &str) -> Outcome<bool> {
    let Some(mut document) = read::document(sql, environment, kind, id)? else {
        return Ok(false);
    };
    document.archived = true;
    names::free(sql, environment, kind, id)?;
    row::save(sql, environment, &document)?;
    Ok(true)
}
