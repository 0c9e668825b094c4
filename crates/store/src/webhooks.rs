//! Outbound webhooks: what is to be told to a customer's own servers, and what came of telling it.
//!
//! What happened is written as a job of the kind [`EVENT`] in the transaction in which it happened. That job makes one
//! delivery for each endpoint that wants it, and a delivery is a row here and a job of the kind [`DELIVERY`]. Endpoints
//! are documents ([`crate::DocumentKind::Webhook`]).

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidings_types::{Environment, Lane, MessageId, Reason, Result, Status, Timestamp, UserId};

use crate::{Audience, Document, DocumentKind, JobKey, MessageRow, NewJob, Page, PageRequest, ProviderRecord};

/// The kind of job that finds out whom to tell.
pub const EVENT: &str = "webhook_event";
/// The kind of job that tells one endpoint.
pub const DELIVERY: &str = "webhook_delivery";
/// The event of a message whose record changed.
pub const MESSAGE_UPDATED: &str = "message:updated";

/// How a message stood when it changed: what later changes would hide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageState {
    /// Where it stood.
    pub status: Status,
    /// Why it ended.
    pub reason: Option<Reason>,
    /// In words.
    pub error: Option<String>,
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
    /// Since when it is read.
    pub read: Option<Timestamp>,
    /// Since when it is put away.
    pub archived: Option<Timestamp>,
    /// What each provider made of it.
    pub providers: Vec<ProviderRecord>,
}

impl MessageState {
    /// A message of which nothing is known but its status.
    pub const fn new(status: Status) -> Self {
        Self {
            status,
            reason: None,
            error: None,
            sent: None,
            delivered: None,
            opened: None,
            clicked: None,
            canceled_at: None,
            read: None,
            archived: None,
            providers: Vec::new(),
        }
    }

    /// How a message stands.
    pub fn of(row: &MessageRow) -> Self {
        Self {
            status: row.status,
            reason: row.reason,
            error: row.error.clone(),
            sent: row.sent,
            delivered: row.delivered,
            opened: row.opened,
            clicked: row.clicked,
            canceled_at: row.canceled_at,
            read: row.told.read,
            archived: row.told.archived,
            providers: row.providers.clone(),
        }
    }

    /// Makes a message look as it stood.
    pub fn put_into(self, row: &mut MessageRow) {
        row.status = self.status;
        row.reason = self.reason;
        row.error = self.error;
        row.sent = self.sent;
        row.delivered = self.delivered;
        row.opened = self.opened;
        row.clicked = self.clicked;
        row.canceled_at = self.canceled_at;
        row.told.read = self.read;
        row.told.archived = self.archived;
        row.providers = self.providers;
    }
}

/// What a job of the kind [`EVENT`] says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookEvent {
    /// A message changed.
    Message {
        /// The message.
        id: MessageId,
        /// How it stood after the change.
        state: Box<MessageState>,
    },
    /// Anything else: its type and data as they are sent.
    Other {
        /// Such as `notification:published`.
        #[serde(rename = "type")]
        kind: String,
        /// The envelope's `data`.
        data: Value,
    },
}

/// The job that tells of a changed message. `what` names the change, so that two at the same moment stay two.
pub fn message_updated(
    environment: Environment,
    id: &MessageId,
    state: MessageState,
    what: &str,
    now: Timestamp,
) -> NewJob {
    let event = WebhookEvent::Message {
        id: id.clone(),
        state: Box::new(state),
    };
    event_job(environment, &format!("{id}/{what}"), &event, now)
}

/// The job that tells of anything else. `resource` is the id of what changed.
pub fn event(environment: Environment, kind: &str, resource: &str, data: Value, now: Timestamp) -> NewJob {
    let event = WebhookEvent::Other {
        kind: kind.to_owned(),
        data,
    };
    event_job(environment, &format!("{resource}/{kind}"), &event, now)
}

/// The job that tells that a template was published now; none for other documents and other changes.
pub fn published_job(environment: Environment, document: &Document, now: Timestamp) -> Option<NewJob> {
    let at = document.published_at.filter(|at| *at == now)?;
    if document.kind != DocumentKind::Notification {
        return None;
    }
    let data = json!({ "id": document.id, "published_at": at });
    Some(event(environment, "notification:published", &document.id, data, at))
}

