//! People's in-app feeds.

mod append;
mod list;
mod mark;
mod news;
mod row;
mod sequence;

use async_trait::async_trait;
use rusqlite::params;
use tidings_store::{
    BulkMarked, BulkMarking, FeedEntry, FeedFilter, FeedPosition, Feeds, Followed, Marked, Marking, News, Page,
    PageRequest,
};
use tidings_types::{Environment, MessageId, Result, Timestamp};

pub(crate) use self::append::append;
use crate::{SqliteStore, codec};

#[async_trait]
impl Feeds for SqliteStore {
    async fn feed(
        &self,
        environment: Environment,
        user: &str,
        filter: FeedFilter,
        now: Timestamp,
        page: PageRequest,
    ) -> Result<Page<FeedEntry>> {
        let user = user.to_owned();
        self.read(move |sql| list::page(sql, environment, &user, &filter, now, &page))
            .await
    }

    async fn feed_count(
        &self,
        environment: Environment,
        user: &str,
        filter: FeedFilter,
        now: Timestamp,
    ) -> Result<u64> {
        let user = user.to_owned();
        self.read(move |sql| list::count(sql, environment, &user, &filter, now))
            .await
    }

    async fn feed_entry(
        &self,
        environment: Environment,
        user: &str,
        message: &MessageId,
        now: Timestamp,
    ) -> Result<Option<FeedEntry>> {
        let (user, message) = (user.to_owned(), message.clone());
        self.read(move |sql| row::one(sql, environment, &user, &message, now))
            .await
    }

    async fn mark_each(&self, markings: Vec<Marking>) -> Result<Vec<Marked>> {
        self.write(move |write| markings.iter().map(|one| mark::mark(write, one)).collect())
            .await
    }

    async fn mark_all(&self, marking: BulkMarking) -> Result<BulkMarked> {
        self.write(move |write| mark::mark_all(write, &marking)).await
    }

    async fn follow(&self, followed: Followed) -> Result<i64> {
        let (environment, user) = (followed.environment, followed.user_id.clone());
        if followed.source.is_some() && followed.tenant_id.is_some() {
            self.write(move |write| {
                write
                    .sql
                    .prepare_cached(
                        "INSERT INTO feed_sources (environment, user_id, source, tenant, at) VALUES (?1, ?2, ?3, ?4, ?5)
                         ON CONFLICT DO UPDATE SET tenant = excluded.tenant, at = excluded.at",
                    )?
                    .execute(params![
                        codec::environment(followed.environment),
                        followed.user_id,
                        followed.source,
                        followed.tenant_id,
                        followed.at.as_millis()
                    ])?;
                Ok(())
            })
            .await?;
        }
        self.read(move |sql| sequence::last(sql, environment, &user)).await
    }

    async fn news(&self, positions: Vec<FeedPosition>, now: Timestamp, limit: u32) -> Result<Vec<News>> {
        self.read(move |sql| news::news(sql, &positions, now, limit)).await
    }

    async fn prune_feed(&self, changes_before: Timestamp, sources_before: Timestamp) -> Result<u64> {
        self.write(move |write| {
            let gone = write
                .sql
                .prepare_cached("DELETE FROM feed_changes WHERE at < ?1")?
                .execute([changes_before.as_millis()])?;
            write
                .sql
                .prepare_cached("DELETE FROM feed_sources WHERE at < ?1")?
                .execute([sources_before.as_millis()])?;
            Ok(u64::try_from(gone).unwrap_or(u64::MAX))
        })
        .await
    }
}
