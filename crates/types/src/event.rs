//! What happened to a message: the lines of its timeline.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::status::wire_enum;
use crate::{Object, Timestamp};

wire_enum! {
    /// The kinds of line in a message's history.
    EventType {
        /// Accepted.
        Enqueued => "ENQUEUED",
        /// The template was found.
        Mapped => "MAPPED",
        /// The profile was loaded and merged.
        ProfileLoaded => "PROFILE_LOADED",
        /// Held.
        Delayed => "DELAYED",
        /// Held for a digest.
        Digested => "DIGESTED",
        /// The channel decision was made.
        Routed => "ROUTED",
        /// Rendered for a channel.
        Rendered => "RENDERED",
        /// A provider is being called.
        Delivering => "DELIVERING",
        /// A provider took it over.
        Sent => "SENT",
        /// The provider confirmed delivery.
        Delivered => "DELIVERED",
        /// It was opened.
        Opened => "OPENED",
        /// Something in it was clicked.
        Clicked => "CLICKED",
        /// The person marked it as read.
        Read => "READ",
        /// The person marked it as unread again.
        Unread => "UNREAD",
        /// The person put it away.
        Archived => "ARCHIVED",
        /// The person took it back from where they put it.
        Unarchived => "UNARCHIVED",
        /// The person unsubscribed at the provider.
        Unsubscribed => "UNSUBSCRIBED",
        /// A machine, such as a link scanner, opened it or followed a link in it. It counts as nothing.
        Scanned => "SCANNED",
        /// Suppressed by preference or condition.
        Filtered => "FILTERED",
        /// Dropped by a send limit.
        Throttled => "THROTTLED",
        /// Called off.
        Canceled => "CANCELED",
        /// Simulated.
        Simulated => "SIMULATED",
        /// A provider failed, or the message ended without reaching the person.
        Undeliverable => "UNDELIVERABLE",
        /// Nothing could be attempted.
        Unroutable => "UNROUTABLE",
        /// The template or event is unknown.
        Unmapped => "UNMAPPED",
    }
}

/// One line of a message's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// When.
    pub ts: Timestamp,
    /// What else is known of it, by the names of the public API.
    #[serde(flatten)]
    pub fields: Object,
}

impl Event {
    /// A line without further fields.
    pub fn new(kind: EventType, ts: Timestamp) -> Self {
        Self {
            kind,
            ts,
            fields: Object::new(),
        }
    }

    /// Adds a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }
}
