//! Looking documents up.

use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::{Cursor, Document, DocumentKind, DocumentVersion, Page, PageRequest};
use tidings_types::Environment;

use super::row;
use crate::codec::{self, Cells};
use crate::fault::Outcome;

static BY_ID: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM documents AS d
         WHERE d.environment = ?1 AND d.kind = ?2 AND d.id = ?3 AND d.archived = 0",
        row::DOCUMENT
    )
});

static ARCHIVED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM documents AS d
         WHERE d.environment = ?1 AND d.kind = ?2 AND d.id = ?3 AND d.archived = 1",
        row::DOCUMENT
    )
});

static BY_NAME: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM document_names AS a
         JOIN documents AS d ON d.environment = a.environment AND d.kind = a.kind AND d.id = a.id
         WHERE a.environment = ?1 AND a.kind = ?2 AND a.name = ?3 AND d.archived = 0",
        row::DOCUMENT
    )
});

static PAGE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM documents AS d
         WHERE d.environment = ?1 AND d.kind = ?2 AND d.archived = 0 AND (?3 IS NULL OR d.parent = ?3)
             AND (d.created, d.id) > (?4, ?5)
         ORDER BY d.created, d.id LIMIT ?6",
        row::DOCUMENT
    )
});

pub(super) fn document(
    sql: &Connection,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
) -> Outcome<Option<Document>> {
    find(sql, &BY_ID, environment, kind, id)
}

pub(super) fn archived(
    sql: &Connection,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
) -> Outcome<Option<Document>> {
    find(sql, &ARCHIVED, environment, kind, id)
}

pub(super) fn by_name(
    sql: &Connection,
    environment: Environment,
    kind: DocumentKind,
    name: &str,
) -> Outcome<Option<Document>> {
    find(sql, &BY_NAME, environment, kind, name)
}

fn find(
    sql: &Connection,
    query: &str,
    environment: Environment,
    kind: DocumentKind,
    key: &str,
) -> Outcome<Option<Document>> {
    Ok(sql
        .prepare_cached(query)?
        .query_row(params![codec::environment(environment), kind.as_str(), key], |found| {
            row::document(kind, &mut Cells::new(found))
        })
        .optional()?)
}

pub(super) fn page(
    sql: &Connection,
    environment: Environment,
    kind: DocumentKind,
    parent: Option<&str>,
    page: &PageRequest,
) -> Outcome<Page<Document>> {
    let (created, id) = page
        .after
        .as_ref()
        .map_or((i64::MIN, ""), |after| (after.sort, after.id.as_str()));
    let limit = i64::from(page.limit) + 1;
    let rows = sql
        .prepare_cached(&PAGE)?
        .query_map(
            params![
                codec::environment(environment),
                kind.as_str(),
                parent,
                created,
                id,
                limit
            ],
            |found| row::document(kind, &mut Cells::new(found)),
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: last.created.as_millis(),
        id: last.id.clone(),
    }))
}

pub(super) fn versions(
    sql: &Connection,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
    page: &PageRequest,
) -> Outcome<Page<DocumentVersion>> {
    let before = page.after.as_ref().map_or(i64::MAX, |after| after.sort);
    let limit = i64::from(page.limit) + 1;
    let rows = sql
        .prepare_cached(
            "SELECT number, body, created, creator, revisable FROM document_versions
             WHERE environment = ?1 AND kind = ?2 AND id = ?3 AND number < ?4 ORDER BY number DESC LIMIT ?5",
        )?
        .query_map(
            params![codec::environment(environment), kind.as_str(), id, before, limit],
            |found| row::version(&mut Cells::new(found)),
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
        sort: i64::from(last.number),
        id: String::new(),
    }))
}

pub(super) fn version(
    sql: &Connection,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
    number: u32,
) -> Outcome<Option<DocumentVersion>> {
    Ok(sql
        .prepare_cached(
            "SELECT number, body, created, creator, revisable FROM document_versions
             WHERE environment = ?1 AND kind = ?2 AND id = ?3 AND number = ?4",
        )?
        .query_row(
            params![codec::environment(environment), kind.as_str(), id, number],
            |found| row::version(&mut Cells::new(found)),
        )
        .optional()?)
}

pub(super) fn revision(sql: &Connection, environment: Environment) -> Outcome<i64> {
    Ok(sql
        .prepare_cached("SELECT revision FROM document_revision WHERE environment = ?1")?
        .query_row([codec::environment(environment)], |row| row.get(0))
        .optional()?
        .unwrap_or(0))
}
