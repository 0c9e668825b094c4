//! Requests with many messages: how far they are, and calling them off.

use async_trait::async_trait;
use tidings_types::{Environment, MessageId, RequestId, Result, Status, Timestamp, UserId};

/// Something to be said of a request beside its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestNote {
    /// The request.
    pub request_id: RequestId,
    /// The entry of `to` it is about, counting from zero.
    pub entry: u32,
    /// In words.
    pub note: String,
}

/// How far a request is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestProgress {
    /// How many crowds, or parts of crowds, are still to be expanded.
    pub expanding: u64,
    /// How many of them were given up after many failures.
    pub given_up: u64,
    /// What else there is to say.
    pub notes: Vec<RequestNote>,
}

/// What calling off a page of messages came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CanceledPage {
    /// The last message looked at; none when there are no more.
    pub next: Option<MessageId>,
    /// How many were called off.
    pub canceled: u32,
}

/// What hiding a page of messages came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchivedPage {
    /// The messages that were looked at, hidden by now, and whose they are.
    pub messages: Vec<(MessageId, Option<UserId>)>,
    /// The last message looked at; none when there are no more.
    pub next: Option<MessageId>,
}

/// Requests with many messages.
#[async_trait]
pub trait Requests: Send + Sync + 'static {
    /// How far a request is. Empty for one that is not there.
    async fn request_progress(&self, environment: Environment, id: &RequestId) -> Result<RequestProgress>;

    /// How many of a request's messages stand where: counted, by status in the order of their names. Empty for one that is
    /// not there. Takes as long as there are messages.
    async fn count_messages(&self, environment: Environment, id: &RequestId) -> Result<Vec<(Status, u64)>>;

    /// Hides messages of a request from listings, by their ids, from one on: at most `limit` and, at the beginning, the one
    /// that has the id itself.
    async fn archive_messages(
        &self,
        environment: Environment,
        id: &RequestId,
        after: Option<&MessageId>,
        limit: u32,
    ) -> Result<ArchivedPage>;

    /// Calls a request off: no more of its crowds is expanded, and the request says so from now on. Its messages are
    /// called off with [`Requests::cancel_messages`]. False when there is none.
    async fn cancel_request(&self, environment: Environment, id: &RequestId, now: Timestamp) -> Result<bool>;

    /// Calls off messages of a request that has several, by their ids, from one on: those that nobody holds and that have
    /// not ended. At most `limit` are looked at.
    async fn cancel_messages(
        &self,
        environment: Environment,
        id: &RequestId,
        after: Option<&MessageId>,
        now: Timestamp,
        limit: u32,
    ) -> Result<CanceledPage>;
}
