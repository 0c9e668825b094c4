//! What the older web packages report by tracking id.

use async_graphql::{Context, Object, Result, SimpleObject};
use tidings_store::{BulkMark, Mark};

use super::marks::{COST, many_by, one_by};
use super::{Viewer, services};
use crate::tracking::{Happening, TrackingId};
use tidings_pipeline::marking;

/// What a token must grant to report by tracking id: what is needed to do the same by name, or the scope of its own.
const TRACK: &[&str] = &[
    "inbox:write:events",
    "inbox:write:event",
    "inbox:write:messages",
    "write:track",
];

/// Reporting by tracking id.
#[derive(Default)]
pub(super) struct TrackMutation;

#[Object]
impl TrackMutation {
    /// Something happened to one message. Null when there is no such message.
    #[graphql(complexity = COST)]
    async fn track_event(&self, context: &Context<'_>, tracking_id: String) -> Result<Option<TrackEventResult>> {
        let Some(TrackingId { happening, message }) = TrackingId::parse(&tracking_id) else {
            return Ok(None);
        };
        let mark = match happening {
            Happening::Opened => Mark::Opened,
            Happening::Archived => Mark::Archived,
            Happening::Clicked => Mark::Clicked,
            Happening::Read => Mark::Read,
            Happening::Unread => Mark::Unread,
            Happening::Delivered => {
                let viewer = Viewer::of(context)?;
                viewer.need(TRACK)?;
                let known =
                    marking::delivered(services(context)?, viewer.environment(), viewer.user()?, &message).await?;
                return Ok(known.then_some(TrackEventResult { id: tracking_id }));
            }
        };
        let known = one_by(context, TRACK, message.into_string(), mark).await?;
        Ok((known == Some(true)).then_some(TrackEventResult { id: tracking_id }))
    }

    /// Something happened to all messages: `read`, `opened` or `archived`. Returns the tracking ids of those that changed.
    #[graphql(complexity = COST)]
    async fn batch_track_event(
        &self,
        context: &Context<'_>,
        event_type: String,
    ) -> Result<Option<BatchTrackEventResult>> {
        let (mark, happening) = match event_type.to_ascii_lowercase().as_str() {
            "read" => (BulkMark::AllRead, Happening::Read),
            "opened" | "open" => (BulkMark::AllOpened, Happening::Opened),
            "archived" | "archive" => (BulkMark::AllArchived, Happening::Archived),
            _ => return Ok(None),
        };
        let changed = many_by(context, TRACK, mark).await?;
        let ids = changed
            .iter()
            .map(|message| TrackingId::new(happening, message).to_string());
        Ok(Some(BatchTrackEventResult { ids: ids.collect() }))
    }
}

/// What was reported.
#[derive(SimpleObject)]
struct TrackEventResult {
    id: String,
}

/// What was reported of many.
#[derive(SimpleObject)]
struct BatchTrackEventResult {
    ids: Vec<String>,
}
