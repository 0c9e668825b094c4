//! Audiences and who belongs to them.

mod news;
mod read;
pub(crate) mod review;
mod write;

use async_trait::async_trait;
use tidings_store::{Audience, AudienceMember, AudienceWrite, Audiences, NewJob, Page, PageRequest};
use tidings_types::{Environment, Result, Timestamp, UserId};

use crate::SqliteStore;

#[async_trait]
impl Audiences for SqliteStore {
    async fn put_audience(&self, environment: Environment, write: AudienceWrite) -> Result<Audience> {
        self.write(move |job| write::put(job, environment, &write)).await
    }

    async fn audience(&self, environment: Environment, id: &str) -> Result<Option<Audience>> {
        let id = id.to_owned();
        self.read(move |sql| read::audience(sql, environment, &id)).await
    }

    async fn audiences(&self, environment: Environment, page: PageRequest) -> Result<Page<Audience>> {
        self.read(move |sql| read::audiences(sql, environment, &page)).await
    }

    async fn delete_audience(&self, environment: Environment, id: &str, rebuild: NewJob) -> Result<bool> {
        let id = id.to_owned();
        self.write(move |job| write::delete(job, environment, &id, &rebuild))
            .await
    }

    async fn audience_members(
        &self,
        environment: Environment,
        id: &str,
        page: PageRequest,
    ) -> Result<Page<AudienceMember>> {
        let id = id.to_owned();
        self.read(move |sql| read::members(sql, environment, &id, &page)).await
    }

    async fn is_audience_member(&self, environment: Environment, id: &str, user: &UserId) -> Result<bool> {
        let (id, user) = (id.to_owned(), user.clone());
        self.read(move |sql| read::is_member(sql, environment, &id, &user))
            .await
    }

    async fn rebuild_audience(
        &self,
        environment: Environment,
        id: &str,
        after: Option<&UserId>,
        now: Timestamp,
        limit: u32,
    ) -> Result<Option<UserId>> {
        let (id, after) = (id.to_owned(), after.cloned());
        self.write_later(usize::try_from(limit).unwrap_or(usize::MAX), move |job| {
            review::page(job.sql, environment, &id, after.as_ref(), now, limit)
        })
        .await
    }

    async fn review_audiences(&self, environment: Environment, user: &UserId, key: &str, now: Timestamp) -> Result<()> {
        let (user, key) = (user.clone(), key.to_owned());
        self.write(move |job| review::person(job.sql, environment, &user, &key, now))
            .await
    }

    async fn tell_audience(&self, environment: Environment, id: &str, now: Timestamp) -> Result<()> {
        let id = id.to_owned();
        self.write(move |job| news::calculated(job.sql, environment, &id, now))
            .await
    }

    async fn sweep_audience(&self, environment: Environment, id: &str, now: Timestamp, limit: u32) -> Result<u32> {
        let id = id.to_owned();
        self.write(move |job| write::sweep(job.sql, environment, &id, now, limit))
            .await
    }
}
