//! Publishing drafts and older versions.

use async_trait::async_trait;
use serde_json::Value;
use tidings_store::{Document, DocumentKind, SITTING_MS, WriteMode};
use tidings_types::{Environment, Error, Timestamp};

use super::{read, row};
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;
use crate::webhooks;

/// Publishes a draft or an older version.
pub(super) struct Publish<'a> {
    pub(super) environment: Environment,
    pub(super) kind: DocumentKind,
    pub(super) id: &'a str,
    pub(super) version: Option<u32>,
    pub(super) now: Timestamp,
    pub(super) by: &'a str,
}

#[async_trait]
impl Operation for Publish<'_> {
    type Output = Option<Document>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Option<Document>> {
        row::lock(sql, self.environment).await?;
        let Some(mut document) = read::current(sql, self.environment, self.kind, self.id).await? else {
            return Ok(None);
        };
        match self.version {
            None if !document.has_changes => return Ok(Some(document)),
            None => {}
            Some(number) => {
                let again = read::kept(sql, self.environment, self.kind, self.id, number)
                    .await?
                    .ok_or_else(|| Error::not_found(format!("There is no version {number}")))?;
                document.body = again.body;
                document.updated = Some(self.now);
                document.updater = Some(self.by.to_owned());
            }
        }
        settle(
            sql,
            self.environment,
            &mut document,
            WriteMode::Publish,
            self.now,
            self.by,
        )
        .await?;
        Ok(Some(document))
    }
}

/// Puts a kept version in force as it is.
pub(super) struct PutInForce<'a> {
    pub(super) environment: Environment,
    pub(super) kind: DocumentKind,
    pub(super) id: &'a str,
    pub(super) version: u32,
    pub(super) seen: Option<&'a Value>,
    pub(super) now: Timestamp,
}

#[async_trait]
impl Operation for PutInForce<'_> {
    type Output = Option<Document>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Option<Document>> {
        row::lock(sql, self.environment).await?;
        let Some(mut document) = read::current(sql, self.environment, self.kind, self.id).await? else {
            return Ok(None);
        };
        let kept = read::kept(sql, self.environment, self.kind, self.id, self.version)
            .await?
            .ok_or_else(|| Error::not_found(format!("There is no version {}", self.version)))?;
        if self.seen.is_some_and(|seen| *seen != kept.body) {
            return Err(Error::busy("Someone else changed it meanwhile").into());
        }
        if document.published_version == Some(self.version) {
            return Ok(Some(document));
        }
        document.has_changes = kept.body != document.body;
        document.published = Some(kept.body);
        document.published_version = Some(self.version);
        document.published_at = Some(self.now);
        row::save(sql, self.environment, &document).await?;
        sql.execute(
            "UPDATE document_versions SET revisable = false
             WHERE environment = $1 AND kind = $2 AND id = $3 AND number = $4",
            &[
                &codec::environment(self.environment),
                &self.kind.as_str(),
                &self.id,
                &row::stored_number(Some(self.version)),
            ],
        )
        .await?;
        webhooks::published(sql, self.environment, &document, self.now).await?;
        Ok(Some(document))
    }
}

/// Makes of a new body what its mode says, writes the document, and keeps the version if it makes one.
pub(super) async fn settle(
    sql: &Sql<'_>,
    environment: Environment,
    document: &mut Document,
    mode: WriteMode,
    now: Timestamp,
    by: &str,
) -> Outcome<()> {
    let next = match mode {
        WriteMode::Draft | WriteMode::Live => None,
        WriteMode::Revise => {
            let (number, revised) = last_version(sql, environment, document).await?;
            let of_this_sitting = revised.is_some_and(|at| now.since(at) < SITTING_MS);
            let revised = of_this_sitting && document.published_version != Some(number);
            Some(if revised { number } else { number + 1 })
        }
        WriteMode::Publish | WriteMode::Save | WriteMode::SaveAndPublish => {
            Some(last_version(sql, environment, document).await?.0 + 1)
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
    row::save(sql, environment, document).await?;
    match next {
        Some(number) => {
            let is_revisable = mode == WriteMode::Revise;
            keep_version(sql, environment, document, number, is_revisable, now, by).await
        }
        None => Ok(()),
    }
}

/// The number of the newest version, and when it was revised, if a revision may take its place; 0 when there is none.
async fn last_version(
    sql: &Sql<'_>,
    environment: Environment,
    document: &Document,
) -> Outcome<(u32, Option<Timestamp>)> {
    let row = sql
        .row(
            "SELECT number, CASE WHEN revisable THEN created END FROM document_versions WHERE environment = $1 AND kind = $2 AND id = $3
             ORDER BY number DESC LIMIT 1",
            &[&codec::environment(environment), &document.kind.as_str(), &document.id],
        )
        .await?;
    let Some(row) = row else { return Ok((0, None)) };
    let mut cells = Cells::new(&row);
    Ok((cells.number()?, cells.maybe_moment()?))
}

/// Keeps a document's body as a version, in place of one that it revises.
async fn keep_version(
    sql: &Sql<'_>,
    environment: Environment,
    document: &Document,
    number: u32,
    is_revisable: bool,
    now: Timestamp,
    by: &str,
) -> Outcome<()> {
    sql.execute(
        "INSERT INTO document_versions (environment, kind, id, number, body, created, creator, revisable)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (environment, kind, id, number) DO UPDATE
             SET body = excluded.body, created = excluded.created, creator = excluded.creator
             WHERE document_versions.revisable",
        &[
            &codec::environment(environment),
            &document.kind.as_str(),
            &document.id,
            &row::stored_number(Some(number)),
            &codec::json(&document.body)?,
            &now.as_millis(),
            &by,
            &is_revisable,
        ],
    )
    .await?;
    webhooks::published(sql, environment, document, now).await
}
