//! How documents stand in rows.

use rusqlite::{Connection, params};
use tidings_store::{Document, DocumentKind, DocumentVersion};
use tidings_types::{Environment, Timestamp};

use crate::codec::{self, Cells};
use crate::fault::Outcome;

/// The columns of a document `d`, in the order in which [`document`] reads them, its names as one JSON array.
pub(super) const DOCUMENT: &str = "d.id, d.parent, \
     (SELECT json_group_array(n.name ORDER BY n.position) FROM document_names AS n \
      WHERE n.environment = d.environment AND n.kind = d.kind AND n.id = d.id), \
     d.body, d.published, d.published_version, d.has_changes, d.created, d.creator, d.updated, d.updater, \
     d.published_at, d.archived";

pub(super) fn document(kind: DocumentKind, cells: &mut Cells<'_>) -> rusqlite::Result<Document> {
    Ok(Document {
        kind,
        id: cells.take()?,
        parent: cells.take()?,
        names: cells.json()?,
        body: cells.json()?,
        published: cells.maybe_json()?,
        published_version: cells.take()?,
        has_changes: cells.take()?,
        created: cells.moment()?,
        creator: cells.take()?,
        updated: cells.maybe_moment()?,
        updater: cells.take()?,
        published_at: cells.maybe_moment()?,
        archived: cells.take()?,
    })
}

pub(super) fn version(cells: &mut Cells<'_>) -> rusqlite::Result<DocumentVersion> {
    Ok(DocumentVersion {
        number: cells.take()?,
        body: cells.json()?,
        created: cells.moment()?,
        creator: cells.take()?,
        is_revisable: cells.take()?,
    })
}

/// Writes a document as it is to be from now on, and lets caches know.
pub(super) fn save(sql: &Connection, environment: Environment, document: &Document) -> Outcome<()> {
    sql.prepare_cached(
        "INSERT INTO documents (environment, kind, id, parent, body, published, published_version, has_changes,
             created, creator, updated, updater, published_at, archived)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT DO UPDATE SET parent = excluded.parent, body = excluded.body, published = excluded.published,
             published_version = excluded.published_version, has_changes = excluded.has_changes,
             created = excluded.created, creator = excluded.creator, updated = excluded.updated,
             updater = excluded.updater, published_at = excluded.published_at, archived = excluded.archived",
    )?
    .execute(params![
        codec::environment(environment),
        document.kind.as_str(),
        document.id,
        document.parent,
        codec::json(&document.body)?,
        document.published.as_ref().map(codec::json).transpose()?,
        document.published_version,
        document.has_changes,
        document.created.as_millis(),
        document.creator,
        document.updated.map(Timestamp::as_millis),
        document.updater,
        document.published_at.map(Timestamp::as_millis),
        document.archived,
    ])?;
    sql.prepare_cached(
        "INSERT INTO document_revision (environment, revision) VALUES (?1, 1)
         ON CONFLICT DO UPDATE SET revision = revision + 1",
    )?
    .execute([codec::environment(environment)])?;
    Ok(())
}
