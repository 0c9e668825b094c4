//! What is kept for looking at.

use async_trait::async_trait;
use tidings_store::{Caught, Page, PageRequest, Shelves};
use tidings_types::{Environment, Result};

use crate::{PostgresStore, outbox};

#[async_trait]
impl Shelves for PostgresStore {
    async fn outbox(&self, environment: Option<Environment>, page: PageRequest) -> Result<Page<Caught>> {
        outbox::page(&self.database, environment, &page).await
    }

    async fn outbox_since(&self, environment: Option<Environment>, after: i64, limit: u32) -> Result<Vec<Caught>> {
        outbox::since(&self.database, environment, after, limit).await
    }

    async fn caught(&self, number: i64) -> Result<Option<Caught>> {
        outbox::one(&self.database, number).await
    }

    async fn clear_outbox(&self, environment: Option<Environment>) -> Result<()> {
        outbox::clear(self, environment).await
    }
}
