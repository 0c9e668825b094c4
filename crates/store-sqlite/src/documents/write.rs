//! Changing and archiving documents.

use rusqlite::Connection;
use tidings_store::digests::after_document;
use tidings_store::{Document, DocumentKind, DocumentWrite, ParentChange};
use tidings_types::{Environment, Error};

use super::{names, publish, read, row, tree};
use crate::fault::Outcome;
use crate::{jobs, webhooks};

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
    let before = std::mem::replace(&mut document.body, write.body);
    document.updated = Some(write.now);
    document.updater = Some(write.by.clone());
    publish::settle(sql, environment, &mut document, write.mode, write.now, &write.by)?;
    tree::check(sql, environment, document.kind, &document.id)?;
    webhooks::submission(sql, environment, Some(&before), &document, write.now)?;
    let review = after_document(environment, document.kind, &document.id, &before, Some(&document.body));
    review.iter().try_for_each(|job| jobs::insert(sql, job))?;
    Ok(Some(document))
}

pub(super) fn archive(sql: &Connection, environment: Environment, kind: DocumentKind, id: &str) -> Outcome<bool> {
    let Some(mut document) = read::document(sql, environment, kind, id)? else {
        return Ok(false);
    };
    document.archived = true;
    names::free(sql, environment, kind, id)?;
    tree::release(sql, environment, kind, id)?;
    row::save(sql, environment, &document)?;
    let review = after_document(environment, kind, id, &document.body, None);
    review.iter().try_for_each(|job| jobs::insert(sql, job))?;
    Ok(true)
}
