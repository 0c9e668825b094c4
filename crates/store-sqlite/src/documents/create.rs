//! Making documents.

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::{Document, NewDocument};
use tidings_types::{Environment, Error};

use super::{names, publish, tree};
use crate::fault::Outcome;
use crate::{codec, webhooks};

pub(super) fn create(sql: &Connection, environment: Environment, new: NewDocument) -> Outcome<Document> {
    make_way(sql, environment, &new)?;
    tree::release(sql, environment, new.kind, &new.id)?;
    let mut document = Document {
        kind: new.kind,
        id: new.id,
        parent: new.parent,
        names: new.names,
        body: new.body,
        published: None,
        published_version: None,
        has_changes: true,
        created: new.now,
        creator: new.by.clone(),
        updated: None,
        updater: None,
        published_at: None,
        archived: false,
    };
    names::replace(sql, environment, document.kind, &document.id, &mut document.names)?;
    publish::settle(sql, environment, &mut document, new.mode, new.now, &new.by)?;
    tree::check(sql, environment, document.kind, &document.id)?;
    webhooks::submission(sql, environment, None, &document, new.now)?;
    Ok(document)
}

/// Removes an archived document of the same id, versions included.
fn make_way(sql: &Connection, environment: Environment, new: &NewDocument) -> Outcome<()> {
    let key = params![codec::environment(environment), new.kind.as_str(), new.id];
    let archived: Option<bool> = sql
        .prepare_cached("SELECT archived FROM documents WHERE environment = ?1 AND kind = ?2 AND id = ?3")?
        .query_row(key, |row| row.get(0))
        .optional()?;
    match archived {
        None => Ok(()),
        Some(false) => Err(Error::conflict(format!("The id {} is taken", new.id)).into()),
        Some(true) => {
            sql.prepare_cached("DELETE FROM document_versions WHERE environment = ?1 AND kind = ?2 AND id = ?3")?
                .execute(key)?;
            Ok(())
        }
    }
}
