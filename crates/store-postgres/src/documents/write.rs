//! Changing and archiving documents.

use async_trait::async_trait;
use tidings_store::digests::after_document;
use tidings_store::{Document, DocumentKind, DocumentWrite, ParentChange};
use tidings_types::{Environment, Error};

use super::{names, publish, read, row, tree};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;
use crate::{jobs, webhooks};

/// Changes a document.
pub(super) struct Write {
    pub(super) environment: Environment,
    pub(super) write: DocumentWrite,
}

#[async_trait]
impl Operation for Write {
    type Output = Option<Document>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Option<Document>> {
        row::lock(sql, self.environment).await?;
        let write = &self.write;
        let Some(mut document) = read::current(sql, self.environment, write.kind, &write.id).await? else {
            return Ok(None);
        };
        if write.seen.as_ref().is_some_and(|seen| *seen != document.body) {
            return Err(Error::busy("Someone else changed it meanwhile").into());
        }
        if let Some(new_names) = &write.names {
            document.names = names::replace(sql, self.environment, document.kind, &document.id, new_names).await?;
        }
        if let ParentChange::Set(parent) = &write.parent {
            document.parent = parent.clone();
        }
        let before = std::mem::replace(&mut document.body, write.body.clone());
        document.updated = Some(write.now);
        document.updater = Some(write.by.clone());
        publish::settle(sql, self.environment, &mut document, write.mode, write.now, &write.by).await?;
        tree::check(sql, self.environment, document.kind, &document.id).await?;
        webhooks::submission(sql, self.environment, Some(&before), &document, write.now).await?;
        let (kind, after) = (document.kind, Some(&document.body));
        jobs::enqueue(
            sql,
            &after_document(self.environment, kind, &document.id, &before, after),
        )
        .await?;
        Ok(Some(document))
    }
}

/// Archives a document; comes to whether there was one.
pub(super) struct Archive<'a> {
    pub(super) environment: Environment,
    pub(super) kind: DocumentKind,
    pub(super) id: &'a str,
}

#[async_trait]
impl Operation for Archive<'_> {
    type Output = bool;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<bool> {
        row::lock(sql, self.environment).await?;
        let Some(mut document) = read::current(sql, self.environment, self.kind, self.id).await? else {
            return Ok(false);
        };
        document.archived = true;
        names::free(sql, self.environment, self.kind, self.id).await?;
        tree::release(sql, self.environment, self.kind, self.id).await?;
        row::save(sql, self.environment, &document).await?;
        let review = after_document(self.environment, self.kind, self.id, &document.body, None);
        jobs::enqueue(sql, &review).await?;
        Ok(true)
    }
}
