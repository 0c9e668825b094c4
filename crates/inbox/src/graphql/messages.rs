//! Reading a person's messages.

use async_graphql::{Context, Object, Result};
use tidings_store::{Cursor, FeedEntry, FeedFilter, Page, PageRequest};
use tidings_types::MessageId;

use super::filter::FilterParamsInput;
use super::message::InboxMessage;
use super::page::PageInfo;
use super::{Viewer, services};

/// What a token must grant.
const READ: &[&str] = &["inbox:read:messages"];

/// How many messages a page has when nobody says, and at most: what the published clients assume.
const DEFAULT_LIMIT: i32 = 24;
const MAX_LIMIT: i32 = 100;

/// Reading a person's messages.
#[derive(Default)]
pub(super) struct MessagesQuery;

#[Object]
impl MessagesQuery {
    /// How many messages there are.
    async fn count(&self, context: &Context<'_>, params: Option<FilterParamsInput>) -> Result<Option<i32>> {
        Viewer::of(context)?.need(READ)?;
        Ok(Some(count(context, params.unwrap_or_default().filter()?).await?))
    }

    /// Messages, newest first.
    #[graphql(complexity = "10 + child_complexity")]
    async fn messages(
        &self,
        context: &Context<'_>,
        params: Option<FilterParamsInput>,
        limit: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<MessageConnection>> {
        let viewer = Viewer::of(context)?;
        viewer.need(READ)?;
        let filter = params.unwrap_or_default().filter()?;
        let limit = limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
        let after = after.filter(|cursor| !cursor.is_empty());
        let page = PageRequest {
            after: after.map(|cursor| Cursor::decode(&cursor)).transpose()?,
            limit: limit.unsigned_abs(),
        };
        let services = services(context)?;
        let now = services.clock.now();
        let user = viewer.user()?.as_str();
        let page = services
            .store
            .feed(viewer.environment(), user, filter.clone(), now, page)
            .await?;
        Ok(Some(MessageConnection { filter, page }))
    }

    /// One message.
    async fn message(&self, context: &Context<'_>, message_id: String) -> Result<Option<InboxMessage>> {
        let viewer = Viewer::of(context)?;
        viewer.need(READ)?;
        let services = services(context)?;
        let user = viewer.user()?.as_str();
        let message = MessageId::from(message_id);
        let found = services
            .store
            .feed_entry(viewer.environment(), user, &message, services.clock.now())
            .await?;
        Ok(found.map(InboxMessage))
    }
}

async fn count(context: &Context<'_>, filter: FeedFilter) -> Result<i32> {
    let (viewer, services) = (Viewer::of(context)?, services(context)?);
    let user = viewer.user()?.as_str();
    let count = services
        .store
        .feed_count(viewer.environment(), user, filter, services.clock.now())
        .await?;
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}

/// A page of messages.
pub(super) struct MessageConnection {
    filter: FeedFilter,
    page: Page<FeedEntry>,
}

#[Object]
impl MessageConnection {
    /// How many there are on all pages.
    async fn total_count(&self, context: &Context<'_>) -> Result<Option<i32>> {
        Ok(Some(count(context, self.filter.clone()).await?))
    }

    /// Where the list goes on.
    async fn page_info(&self) -> PageInfo {
        PageInfo::from(self.page.next.clone())
    }

    /// The messages.
    async fn nodes(&self) -> Vec<InboxMessage> {
        self.page.items.iter().cloned().map(InboxMessage).collect()
    }
}
