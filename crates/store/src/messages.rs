//! Messages: accepted, queued, carried out, remembered.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_types::{
    Environment, Event, KeyMode, KeyScope, Lane, MessageId, Progress, Reason, RequestId, Result, Status, Timestamp,
    Trace, UserId,
};

use crate::{Holding, IdempotencyKey, NewCaught, NewFeedEntry, NewJob, Page, PageRequest, StoredReply, Told};

/// A request to be accepted, with its messages. Its body is stored once, whatever the number of messages.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The request.
    pub request: RequestRow,
    /// Its messages; their queue rows are written with them.
    pub messages: Vec<NewMessage>,
    /// Jobs that follow from it.
    pub jobs: Vec<NewJob>,
    /// The reply to keep for repeated calls, written in the same transaction.
    pub idempotency: Option<(IdempotencyKey, StoredReply)>,
}

/// One accepted API call.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestRow {
    /// Its id.
    pub id: RequestId,
    /// Its environment.
    pub environment: Environment,
    /// Published or draft templates.
    pub scope: KeyScope,
    /// Live or mock.
    pub mode: KeyMode,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// The `message` object without `to`, as JSON text.
    pub spec: String,
    /// The entries of `to` that stand for many, as JSON text; none when each stands for one person.
    pub crowds: Option<String>,
    /// When it was called off.
    pub canceled_at: Option<Timestamp>,
}

/// A message to be accepted.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Its id.
    pub id: MessageId,
    /// The recipient as the log names it.
    pub recipient: String,
    /// The person, when known to us by id.
    pub user_id: Option<UserId>,
    /// This recipient's entry of `to`, as JSON text.
    pub to: String,
    /// `event` in the log.
    pub event: String,
    /// `notification` in the log: the template's id or what was asked for.
    pub notification: String,
    /// Tags.
    pub tags: Vec<String>,
    /// The caller's correlation string.
    pub trace_id: Option<String>,
    /// The tenant.
    pub tenant_id: Option<String>,
    /// Whether its data must be redacted later and never logged.
    pub one_time: bool,
    /// Its queue.
    pub lane: Lane,
    /// When it is due: now, unless delayed.
    pub due: Timestamp,
    /// When it must have a final status; later than that is an alarm.
    pub deadline: Timestamp,
}

/// A stored message.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageRow {
    /// Its environment.
    pub environment: Environment,
    /// Its id.
    pub id: MessageId,
    /// The request it came from.
    pub request_id: RequestId,
    /// The recipient as the log names it.
    pub recipient: String,
    /// The person, when known to us by id.
    pub user_id: Option<UserId>,
    /// This recipient's entry of `to`, as JSON text.
    pub to: String,
    /// `event` in the log.
    pub event: String,
    /// `notification` in the log.
    pub notification: String,
    /// Tags.
    pub tags: Vec<String>,
    /// The caller's correlation string.
    pub trace_id: Option<String>,
    /// The tenant.
    pub tenant_id: Option<String>,
    /// Whether its data is redacted later and never logged.
    pub one_time: bool,
    /// Whether its data was redacted.
    pub redacted: bool,
    /// Where it stands.
    pub status: Status,
    /// Why it ended without reaching the person.
    pub reason: Option<Reason>,
    /// In words.
    pub error: Option<String>,
    /// When it was accepted.
    pub enqueued: Timestamp,
    /// When a provider first took it over.
    pub sent: Option<Timestamp>,
    /// When delivery was first confirmed.
    pub delivered: Option<Timestamp>,
    /// When it was first opened.
    pub opened: Option<Timestamp>,
    /// When something in it was first clicked.
    pub clicked: Option<Timestamp>,
    /// When it was called off.
    pub canceled_at: Option<Timestamp>,
    /// Whether it is hidden from listings.
    pub archived: bool,
    /// One entry per provider that was called.
    pub providers: Vec<ProviderRecord>,
    /// How far it has come.
    pub progress: Progress,
    /// Why.
    pub trace: Trace,
    /// What has been told of it since; put into the fields above when it is read.
    pub told: Told,
}

