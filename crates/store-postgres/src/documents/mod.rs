//! Documents: everything a team edits.

mod create;
mod names;
mod publish;
mod read;
mod row;
mod tree;
mod write;

use async_trait::async_trait;
use serde_json::Value;
use tidings_store::{
    Document, DocumentKind, DocumentVersion, DocumentWrite, Documents, NewDocument, Page, PageRequest,
};
use tidings_types::{Environment, Result, Timestamp};

use crate::PostgresStore;

#[async_trait]
impl Documents for PostgresStore {
    async fn create_document(&self, environment: Environment, new: NewDocument) -> Result<Document> {
        self.change_documents(environment, create::Create { environment, new })
            .await
    }

    async fn write_document(&self, environment: Environment, write: DocumentWrite) -> Result<Option<Document>> {
        self.change_documents(environment, write::Write { environment, write })
            .await
    }

    async fn publish_document(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
        version: Option<u32>,
        now: Timestamp,
        by: &str,
    ) -> Result<Option<Document>> {
        self.change_documents(
            environment,
            publish::Publish {
                environment,
                kind,
                id,
                version,
                now,
                by,
            },
        )
        .await
    }

    async fn put_in_force(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
        version: u32,
        seen: Option<&Value>,
        now: Timestamp,
    ) -> Result<Option<Document>> {
        self.change_documents(
            environment,
            publish::PutInForce {
                environment,
                kind,
                id,
                version,
                seen,
                now,
            },
        )
        .await
    }

    async fn name_document(&self, environment: Environment, kind: DocumentKind, name: &str, id: &str) -> Result<bool> {
        self.change_documents(
            environment,
            names::Give {
                environment,
                kind,
                name,
                id,
            },
        )
        .await
    }

    async fn document_names(&self, environment: Environment, kind: DocumentKind) -> Result<Vec<(String, String)>> {
        names::all(&self.database, environment, kind).await
    }

    async fn archive_document(&self, environment: Environment, kind: DocumentKind, id: &str) -> Result<bool> {
        self.change_documents(environment, write::Archive { environment, kind, id })
            .await
    }

    async fn document(&self, environment: Environment, kind: DocumentKind, id: &str) -> Result<Option<Document>> {
        read::document(&self.database, environment, kind, id).await
    }

    async fn archived_document(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
    ) -> Result<Option<Document>> {
        read::archived(&self.database, environment, kind, id).await
    }

    async fn document_by_name(
        &self,
        environment: Environment,
        kind: DocumentKind,
        name: &str,
    ) -> Result<Option<Document>> {
        read::by_name(&self.database, environment, kind, name).await
    }

    async fn documents(
        &self,
        environment: Environment,
        kind: DocumentKind,
        parent: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Document>> {
        read::page(&self.database, environment, kind, parent, &page).await
    }

    async fn versions(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
        page: PageRequest,
    ) -> Result<Page<DocumentVersion>> {
        read::versions(&self.database, environment, kind, id, &page).await
    }

    async fn version(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
        number: u32,
    ) -> Result<Option<DocumentVersion>> {
        read::version(&self.database, environment, kind, id, number).await
    }

    async fn documents_revision(&self, environment: Environment) -> Result<i64> {
        read::revision(&self.database, environment).await
    }
}
