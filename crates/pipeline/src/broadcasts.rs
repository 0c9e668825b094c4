//! Broadcasts: messages that a team prepares and sends to a list or an audience, now or at a moment.
//!
//! A broadcast is a document with its content in it. Scheduling writes the moment into it and asks for a job that is due
//! then; the job sends only what the document still says.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidings_bus::Hint;
use tidings_domain::window;
use tidings_store::{Document, DocumentKind, DocumentWrite, JobKey, JobRow, Lane, NewJob, ParentChange, WriteMode};
use tidings_types::id::new_trace_style_id;
use tidings_types::{Channel, Environment, Error, KeyMode, KeyScope, RequestId, Result, TemplateContent, Timestamp};

use crate::jobs::{JobHandler, JobStep};
use crate::{Caller, Services, accept};

/// The kind of job that sends a broadcast. Its key is the broadcast's id and that of the request it is to become.
const SEND: &str = "send-broadcast";

/// How often it is looked whether a broadcast is expanded, in milliseconds.
const LOOK_MS: u64 = 1_000;

/// A broadcast as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Broadcast {
    /// Its name.
    pub name: String,
    /// Its channel, as the public API spells it: `slack` and `msteams` are chat.
    pub channel: String,
    /// Where it stands.
    pub status: BroadcastStatus,
    /// To whom, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// What is sent.
    #[serde(default)]
    pub content: TemplateContent,
    /// The request it is sent as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
}

/// Where a broadcast stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BroadcastStatus {
    /// Being written.
    Draft,
    /// Waiting for its moment.
    Scheduled,
    /// Being turned into messages.
    Sending,
    /// All its messages are there.
    Sent,
}

/// To whom a broadcast goes, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The list or audience.
    pub recipient_id: String,
    /// `list` or `audience`.
    pub recipient_type: String,
    /// When, as it was written: a wall clock without offset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_to: Option<String>,
    /// In which zone that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// The channels a broadcast may go by, as the public API spells them, and ours.
pub const CHANNELS: [(&str, Channel, Option<&str>); 6] = [
    ("email", Channel::Email, None),
    ("sms", Channel::Sms, None),
    ("push", Channel::Push, None),
    ("inbox", Channel::Inbox, None),
    ("slack", Channel::DirectMessage, Some("slack")),
    ("msteams", Channel::DirectMessage, Some("msteams")),
];

impl Broadcast {
    /// Reads a stored one.
    ///
    /// # Errors
    /// `Internal` when it is not what this program writes.
    pub fn read(document: &Document) -> Result<Self> {
        Self::deserialize(&document.body).map_err(Error::internal)
    }

    /// The body of the send it comes to.
    fn body(&self) -> Result<Value> {
        let schedule = self
            .schedule
            .as_ref()
            .ok_or_else(|| Error::internal("a broadcast without a recipient"))?;
        let to = match schedule.recipient_type.as_str() {
            "list" => json!({ "list_id": schedule.recipient_id }),
            _ => json!({ "audience_id": schedule.recipient_id }),
        };
        let channel = CHANNELS.iter().find(|(name, ..)| *name == self.channel);
        let channel = channel.map_or(self.channel.as_str(), |(_, channel, provider)| {
            provider.unwrap_or(channel.as_str())
        });
        Ok(json!({ "message": {
            "to": to, "content": self.content, "routing": { "method": "single", "channels": [channel] },
            "metadata": { "event": self.name },
        } }))
    }
}

/// When a schedule's wall clock is, which may have passed. Without one: now.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn moment(schedule: &Schedule, now: Timestamp) -> Result<Timestamp> {
    let zone = schedule.timezone.as_deref().unwrap_or("UTC");
    let zone = window::time_zone(zone).map_err(|error| Error::invalid(format!("timezone: {error}")))?;
    let Some(text) = &schedule.scheduled_to else {
        return Ok(now);
    };
    // A date alone would be read as its midnight, which nobody asked for.
    let has_time = text.trim().contains(['T', 't', ' ']);
    let moment = has_time.then(|| window::wall_clock(text, &zone)).flatten();
    moment.ok_or_else(|| {
        Error::invalid("scheduled_to: Expected a date and time without offset, such as 2026-05-01T09:00:00")
    })
}

/// Has a broadcast sent at a moment: it is scheduled from now on. Refused unless it is a draft or scheduled.
///
/// # Errors
/// `Conflict` when it is being sent or was; `Invalid` when there is nothing to send; those of the store.
pub async fn schedule(
    services: &Services,
    caller: &Caller,
    by: &str,
    document: &Document,
    schedule: Schedule,
) -> Result<Document> {
    let mut broadcast = Broadcast::read(document)?;
    if !matches!(broadcast.status, BroadcastStatus::Draft | BroadcastStatus::Scheduled) {
        return Err(Error::conflict("The broadcast is being sent, or was"));
    }
    let now = services.clock.now();
    let due = moment(&schedule, now)?;
    broadcast.status = BroadcastStatus::Scheduled;
    broadcast.schedule = Some(schedule);
    let request_id = RequestId::from(new_trace_style_id(now, services.random.as_ref()));
    broadcast.request_id = Some(request_id.clone());
    // What cannot be sent is told now, not at the moment.
    accept::check(services, broadcast.body()?)?;
    let body = Body {
        broadcast: document.id.clone(),
        request: request_id,
        asked: now.as_millis(),
        scope: caller.scope,
        mode: caller.mode,
        by: by.to_owned(),
    };
    let environment = caller.environment;
    let job = NewJob {
        name: JobKey::new(environment, SEND, format!("{}/{}", body.broadcast, body.request)),
        lane: Lane::Normal,
        due,
        body: serde_json::to_value(body).map_err(Error::internal)?,
    };
    // First the job, so that nothing is scheduled without one. It does nothing until the document says the same.
    services.store.enqueue_jobs(vec![job]).await?;
    // What is to be sent becomes a version, unless it is one.
    let mode = if published(document)?.is_some_and(|published| published.content == broadcast.content) {
        WriteMode::Draft
    } else {
        WriteMode::Publish
    };
    let written = write_as(services, environment, by, document, &broadcast, mode).await?;
    services.bus.send(Hint::Jobs);
    Ok(written)
}

