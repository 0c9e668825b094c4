//! People's in-app feeds.

mod append;
mod list;
mod mark;
mod news;
mod row;

use async_trait::async_trait;
use tidings_store::{
    BulkMarked, BulkMarking, FeedEntry, FeedFilter, FeedPosition, Feeds, Followed, Marked, Marking, News, Page,
    PageRequest,
};
use tidings_types::{Environment, MessageId, Result, Timestamp};

pub(crate) use self::append::append;
use crate::PostgresStore;
use crate::codec::{self, Cells};
use crate::notification::Notification;

#[async_trait]
impl Feeds for PostgresStore {
    async fn feed(
        &self,
        environment: Environment,
        user: &str,
        filter: FeedFilter,
        now: Timestamp,
        page: PageRequest,
    ) -> Result<Page<FeedEntry>> {
        list::page(&self.database, environment, user, &filter, now, &page).await
    }

    async fn feed_count(
        &self,
        environment: Environment,
        user: &str,
        filter: FeedFilter,
        now: Timestamp,
    ) -> Result<u64> {
        list::count(&self.database, environment, user, &filter, now).await
    }

    async fn feed_entry(
        &self,
        environment: Environment,
        user: &str,
        message: &MessageId,
        now: Timestamp,
    ) -> Result<Option<FeedEntry>> {
        let row = self
            .database
            .read_one(
                &row::one_query(),
                &[
                    &codec::environment(environment),
                    &user,
                    &message.as_str(),
                    &now.as_millis(),
                ],
            )
            .await?;
        Ok(row.map(|row| row::entry(&mut Cells::new(&row))).transpose()?)
    }

    async fn mark_each(&self, markings: Vec<Marking>) -> Result<Vec<Marked>> {
        let Some(first) = markings.first() else {
            return Ok(Vec::new());
        };
        let news = Notification::feed(first.environment, &first.user_id);
        let marked = self.write(mark::MarkEach(markings)).await?;
        if marked.iter().any(|one| matches!(one, Marked::Changed { .. })) {
            self.tell(news);
        }
        Ok(marked)
    }

    async fn mark_all(&self, marking: BulkMarking) -> Result<BulkMarked> {
        let news = Notification::feed(marking.environment, &marking.user_id);
        let marked = self.write(mark::MarkAll(marking)).await?;
        if !marked.messages.is_empty() {
            self.tell(news);
        }
        Ok(marked)
    }

    async fn follow(&self, followed: Followed) -> Result<i64> {
        let environment = codec::environment(followed.environment);
        if followed.source.is_some() && followed.tenant_id.is_some() {
            self.execute(
                "INSERT INTO feed_sources (environment, user_id, source, tenant, at) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (environment, user_id, source) DO UPDATE SET tenant = excluded.tenant, at = excluded.at",
                &[
                    &environment,
                    &followed.user_id,
                    &followed.source,
                    &followed.tenant_id,
                    &followed.at.as_millis(),
                ],
            )
            .await?;
        }
        let row = self
            .database
            .read_one(
                "SELECT sequence FROM feed_ends WHERE environment = $1 AND user_id = $2",
                &[&environment, &followed.user_id],
            )
            .await?;
        Ok(row.map_or(Ok(0), |row| Cells::new(&row).take())?)
    }

    async fn news(&self, positions: Vec<FeedPosition>, now: Timestamp, limit: u32) -> Result<Vec<News>> {
        news::news(&self.database, &positions, now, limit).await
    }

    async fn prune_feed(&self, changes_before: Timestamp, sources_before: Timestamp) -> Result<u64> {
        self.execute("DELETE FROM feed_sources WHERE at < $1", &[&sources_before.as_millis()])
            .await?;
        let gone = self
            .execute(
                "WITH gone AS (DELETE FROM feed_changes WHERE at < $1 RETURNING 1) SELECT COUNT(*) FROM gone",
                &[&changes_before.as_millis()],
            )
            .await?;
        Ok(gone.first().map_or(Ok(0), |row| Cells::new(row).count())?)
    }
}