/// The job that tells that a template was submitted for approval, or that this was taken back; none for other documents
/// and other changes. A submission's id is `template/submission`, and its body says how it stands.
pub fn submission_job(
    environment: Environment,
    before: Option<&Value>,
    document: &Document,
    now: Timestamp,
) -> Option<NewJob> {
    if document.kind != DocumentKind::Submission {
        return None;
    }
    let (template, submission) = document.id.rsplit_once('/')?;
    let is_canceled = |body: &Value| body.get("state").and_then(Value::as_str) == Some("CANCELED");
    let data = json!({ "id": template, "submission_id": submission });
    match before {
        None => Some(event(environment, "notification:submitted", template, data, now)),
        Some(before) if is_canceled(&document.body) && !is_canceled(before) => {
            let data = json!({ "id": template, "submission_id": submission, "canceled_at": now });
            let kind = "notification:submission_canceled";
            Some(event(environment, kind, template, data, now))
        }
        Some(_) => None,
    }
}

/// The event of an audience that was made or written.
pub const AUDIENCE_UPDATED: &str = "audiences:updated";
/// The event of an audience for which everybody was looked at.
pub const AUDIENCE_CALCULATED: &str = "audiences:calculated";
/// The event of a person who came to belong to an audience.
pub const AUDIENCE_MATCHED: &str = "audiences:user:matched";
/// The event of a person who no longer belongs to one.
pub const AUDIENCE_UNMATCHED: &str = "audiences:user:unmatched";

/// The job that tells that an audience was made or written.
pub fn audience_updated(environment: Environment, audience: &Audience, now: Timestamp) -> NewJob {
    let data = json!({
        "audience_id": audience.id,
        "audience_version": audience.version,
        "filter": audience.filter,
    });
    event(environment, AUDIENCE_UPDATED, &audience.id, data, now)
}

/// The job that tells that everybody was looked at for an audience: `members` of `people` belong.
pub fn audience_calculated(environment: Environment, id: &str, members: u64, people: u64, now: Timestamp) -> NewJob {
    let data = json!({
        "audience_id": id,
        "user_count": members,
        "total_users": people,
        "total_users_filtered": people.saturating_sub(members),
    });
    event(environment, AUDIENCE_CALCULATED, id, data, now)
}

/// The job that tells that a person came to belong to an audience, or no longer does. `reason` says why they pass.
pub fn audience_membership(
    environment: Environment,
    (audience, version): (&str, i64),
    user: &UserId,
    reason: Option<&str>,
    now: Timestamp,
) -> NewJob {
    let kind = if reason.is_some() {
        AUDIENCE_MATCHED
    } else {
        AUDIENCE_UNMATCHED
    };
    let data = json!({
        "audience_id": audience,
        "audience_version": version,
        "user_id": user,
        "reason": reason.unwrap_or("The filter does not let the person pass"),
    });
    event(environment, kind, &format!("{audience}/{user}"), data, now)
}

/// Whether an endpoint, as it is stored, is told of a kind of event. What happens to many at once asks before it writes.
pub fn is_wanted(endpoint: &Value, kind: &str) -> bool {
    let enabled = endpoint.get("enabled").and_then(Value::as_bool).unwrap_or(false);
    let events = endpoint.get("events").and_then(Value::as_array);
    enabled && events.is_none_or(|events| events.is_empty() || events.iter().any(|one| one.as_str() == Some(kind)))
}

fn event_job(environment: Environment, name: &str, event: &WebhookEvent, now: Timestamp) -> NewJob {
    NewJob {
        name: JobKey::new(environment, EVENT, format!("{name}/{}", now.as_millis())),
        lane: Lane::Normal,
        due: now,
        // An event holds only strings, numbers and JSON: it always serialises.
        body: serde_json::to_value(event).unwrap_or_default(),
    }
}

/// The job that tells one endpoint. A delivery that is asked for again gets a new one, which makes the old one void:
/// `since` tells them apart.
pub fn delivery_job(environment: Environment, endpoint: &str, id: &str, since: Timestamp) -> NewJob {
    NewJob {
        name: JobKey::new(environment, DELIVERY, format!("{endpoint}/{id}/{}", since.as_millis())),
        lane: Lane::Normal,
        due: since,
        body: json!({ "endpoint": endpoint, "id": id, "since": since }),
    }
}

