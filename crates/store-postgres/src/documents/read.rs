//! Looking documents up.

use std::sync::LazyLock;

use tidings_store::{Cursor, Document, DocumentKind, DocumentVersion, Page, PageRequest};
use tidings_types::{Environment, Result};

use super::row;
use crate::codec::{self, Cells};
use crate::database::Database;
use crate::fault::Outcome;
use crate::sql::Sql;

static BY_ID: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM documents AS d
         WHERE d.environment = $1 AND d.kind = $2 AND d.id = $3 AND NOT d.archived",
        row::DOCUMENT
    )
});

static ARCHIVED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM documents AS d
         WHERE d.environment = $1 AND d.kind = $2 AND d.id = $3 AND d.archived",
        row::DOCUMENT
    )
});

static BY_NAME: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM document_names AS a
         JOIN documents AS d ON d.environment = a.environment AND d.kind = a.kind AND d.id = a.id
         WHERE a.environment = $1 AND a.kind = $2 AND a.name = $3 AND NOT d.archived",
        row::DOCUMENT
    )
});

static PAGE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM documents AS d
         WHERE d.environment = $1 AND d.kind = $2 AND NOT d.archived AND ($3::text IS NULL OR d.parent = $3)
             AND (d.created, d.id) > ($4, $5)
         ORDER BY d.created, d.id LIMIT $6",
        row::DOCUMENT
    )
});

const VERSION: &str = "SELECT number, body, created, creator, revisable FROM document_versions
     WHERE environment = $1 AND kind = $2 AND id = $3 AND number = $4";

pub(super) async fn document(
    database: &Database,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
) -> Result<Option<Document>> {
    one(database, &BY_ID, environment, kind, id).await
}

pub(super) async fn by_name(
    database: &Database,
    environment: Environment,
    kind: DocumentKind,
    name: &str,
) -> Result<Option<Document>> {
    one(database, &BY_NAME, environment, kind, name).await
}

pub(super) async fn archived(
    database: &Database,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
) -> Result<Option<Document>> {
    one(database, &ARCHIVED, environment, kind, id).await
}

/// The document that a query finds by its environment, its kind and one text more.
async fn one(
    database: &Database,
    query: &str,
    environment: Environment,
    kind: DocumentKind,
    key: &str,
) -> Result<Option<Document>> {
    let row = database
        .read_one(query, &[&codec::environment(environment), &kind.as_str(), &key])
        .await?;
    Ok(row.map(|row| row::document(kind, &mut Cells::new(&row))).transpose()?)
}

/// A document as it stands within a transaction that changes it.
pub(super) async fn current(
    sql: &Sql<'_>,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
) -> Outcome<Option<Document>> {
    let row = sql
        .row(&BY_ID, &[&codec::environment(environment), &kind.as_str(), &id])
        .await?;
    row.map(|row| row::document(kind, &mut Cells::new(&row))).transpose()
}

pub(super) async fn page(
    database: &Database,
    environment: Environment,
    kind: DocumentKind,
    parent: Option<&str>,
    page: &PageRequest,
) -> Result<Page<Document>> {
    let (created, id) = page
        .after
        .as_ref()
        .map_or((i64::MIN, ""), |after| (after.sort, after.id.as_str()));
    let rows = database
        .read(
            &PAGE,
            &[
                &codec::environment(environment),
                &kind.as_str(),
                &parent,
                &created,
                &id,
                &codec::surplus(page.limit),
            ],
        )
        .await?;
    let rows = rows
        .iter()
        .map(|row| row::document(kind, &mut Cells::new(row)))
        .collect::<Outcome<_>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last: &Document| Cursor {
        sort: last.created.as_millis(),
        id: last.id.clone(),
    }))
}

pub(super) async fn versions(
    database: &Database,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
    page: &PageRequest,
) -> Result<Page<DocumentVersion>> {
    let before = page.after.as_ref().map_or(i64::MAX, |after| after.sort);
    let rows = database
        .read(
            "SELECT number, body, created, creator, revisable FROM document_versions
             WHERE environment = $1 AND kind = $2 AND id = $3 AND number < $4::int8 ORDER BY number DESC LIMIT $5",
            &[
                &codec::environment(environment),
                &kind.as_str(),
                &id,
                &before,
                &codec::surplus(page.limit),
            ],
        )
        .await?;
    let rows = rows
        .iter()
        .map(|row| row::version(&mut Cells::new(row)))
        .collect::<Outcome<_>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last: &DocumentVersion| Cursor {
        sort: i64::from(last.number),
        id: String::new(),
    }))
}

pub(super) async fn version(
    database: &Database,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
    number: u32,
) -> Result<Option<DocumentVersion>> {
    let number = row::stored_number(Some(number));
    let row = database
        .read_one(
            VERSION,
            &[&codec::environment(environment), &kind.as_str(), &id, &number],
        )
        .await?;
    Ok(row.map(|row| row::version(&mut Cells::new(&row))).transpose()?)
}

/// A version as it is found within a transaction.
pub(super) async fn kept(
    sql: &Sql<'_>,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
    number: u32,
) -> Outcome<Option<DocumentVersion>> {
    let number = row::stored_number(Some(number));
    let row = sql
        .row(
            VERSION,
            &[&codec::environment(environment), &kind.as_str(), &id, &number],
        )
        .await?;
    row.map(|row| row::version(&mut Cells::new(&row))).transpose()
}

pub(super) async fn revision(database: &Database, environment: Environment) -> Result<i64> {
    let row = database
        .read_one(
            "SELECT revision FROM document_revision WHERE environment = $1",
            &[&codec::environment(environment)],
        )
        .await?;
    Ok(row.map_or(Ok(0), |row| Cells::new(&row).take())?)
}
