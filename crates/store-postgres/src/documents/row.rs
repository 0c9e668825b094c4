//! How documents stand in rows.

use tidings_store::{Document, DocumentKind, DocumentVersion};
use tidings_types::{Environment, Timestamp};

use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::sql::Sql;

/// The columns of a document `d`, in the order in which [`document`] reads them, its names as one array.
pub(super) const DOCUMENT: &str = "d.id, d.parent, \
     ARRAY(SELECT n.name FROM document_names AS n \
      WHERE n.environment = d.environment AND n.kind = d.kind AND n.id = d.id ORDER BY n.position), \
     d.body, d.published, d.published_version, d.has_changes, d.created, d.creator, d.updated, d.updater, \
     d.published_at, d.archived";

pub(super) fn document(kind: DocumentKind, cells: &mut Cells<'_>) -> Outcome<Document> {
    Ok(Document {
        kind,
        id: cells.take()?,
        parent: cells.take()?,
        names: cells.take()?,
        body: cells.json()?,
        published: cells.maybe_json()?,
        published_version: cells.maybe_number()?,
        has_changes: cells.take()?,
        created: cells.moment()?,
        creator: cells.take()?,
        updated: cells.maybe_moment()?,
        updater: cells.take()?,
        published_at: cells.maybe_moment()?,
        archived: cells.take()?,
    })
}

pub(super) fn version(cells: &mut Cells<'_>) -> Outcome<DocumentVersion> {
    Ok(DocumentVersion {
        number: cells.number()?,
        body: cells.json()?,
        created: cells.moment()?,
        creator: cells.take()?,
        is_revisable: cells.take()?,
    })
}

/// A version's number as stored. There are never so many that one does not fit.
pub(super) fn stored_number(number: Option<u32>) -> Option<i32> {
    number.map(|number| i32::try_from(number).unwrap_or(i32::MAX))
}

/// Keeps everyone else from changing documents of an environment until the transaction ends: what is checked before
/// a change still holds when it is made, and whoever sees a revision sees all changes up to it.
pub(super) async fn lock(sql: &Sql<'_>, environment: Environment) -> Outcome<()> {
    sql.rows(
        "SELECT revision FROM document_revision WHERE environment = $1 FOR UPDATE",
        &[&codec::environment(environment)],
    )
    .await
    .map(drop)
}

/// Writes a document as it is to be from now on, and lets caches know.
pub(super) async fn save(sql: &Sql<'_>, environment: Environment, document: &Document) -> Outcome<()> {
    let environment = codec::environment(environment);
    sql.execute(
        "INSERT INTO documents (environment, kind, id, parent, body, published, published_version, has_changes,
             created, creator, updated, updater, published_at, archived)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (environment, kind, id) DO UPDATE SET parent = excluded.parent, body = excluded.body,
             published = excluded.published, published_version = excluded.published_version,
             has_changes = excluded.has_changes, created = excluded.created, creator = excluded.creator,
             updated = excluded.updated, updater = excluded.updater, published_at = excluded.published_at,
             archived = excluded.archived",
        &[
            &environment,
            &document.kind.as_str(),
            &document.id,
            &document.parent,
            &codec::json(&document.body)?,
            &document.published.as_ref().map(codec::json).transpose()?,
            &stored_number(document.published_version),
            &document.has_changes,
            &document.created.as_millis(),
            &document.creator,
            &document.updated.map(Timestamp::as_millis),
            &document.updater,
            &document.published_at.map(Timestamp::as_millis),
            &document.archived,
        ],
    )
    .await?;
    sql.execute(
        "UPDATE document_revision SET revision = revision + 1 WHERE environment = $1",
        &[&environment],
    )
    .await?;
    Ok(())
}
