//! Making documents.

use async_trait::async_trait;
use tidings_store::{Document, NewDocument};
use tidings_types::{Environment, Error};

use super::{names, publish, row, tree};
use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::sql::Sql;
use crate::transaction::Operation;
use crate::webhooks;

/// Makes a document.
pub(super) struct Create {
    pub(super) environment: Environment,
    pub(super) new: NewDocument,
}

#[async_trait]
impl Operation for Create {
    type Output = Document;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Document> {
        row::lock(sql, self.environment).await?;
        self.make_way(sql).await?;
        let new = &self.new;
        tree::release(sql, self.environment, new.kind, &new.id).await?;
        let mut document = Document {
            kind: new.kind,
            id: new.id.clone(),
            parent: new.parent.clone(),
            names: names::replace(sql, self.environment, new.kind, &new.id, &new.names).await?,
            body: new.body.clone(),
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
        publish::settle(sql, self.environment, &mut document, new.mode, new.now, &new.by).await?;
        tree::check(sql, self.environment, document.kind, &document.id).await?;
        webhooks::submission(sql, self.environment, None, &document, new.now).await?;
        Ok(document)
    }
}

impl Create {
    /// Removes an archived document of the same id, versions included.
    async fn make_way(&self, sql: &Sql<'_>) -> Outcome<()> {
        let (environment, kind) = (codec::environment(self.environment), self.new.kind.as_str());
        let there = sql
            .row(
                "SELECT archived FROM documents WHERE environment = $1 AND kind = $2 AND id = $3",
                &[&environment, &kind, &self.new.id],
            )
            .await?;
        match there.map(|row| Cells::new(&row).take()).transpose()? {
            None => Ok(()),
            Some(false) => Err(Error::conflict(format!("The id {} is taken", self.new.id)).into()),
            Some(true) => {
                sql.execute(
                    "DELETE FROM document_versions WHERE environment = $1 AND kind = $2 AND id = $3",
                    &[&environment, &kind, &self.new.id],
                )
                .await?;
                Ok(())
            }
        }
    }
}