/// What one provider made of a message: an entry of `providers` on the wire.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProviderRecord {
    /// `{key, name, template}`.
    pub channel: Value,
    /// The provider's key.
    pub provider: String,
    /// `SENT`, `DELIVERED`, `OPENED`, `CLICKED` or `UNDELIVERABLE`.
    pub status: String,
    /// The provider's ids for the message.
    #[serde(default)]
    pub reference: Value,
    /// When it took the message over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Timestamp>,
    /// When it confirmed delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<Timestamp>,
    /// When it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Timestamp>,
    /// When something in it was clicked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clicked: Option<Timestamp>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A rendering kept for `GET /messages/{id}/output`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// The channel's class, such as `email`.
    pub channel: String,
    /// The id of the channel's block, unique within the message.
    pub channel_id: String,
    /// `{html, title, body, subject, text, blocks}`.
    pub content: Value,
}

/// A wish for work.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// From this lane.
    pub lane: Lane,
    /// Due by now.
    pub now: Timestamp,
    /// At most this many.
    pub limit: u32,
    /// How long the claim holds, in milliseconds, if this node disappears. A store that serves one process only keeps
    /// claims in memory and ignores this.
    pub lease_ms: u64,
}

/// Work that is now this node's until it is recorded or released.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The message.
    pub message: MessageRow,
    /// The request it came from.
    pub request: RequestRow,
    /// Its lane.
    pub lane: Lane,
    /// When it must have a final status.
    pub deadline: Timestamp,
    /// Proves the claim when recording.
    pub token: i64,
}

/// What a step came to; written in one transaction.
#[derive(Clone, Debug)]
pub struct Record {
    /// The message's environment.
    pub environment: Environment,
    /// The message.
    pub id: MessageId,
    /// The claim's proof.
    pub token: i64,
    /// Its lane: what is written first.
    pub lane: Lane,
    /// Where it stands now. What was told of it meanwhile ([`crate::Engagements`]) counts for more.
    pub status: Status,
    /// Why it ended, if it ended badly.
    pub reason: Option<Reason>,
    /// In words.
    pub error: Option<String>,
    /// When a provider first took it over.
    pub sent: Option<Timestamp>,
    /// All provider entries, replacing those stored.
    pub providers: Vec<ProviderRecord>,
    /// How far it has come, replacing what is stored.
    pub progress: Progress,
    /// Why, replacing what is stored.
    pub trace: Trace,
    /// `notification` in the log, once the template is known.
    pub notification: Option<String>,
    /// Whether it turned out to be a one-time message.
    pub one_time: bool,
    /// New lines of its history.
    pub events: Vec<Event>,
    /// New renderings, replacing stored ones of the same `channel_id`.
    pub outputs: Vec<Output>,
    /// New entries of the in-app feed.
    pub feed: Vec<NewFeedEntry>,
    /// New entries of the outbox.
    pub caught: Vec<NewCaught>,
    /// Jobs that follow from it.
    pub jobs: Vec<NewJob>,
    /// What is filed for a digest.
    pub hold: Option<Holding>,
    /// What comes next.
    pub next: Next,
}

/// What comes after a recorded step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the queue row goes.
    Finished,
    /// The claim stays with this node: more calls are under way.
    KeepClaim,
    /// Back to the queue until then.
    At(Timestamp),
}

/// Whether a message could be called off.
#[derive(Clone, Debug)]
pub enum CancelResult {
    /// It was; this is how it stands now.
    Canceled(MessageRow),
    /// It is being handed over, or has ended; unchanged.
    TooLate(MessageRow),
    /// There is none by that id.
    NotFound,
}

