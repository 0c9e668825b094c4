//! The ids by which clients report what happened to a message.

use async_graphql::SimpleObject;
use serde::Serialize;
use tidings_types::MessageId;

use crate::tracking::{Happening, TrackingId};

/// One for each thing that can happen.
#[derive(Clone, SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "clients know them by these names")]
pub(crate) struct TrackingIds {
    open_tracking_id: Option<String>,
    archive_tracking_id: Option<String>,
    click_tracking_id: Option<String>,
    deliver_tracking_id: Option<String>,
    read_tracking_id: Option<String>,
    unread_tracking_id: Option<String>,
}

impl TrackingIds {
    /// Those of a message.
    pub(crate) fn of(message: &MessageId) -> Self {
        let id = |happening| Some(TrackingId::new(happening, message).to_string());
        Self {
            open_tracking_id: id(Happening::Opened),
            archive_tracking_id: id(Happening::Archived),
            click_tracking_id: id(Happening::Clicked),
            deliver_tracking_id: id(Happening::Delivered),
            read_tracking_id: id(Happening::Read),
            unread_tracking_id: id(Happening::Unread),
        }
    }
}
