//! What people do with their messages.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};
use tidings_store::{BulkMark, BulkMarking, Mark, Marked, Marking};
use tidings_types::{Error, MessageId};

use super::later::Later;
use super::{Viewer, services};
use tidings_pipeline::marking;

/// What a token must grant, in the spellings the published clients know.
const WRITE: &[&str] = &["inbox:write:events", "inbox:write:event", "inbox:write:messages"];

/// What a change counts among a query's fields, so that one query makes at most a hundred: clients make fifty.
pub(super) const COST: usize = super::MAX_FIELDS / 100;

/// What people do with their messages. Every answer says whether there is such a message; doing something twice is as good
/// as once.
#[derive(Default)]
pub(super) struct MarksMutation;

#[Object]
impl MarksMutation {
    /// It counts as read.
    #[graphql(complexity = COST)]
    async fn read(&self, context: &Context<'_>, message_id: String) -> Result<Option<bool>> {
        one(context, message_id, Mark::Read).await
    }

    /// It no longer counts as read.
    #[graphql(complexity = COST)]
    async fn unread(&self, context: &Context<'_>, message_id: String) -> Result<Option<bool>> {
        one(context, message_id, Mark::Unread).await
    }

    /// It came into view.
    #[graphql(complexity = COST)]
    async fn opened(&self, context: &Context<'_>, message_id: String) -> Result<Option<bool>> {
        later(context, message_id, Mark::Opened).await
    }

    /// It is put away.
    #[graphql(complexity = COST)]
    async fn archive(&self, context: &Context<'_>, message_id: String) -> Result<Option<bool>> {
        one(context, message_id, Mark::Archived).await
    }

    /// It is taken out again.
    #[graphql(complexity = COST)]
    async fn unarchive(&self, context: &Context<'_>, message_id: String) -> Result<Option<bool>> {
        one(context, message_id, Mark::Unarchived).await
    }

    /// It, or something in it, was clicked.
    #[graphql(complexity = COST)]
    async fn clicked(
        &self,
        context: &Context<'_>,
        message_id: String,
        tracking_id: Option<String>,
    ) -> Result<Option<bool>> {
        // The tracking id says the same again.
        drop(tracking_id);
        one(context, message_id, Mark::Clicked).await
    }

    /// It loses its place.
    #[graphql(complexity = COST)]
    async fn unpin(&self, context: &Context<'_>, message_id: String) -> Result<Option<bool>> {
        one(context, message_id, Mark::Unpinned).await
    }

    /// It gets a tag.
    #[graphql(complexity = COST)]
    async fn add_tag(&self, context: &Context<'_>, message_id: String, tag: String) -> Result<Option<bool>> {
        if tidings_types::tag::check(&tag).is_err() {
            return Ok(Some(false));
        }
        one(context, message_id, Mark::Tagged(tag)).await
    }

    /// It loses a tag.
    #[graphql(complexity = COST)]
    async fn remove_tag(&self, context: &Context<'_>, message_id: String, tag: String) -> Result<Option<bool>> {
        one(context, message_id, Mark::Untagged(tag)).await
    }

    /// All count as read: those of the tenant that the client shows, or of all when it shows none.
    #[graphql(complexity = COST)]
    async fn mark_all_read(&self, context: &Context<'_>) -> Result<Option<bool>> {
        many(context, BulkMark::AllRead).await.map(|_| Some(true))
    }

    /// All that are read are put away, of the same tenants.
    #[graphql(complexity = COST)]
    async fn archive_read(&self, context: &Context<'_>) -> Result<Option<bool>> {
        many(context, BulkMark::ReadArchived).await.map(|_| Some(true))
    }

    /// All are put away, of the same tenants.
    #[graphql(complexity = COST)]
    async fn archive_all(&self, context: &Context<'_>) -> Result<Option<bool>> {
        many(context, BulkMark::AllArchived).await.map(|_| Some(true))
    }
}

/// Does something to a message. False when there is none.
async fn one(context: &Context<'_>, message_id: String, mark: Mark) -> Result<Option<bool>> {
    one_by(context, WRITE, message_id, mark).await
}

/// The same for who has any of these items.
pub(super) async fn one_by(
    context: &Context<'_>,
    items: &[&str],
    message_id: String,
    mark: Mark,
) -> Result<Option<bool>> {
    let marking = marking(context, items, message_id, mark)?;
    let marked = marking::one(services(context)?, marking).await?;
    Ok(Some(!matches!(marked, Marked::Unknown)))
}

/// Does something to a message at the end of the query. False when there is none.
async fn later(context: &Context<'_>, message_id: String, mark: Mark) -> Result<Option<bool>> {
    let marking = marking(context, WRITE, message_id, mark)?;
    let Ok(later) = context.data::<Arc<Later>>() else {
        return Err(Error::internal("a query has no end").into());
    };
    let Marking { environment, at, .. } = marking;
    let found = services(context)?
        .store
        .feed_entry(environment, &marking.user_id, &marking.message_id, at)
        .await?;
    let is_there = found.is_some();
    if is_there {
        later.add(marking);
    }
    Ok(Some(is_there))
}

/// What the person who asks does, if they may.
fn marking(context: &Context<'_>, items: &[&str], message_id: String, mark: Mark) -> Result<Marking> {
    let viewer = Viewer::of(context)?;
    viewer.need(items)?;
    Ok(Marking {
        environment: viewer.environment(),
        user_id: viewer.user()?.to_string(),
        message_id: MessageId::from(message_id),
        mark,
        at: services(context)?.clock.now(),
        source: viewer.source().map(str::to_owned),
        via: None,
    })
}

/// Does something to many messages; returns those that changed.
async fn many(context: &Context<'_>, mark: BulkMark) -> Result<Vec<MessageId>> {
    many_by(context, WRITE, mark).await
}

/// The same for who has any of these items.
pub(super) async fn many_by(context: &Context<'_>, items: &[&str], mark: BulkMark) -> Result<Vec<MessageId>> {
    let viewer = Viewer::of(context)?;
    viewer.need(items)?;
    let services = services(context)?;
    let marking = BulkMarking {
        environment: viewer.environment(),
        user_id: viewer.user()?.to_string(),
        mark,
        at: services.clock.now(),
        source: viewer.source().map(str::to_owned),
    };
    Ok(marking::many(services, marking).await?)
}
