//! Publishing drafts and older versions.

use async_trait::async_trait;
use tidings_store::{Document, DocumentKind, WriteMode};
use tidings_types::{Environment, Error, Timestamp};

use super::{read, row, write};
use crate::codec;
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;

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
        write::put_in_force(&mut document, WriteMode::Publish, self.now);
        row::save(sql, self.environment, &document).await?;
        keep_version(sql, self.environment, &document, WriteMode::Publish, self.by).await?;
        Ok(Some(document))
    }
}

/// Keeps what was just published as a version.
pub(super) async fn keep_version(
    sql: &Sql<'_>,
    environment: Environment,
    document: &Document,
    mode: WriteMode,
    by: &str,
) -> Outcome<()> {
    if mode != WriteMode::Publish {
        return Ok(());
    }
    sql.execute(
        "INSERT INTO document_versions (environment, kind, id, number, body, created, creator)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            &codec::environment(environment),
            &document.kind.as_str(),
            &document.id,
            &row::stored_number(document.published_version),
            &codec::json(&document.body)?,
            &document.published_at.map(Timestamp::as_millis),
            &by,
        ],
    )
    .await?;
    Ok(())
}
