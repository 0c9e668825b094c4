//! Events that the calling application tells of: something somebody did.

use async_trait::async_trait;
use tidings_types::{Environment, Object, Result, Timestamp};

use crate::{Page, PageRequest};

/// Something somebody did.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackEvent {
    /// The caller's id for it, by which it is taken once.
    pub message_id: String,
    /// What happened.
    pub event: String,
    /// Who did it.
    pub user_id: Option<String>,
    /// What there is to know of it.
    pub properties: Object,
    /// When it came in.
    pub at: Timestamp,
}

/// Events that came in.
#[async_trait]
pub trait Track: Send + Sync + 'static {
    /// Takes an event. False when one by its id was taken before: nothing is written then.
    async fn take_track_event(&self, environment: Environment, event: TrackEvent) -> Result<bool>;

    /// Events, newest first.
    async fn track_events(&self, environment: Environment, page: PageRequest) -> Result<Page<TrackEvent>>;

    /// One event.
    async fn track_event(&self, environment: Environment, message_id: &str) -> Result<Option<TrackEvent>>;
}
