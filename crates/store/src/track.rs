//! Events that the calling application tells of: something somebody did, or who somebody is.

use async_trait::async_trait;
use tidings_types::{Environment, Object, Result, Timestamp};

use crate::{Page, PageRequest};

/// What an event tells of. The kinds are those of the calls of Segment's specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrackKind {
    /// Something somebody did.
    Track,
    /// Who somebody is.
    Identify,
    /// Where somebody belongs.
    Group,
    /// A page somebody saw.
    Page,
    /// A screen of an app somebody saw.
    Screen,
    /// Another id of somebody.
    Alias,
}

impl TrackKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Track,
        Self::Identify,
        Self::Group,
        Self::Page,
        Self::Screen,
        Self::Alias,
    ];

    /// As stored, and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Identify => "identify",
            Self::Group => "group",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Alias => "alias",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// Something that was told of.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackEvent {
    /// The caller's id for it, by which it is taken once.
    pub message_id: String,
    /// Of which kind it is.
    pub kind: TrackKind,
    /// What happened.
    pub event: String,
    /// Who did it.
    pub user_id: Option<String>,
    /// What there is to know of it.
    pub properties: Object,
    /// When it came in.
    pub at: Timestamp,
}

/// What an event changes of its person.
#[derive(Clone, Debug, PartialEq)]
pub enum TrackEffect {
    /// This is merged into their profile.
    Profile(Object),
    /// They belong to this tenant.
    Tenant(String),
}

/// Events that came in.
#[async_trait]
pub trait Track: Send + Sync + 'static {
    /// Takes an event, and changes what it changes of its person, if it has one. False when one by its id was taken before:
    /// nothing is written then.
    ///
    /// # Errors
    /// `Invalid` when the profile cannot be so; nothing is written then either.
    async fn take_track_event(
        &self,
        environment: Environment,
        event: TrackEvent,
        effect: Option<TrackEffect>,
    ) -> Result<bool>;

    /// Events, newest first.
    async fn track_events(&self, environment: Environment, page: PageRequest) -> Result<Page<TrackEvent>>;

    /// One event.
    async fn track_event(&self, environment: Environment, message_id: &str) -> Result<Option<TrackEvent>>;
}