/// A broadcast as it was last scheduled; none when it never was.
///
/// # Errors
/// `Internal` when it is not what this program writes.
pub fn published(document: &Document) -> Result<Option<Broadcast>> {
    let body = document
        .published
        .as_ref()
        .filter(|_| document.published_version.is_some());
    body.map(|body| Broadcast::deserialize(body).map_err(Error::internal))
        .transpose()
}

/// Makes a scheduled broadcast a draft again.
///
/// # Errors
/// `Conflict` when it is not scheduled; those of the store.
pub async fn cancel(services: &Services, environment: Environment, by: &str, document: &Document) -> Result<Document> {
    let mut broadcast = Broadcast::read(document)?;
    if broadcast.status != BroadcastStatus::Scheduled {
        return Err(Error::conflict("Only a scheduled broadcast can be canceled"));
    }
    broadcast.status = BroadcastStatus::Draft;
    broadcast.schedule = None;
    broadcast.request_id = None;
    // Its job does nothing when its moment comes.
    write(services, environment, by, document, &broadcast).await
}

/// Writes a broadcast over what was read; what was last scheduled stays as it is.
///
/// # Errors
/// `Busy` when it was changed meanwhile; `NotFound` when it has gone.
pub async fn write(
    services: &Services,
    environment: Environment,
    by: &str,
    document: &Document,
    broadcast: &Broadcast,
) -> Result<Document> {
    write_as(services, environment, by, document, broadcast, WriteMode::Draft).await
}

async fn write_as(
    services: &Services,
    environment: Environment,
    by: &str,
    document: &Document,
    broadcast: &Broadcast,
    mode: WriteMode,
) -> Result<Document> {
    let write = DocumentWrite {
        kind: DocumentKind::Broadcast,
        id: document.id.clone(),
        names: None,
        parent: ParentChange::Keep,
        body: serde_json::to_value(broadcast).map_err(Error::internal)?,
        mode,
        seen: Some(document.body.clone()),
        now: services.clock.now(),
        by: by.to_owned(),
    };
    let written = services.store.write_document(environment, write).await?;
    written.ok_or_else(|| Error::not_found(format!("Broadcast {} not found", document.id)))
}

/// What such a job carries.
#[derive(Serialize, Deserialize)]
struct Body {
    broadcast: String,
    request: RequestId,
    /// When it was asked for, in milliseconds.
    asked: i64,
    /// With which kind of key, so that a rehearsal stays one.
    #[serde(default)]
    scope: KeyScope,
    #[serde(default)]
    mode: KeyMode,
    /// Who asked for it.
    #[serde(default)]
    by: String,
}

/// How long a job waits for the document that was to be written after it, in milliseconds.
const PATIENCE_MS: u64 = 60_000;

/// Does jobs of the kind [`SEND`].
pub(crate) struct SendBroadcast;

#[async_trait]
impl JobHandler for SendBroadcast {
    fn kind(&self) -> &'static str {
        SEND
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let (store, environment) = (&services.store, job.name.environment);
        let Body {
            broadcast: id,
            request,
            asked,
            scope,
            mode,
            by,
        } = Body::deserialize(&job.body).map_err(Error::internal)?;
        let document = store.document(environment, DocumentKind::Broadcast, &id).await?;
        let Some(document) = document else {
            return Ok(JobStep::finished());
        };
        let mut broadcast = Broadcast::read(&document)?;
        if broadcast.request_id.as_ref() != Some(&request) {
            // It was called off or scheduled anew, or its document is just being written.
            let now = services.clock.now();
            let is_new = now < Timestamp::from_millis(asked).plus(PATIENCE_MS);
            return Ok(if is_new {
                JobStep::at(now.plus(LOOK_MS), job.body.clone())
            } else {
                JobStep::finished()
            });
        }
        match broadcast.status {
            BroadcastStatus::Draft | BroadcastStatus::Sent => Ok(JobStep::finished()),
            BroadcastStatus::Scheduled => {
                // From here on it cannot be called off; a crash before the send is made up for by the next attempt.
                broadcast.status = BroadcastStatus::Sending;
                write(services, environment, &by, &document, &broadcast).await?;
                Ok(JobStep::go_on(job.body.clone()))
            }
            BroadcastStatus::Sending => {
                if store.request(environment, &request).await?.is_none() {
                    let caller = Caller {
                        environment,
                        scope,
                        mode,
                    };
                    accept::send_as(services, &caller, request, &id, broadcast.body()?).await?;
                    return Ok(JobStep::go_on(job.body.clone()));
                }
                let progress = store.request_progress(environment, &request).await?;
                // One that was given up may be begun anew by an operator.
                if progress.expanding + progress.given_up > 0 {
                    let later = services.clock.now().plus(LOOK_MS);
                    return Ok(JobStep::at(later, job.body.clone()));
                }
                broadcast.status = BroadcastStatus::Sent;
                write(services, environment, &by, &document, &broadcast).await?;
                Ok(JobStep::finished())
            }
        }
    }
}
