//! Where messages are kept for reading: the in-app feed and the outbox.

pub(crate) mod feed;
pub(crate) mod outbox;

use async_trait::async_trait;
use tidings_store::{Caught, FeedEntry, Page, PageRequest, Shelves};
use tidings_types::{Environment, Result, Timestamp};

use crate::PostgresStore;

#[async_trait]
impl Shelves for PostgresStore {
    async fn feed(
        &self,
        environment: Environment,
        user: &str,
        now: Timestamp,
        page: PageRequest,
    ) -> Result<Page<FeedEntry>> {
        feed::page(&self.database, environment, user, now, &page).await
    }

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
