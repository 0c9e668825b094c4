//! Publishing drafts and older versions.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;
use tidings_store::{Document, DocumentKind, SITTING_MS, WriteMode};
use tidings_types::{Environment, Error, Timestamp};

use super::{read, row};
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::webhooks;

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
    settle(sql, environment, &mut document, WriteMode::Publish, now, by)?;
    Ok(Some(document))
}

/// Puts a kept version in force as it is.
pub(super) fn put_in_force(
    sql: &Connection,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
    version: u32,
    seen: Option<&Value>,
    now: Timestamp,
) -> Outcome<Option<Document>> {
    let Some(mut document) = read::document(sql, environment, kind, id)? else {
        return Ok(None);
    };
    let kept = read::version(sql, environment, kind, id, version)?
        .ok_or_else(|| Error::not_found(format!("There is no version {version}")))?;
    if seen.is_some_and(|seen| *seen != kept.body) {
        return Err(Error::busy("Someone else changed it meanwhile").into());
    }
    if document.published_version == Some(version) {
        return Ok(Some(document));
    }
    document.has_changes = kept.body != document.body;
    document.published = Some(kept.body);
    document.published_version = Some(version);
    document.published_at = Some(now);
    row::save(sql, environment, &document)?;
    sql.prepare_cached(
        "UPDATE document_versions SET revisable = 0 WHERE environment = ?1 AND kind = ?2 AND id = ?3 AND number = ?4",
    )?
    .execute(params![codec::environment(environment), kind.as_str(), id, version])?;
    webhooks::published(sql, environment, &document, now)?;
    Ok(Some(document))
}

/// Makes of a new body what its mode says, writes the document, and keeps the version if it makes one.
pub(super) fn settle(
    sql: &Connection,
    environment: Environment,
    document: &mut Document,
    mode: WriteMode,
    now: Timestamp,
    by: &str,
) -> Outcome<()> {
    let next = match mode {
        WriteMode::Draft | WriteMode::Live => None,
        WriteMode::Revise => {
            let (number, revised) = last_version(sql, environment, document)?;
            let of_this_sitting = revised.is_some_and(|at| now.since(at) < SITTING_MS);
            let revised = of_this_sitting && document.published_version != Some(number);
            Some(if revised { number } else { number + 1 })
        }
        WriteMode::Publish | WriteMode::Save | WriteMode::SaveAndPublish => {
            Some(last_version(sql, environment, document)?.0 + 1)
        }
    };
    match mode {
        WriteMode::Draft | WriteMode::Save | WriteMode::Revise => {}
        WriteMode::Publish | WriteMode::SaveAndPublish => {
            document.published = Some(document.body.clone());
            document.published_version = next;
            document.published_at = Some(now);
        }
        WriteMode::Live => document.published = Some(document.body.clone()),
    }
    document.has_changes = document.published.as_ref() != Some(&document.body);
    row::save(sql, environment, document)?;
    match next {
        Some(number) => {
            let is_revisable = mode == WriteMode::Revise;
            keep_version(sql, environment, document, number, is_revisable, now, by)
        }
        None => Ok(()),
    }
}

/// The number of the newest version, and when it was revised, if a revision may take its place; 0 when there is none.
fn last_version(sql: &Connection, environment: Environment, document: &Document) -> Outcome<(u32, Option<Timestamp>)> {
    let key = params![codec::environment(environment), document.kind.as_str(), document.id];
    let last = sql
        .prepare_cached(
            "SELECT number, CASE WHEN revisable = 1 THEN created END FROM document_versions WHERE environment = ?1 AND kind = ?2 AND id = ?3
             ORDER BY number DESC LIMIT 1",
        )?
        .query_row(key, |row| {
            let mut cells = Cells::new(row);
            Ok((cells.take()?, cells.maybe_moment()?))
        })
        .optional()?;
    Ok(last.unwrap_or((0, None)))
}

/// Keeps a document's body as a version, in place of one that it revises.
fn keep_version(
    sql: &Connection,
    environment: Environment,
    document: &Document,
    number: u32,
    is_revisable: bool,
    now: Timestamp,
    by: &str,
) -> Outcome<()> {
    sql.prepare_cached(
        "INSERT INTO document_versions (environment, kind, id, number, body, created, creator, revisable)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT DO UPDATE SET body = excluded.body, created = excluded.created, creator = excluded.creator
         WHERE document_versions.revisable = 1",
    )?
    .execute(params![
        codec::environment(environment),
        document.kind.as_str(),
        document.id,
        number,
        codec::json(&document.body)?,
        now.as_millis(),
        by,
        is_revisable,
    ])?;
    webhooks::published(sql, environment, document, now)
}