/// Which messages a listing wants. Empty fields do not filter.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    /// Also, or only, hidden ones: `Some(true)` only archived, otherwise only those not archived.
    pub archived: Option<bool>,
    /// Accepted after this moment.
    pub enqueued_after: Option<Timestamp>,
    /// With one of these events.
    pub events: Vec<String>,
    /// Sent to one of these lists.
    pub lists: Vec<String>,
    /// One of these ids.
    pub message_ids: Vec<String>,
    /// From one of these templates.
    pub notifications: Vec<String>,
    /// Handled by one of these providers.
    pub providers: Vec<String>,
    /// To one of these recipients.
    pub recipients: Vec<String>,
    /// With one of these statuses.
    pub statuses: Vec<Status>,
    /// With any of these tags.
    pub tags: Vec<String>,
    /// For this tenant.
    pub tenant_id: Option<String>,
    /// Whose request id or correlation string is this.
    pub trace_id: Option<String>,
}

/// What became of a template's messages through one channel of one provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryCount {
    /// The provider.
    pub provider: String,
    /// The channel's class, such as `email`.
    pub channel: String,
    /// Handed to the provider.
    pub sent: u64,
    /// Confirmed as delivered by it.
    pub delivered: u64,
    /// Opened at least once.
    pub opened: u64,
    /// Clicked in at least once.
    pub clicked: u64,
    /// Refused by the provider, or not renderable for it, whatever came of the message after that.
    pub errors: u64,
    /// Of these, those whose message reached nobody in the end.
    pub undeliverable: u64,
}

/// What waits, for health and metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueState {
    /// Messages without a final status, claimed ones included.
    pub pending: u64,
    /// Of these, due now.
    pub due: u64,
    /// Of these, past their deadline.
    pub overdue: u64,
}

/// Messages: accepted, queued, carried out, remembered.
#[async_trait]
pub trait Messages: Send + Sync + 'static {
    /// Writes a request, its messages and their queue rows. Durable when it returns.
    async fn accept(&self, acceptance: Acceptance) -> Result<()>;

    /// Takes due work, oldest due first. What is claimed is not claimed again until it is recorded with
    /// [`Next::At`], released, or its lease ends.
    async fn claim(&self, claim: Claim) -> Result<Vec<Claimed>>;

    /// Writes what a step came to. `Ok(false)` when the claim was lost meanwhile: nothing was written.
    async fn record(&self, record: Record) -> Result<bool>;

    /// Gives claimed work back, due as before.
    async fn release(&self, claims: Vec<(Environment, MessageId, i64)>) -> Result<()>;

    /// When the earliest unclaimed work of a lane is due.
    async fn next_due(&self, lane: Lane) -> Result<Option<Timestamp>>;

    /// What waits.
    async fn queue_state(&self, now: Timestamp) -> Result<QueueState>;

    /// One message.
    async fn message(&self, environment: Environment, id: &MessageId) -> Result<Option<MessageRow>>;

    /// The request of a message.
    async fn request(&self, environment: Environment, id: &RequestId) -> Result<Option<RequestRow>>;

    /// Messages, newest first.
    async fn messages(
        &self,
        environment: Environment,
        filter: MessageFilter,
        page: PageRequest,
    ) -> Result<Page<MessageRow>>;

    /// A message's history, oldest first. The `ENQUEUED` line is made from the message itself and not stored.
    async fn history(&self, environment: Environment, id: &MessageId) -> Result<Vec<Event>>;

    /// A message's renderings.
    async fn outputs(&self, environment: Environment, id: &MessageId) -> Result<Vec<Output>>;

    /// Calls a message off if no node holds it and it has not ended: status, history line and queue row in one go.
    async fn cancel(&self, environment: Environment, id: &MessageId, now: Timestamp) -> Result<CancelResult>;

    /// What became of a template's messages that were accepted from `from` until before `until`, by provider and
    /// channel, in their order. Reads every message of that time: ask for a day at most.
    async fn template_deliveries(
        &self,
        environment: Environment,
        notification: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<DeliveryCount>>;
}