/// Something to be told to one endpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct NewWebhookDelivery {
    /// The environment.
    pub environment: Environment,
    /// The endpoint.
    pub endpoint_id: String,
    /// The delivery's id, unique for its endpoint. One that is known already is not made again.
    pub id: String,
    /// What is told, such as `message:updated`.
    pub event: String,
    /// The id of what it is about.
    pub resource: String,
    /// The body, as it is sent.
    pub payload: String,
    /// When it was made.
    pub created: Timestamp,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is to be tried, or tried again.
    Pending,
    /// The endpoint took it.
    Delivered,
    /// It was given up.
    Failed,
}

impl DeliveryState {
    /// As stored and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Delivered, Self::Failed]
            .into_iter()
            .find(|one| one.as_str() == text)
    }
}

/// One attempt.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WebhookAttempt {
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The status of the answer, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What the endpoint answered, cut short.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// Why there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A delivery as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct WebhookDelivery {
    /// What is told to whom.
    pub delivery: NewWebhookDelivery,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it is tried next.
    pub next_at: Option<Timestamp>,
    /// How often it was tried since it was made or last asked for again.
    pub tries: u32,
    /// Since when these tries count.
    pub since: Timestamp,
    /// The latest attempts, oldest first.
    pub attempts: Vec<WebhookAttempt>,
}

/// How many attempts of a delivery are kept.
const KEPT_ATTEMPTS: usize = 20;

impl WebhookDelivery {
    /// Adds an attempt and what it came to.
    pub fn add(&mut self, tried: &WebhookTried) {
        self.state = tried.state;
        self.next_at = tried.next_at;
        if let Some(attempt) = &tried.attempt {
            self.tries = self.tries.saturating_add(1);
            self.attempts.push(attempt.clone());
            if self.attempts.len() > KEPT_ATTEMPTS {
                self.attempts.remove(0);
            }
        }
    }
}

/// What trying a delivery came to.
#[derive(Clone, Debug, PartialEq)]
pub struct WebhookTried {
    /// The environment.
    pub environment: Environment,
    /// The endpoint.
    pub endpoint_id: String,
    /// The delivery.
    pub id: String,
    /// The attempt; none when it was given up without one.
    pub attempt: Option<WebhookAttempt>,
    /// Where the delivery stands now.
    pub state: DeliveryState,
    /// When it is tried next.
    pub next_at: Option<Timestamp>,
}

/// How an endpoint does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WebhookHealth {
    /// When it last took something.
    pub last_success: Option<Timestamp>,
    /// When it last did not.
    pub last_failure: Option<Timestamp>,
    /// Since when it has taken nothing; none while it works.
    pub failing_since: Option<Timestamp>,
}

impl WebhookHealth {
    /// Notes an attempt.
    pub fn note(&mut self, at: Timestamp, worked: bool) {
        if worked {
            self.last_success = self.last_success.max(Some(at));
            self.failing_since = None;
        } else {
            self.last_failure = self.last_failure.max(Some(at));
            self.failing_since.get_or_insert(at);
        }
    }
}

/// What is told to customers' own servers.
#[async_trait]
pub trait Webhooks: Send + Sync + 'static {
    /// Makes deliveries and the jobs that carry them out. What is known already is left as it is.
    async fn add_webhook_deliveries(&self, deliveries: Vec<NewWebhookDelivery>) -> Result<()>;

    /// One delivery.
    async fn webhook_delivery(
        &self,
        environment: Environment,
        endpoint: &str,
        id: &str,
    ) -> Result<Option<WebhookDelivery>>;

    /// An endpoint's deliveries, newest first, optionally only those in one state.
    async fn webhook_deliveries(
        &self,
        environment: Environment,
        endpoint: &str,
        state: Option<DeliveryState>,
        page: PageRequest,
    ) -> Result<Page<WebhookDelivery>>;

    /// Writes what trying a delivery came to, and returns how its endpoint does now. None when there is no such
    /// delivery.
    async fn webhook_tried(&self, tried: WebhookTried) -> Result<Option<WebhookHealth>>;

    /// Makes a delivery due now as if it had never been tried. False when there is none.
    async fn redeliver_webhook(
        &self,
        environment: Environment,
        endpoint: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<bool>;

    /// How an endpoint does.
    async fn webhook_health(&self, environment: Environment, endpoint: &str) -> Result<WebhookHealth>;

    /// Forgets that an endpoint failed: it is given another chance.
    async fn forgive_webhook(&self, environment: Environment, endpoint: &str) -> Result<()>;

    /// Forgets deliveries made before a moment that are not pending, at most `limit`. Returns how many.
    async fn prune_webhook_deliveries(&self, before: Timestamp, limit: u32) -> Result<u64>;
}
