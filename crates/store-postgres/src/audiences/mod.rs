//! Audiences and who belongs to them.

mod news;
mod read;
pub(crate) mod review;
mod write;

use async_trait::async_trait;
use tidings_store::{Audience, AudienceMember, AudienceWrite, Audiences, NewJob, Page, PageRequest};
use tidings_types::{Environment, Result, Timestamp, UserId};

use crate::PostgresStore;
use crate::notification::Notification;

#[async_trait]
impl Audiences for PostgresStore {
    async fn put_audience(&self, environment: Environment, write: AudienceWrite) -> Result<Audience> {
        self.write_and_tell(write::Put { environment, write }, [Notification::Jobs])
            .await
    }

    async fn audience(&self, environment: Environment, id: &str) -> Result<Option<Audience>> {
        read::audience(&self.database, environment, id).await
    }

    async fn audiences(&self, environment: Environment, page: PageRequest) -> Result<Page<Audience>> {
        read::audiences(&self.database, environment, &page).await
    }

    async fn delete_audience(&self, environment: Environment, id: &str, rebuild: NewJob) -> Result<bool> {
        let delete = write::Delete {
            environment,
            id,
            rebuild,
        };
        self.write_and_tell(delete, [Notification::Jobs]).await
    }

    async fn audience_members(
        &self,
        environment: Environment,
        id: &str,
        page: PageRequest,
    ) -> Result<Page<AudienceMember>> {
        read::members(&self.database, environment, id, &page).await
    }

    async fn is_audience_member(&self, environment: Environment, id: &str, user: &UserId) -> Result<bool> {
        read::is_member(&self.database, environment, id, user).await
    }

    async fn rebuild_audience(
        &self,
        environment: Environment,
        id: &str,
        after: Option<&UserId>,
        now: Timestamp,
        limit: u32,
    ) -> Result<Option<UserId>> {
        self.write(review::PageOf {
            environment,
            id,
            after,
            now,
            limit,
        })
        .await
    }

    async fn review_audiences(&self, environment: Environment, user: &UserId, key: &str, now: Timestamp) -> Result<()> {
        self.write(review::Person {
            environment,
            user,
            key,
            now,
        })
        .await
    }

    async fn tell_audience(&self, environment: Environment, id: &str, now: Timestamp) -> Result<()> {
        self.write(news::Calculated { environment, id, now }).await
    }

    async fn sweep_audience(&self, environment: Environment, id: &str, now: Timestamp, limit: u32) -> Result<u32> {
        self.write(write::Sweep {
            environment,
            id,
            now,
            limit,
        })
        .await
    }
}
