//! What is kept for looking at.

use async_trait::async_trait;
use tidings_store::{Caught, Page, PageRequest, Shelves};
use tidings_types::{Environment, Result};

use crate::{SqliteStore, outbox};

#[async_trait]
impl Shelves for SqliteStore {
    async fn outbox(&self, environment: Option<Environment>, page: PageRequest) -> Result<Page<Caught>> {
        self.read(move |sql| outbox::page(sql, environment, &page)).await
    }

    async fn outbox_since(&self, environment: Option<Environment>, after: i64, limit: u32) -> Result<Vec<Caught>> {
        self.read(move |sql| outbox::since(sql, environment, after, limit))
            .await
    }

    async fn caught(&self, number: i64) -> Result<Option<Caught>> {
        self.read(move |sql| outbox::one(sql, number)).await
    }

    async fn clear_outbox(&self, environment: Option<Environment>) -> Result<()> {
        self.write(move |write| outbox::clear(write.sql, environment)).await
    }
}
