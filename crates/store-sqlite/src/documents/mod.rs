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

use crate::SqliteStore;

#[async_trait]
impl Documents for SqliteStore {
    async fn create_document(&self, environment: Environment, new: NewDocument) -> Result<Document> {
        self.write(move |job| create::create(job.sql, environment, new.clone()))
            .await
    }

    async fn write_document(&self, environment: Environment, write: DocumentWrite) -> Result<Option<Document>> {
        self.write(move |job| write::write(job.sql, environment, write.clone()))
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
        let (id, by) = (id.to_owned(), by.to_owned());
        self.write(move |job| publish::publish(job.sql, environment, kind, &id, version, now, &by))
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
        let (id, seen) = (id.to_owned(), seen.cloned());
        self.write(move |job| publish::put_in_force(job.sql, environment, kind, &id, version, seen.as_ref(), now))
            .await
    }

    async fn name_document(&self, environment: Environment, kind: DocumentKind, name: &str, id: &str) -> Result<bool> {
        let (name, id) = (name.to_owned(), id.to_owned());
        self.write(move |job| names::give(job.sql, environment, kind, &name, &id))
            .await
    }

    async fn document_names(&self, environment: Environment, kind: DocumentKind) -> Result<Vec<(String, String)>> {
        self.read(move |sql| names::all(sql, environment, kind)).await
    }

    async fn archive_document(&self, environment: Environment, kind: DocumentKind, id: &str) -> Result<bool> {
        let id = id.to_owned();
        self.write(move |job| write::archive(job.sql, environment, kind, &id))
            .await
    }

    async fn document(&self, environment: Environment, kind: DocumentKind, id: &str) -> Result<Option<Document>> {
        let id = id.to_owned();
        self.read(move |sql| read::document(sql, environment, kind, &id)).await
    }

    async fn archived_document(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
    ) -> Result<Option<Document>> {
        let id = id.to_owned();
        self.read(move |sql| read::archived(sql, environment, kind, &id)).await
    }

    async fn document_by_name(
        &self,
        environment: Environment,
        kind: DocumentKind,
        name: &str,
    ) -> Result<Option<Document>> {
        let name = name.to_owned();
        self.read(move |sql| read::by_name(sql, environment, kind, &name)).await
    }

    async fn documents(
        &self,
        environment: Environment,
        kind: DocumentKind,
        parent: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Document>> {
        let parent = parent.map(str::to_owned);
        self.read(move |sql| read::page(sql, environment, kind, parent.as_deref(), &page))
            .await
    }

    async fn versions(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
        page: PageRequest,
    ) -> Result<Page<DocumentVersion>> {
        let id = id.to_owned();
        self.read(move |sql| read::versions(sql, environment, kind, &id, &page))
            .await
    }

    async fn version(
        &self,
        environment: Environment,
        kind: DocumentKind,
        id: &str,
        number: u32,
    ) -> Result<Option<DocumentVersion>> {
        let id = id.to_owned();
        self.read(move |sql| read::version(sql, environment, kind, &id, number))
            .await
    }

    async fn documents_revision(&self, environment: Environment) -> Result<i64> {
        self.read(move |sql| read::revision(sql, environment)).await
    }
}
