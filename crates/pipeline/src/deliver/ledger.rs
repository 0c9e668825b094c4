//! What has happened to a message since it was last recorded, and how it is recorded.

use serde_json::{Value, json};
use tidings_domain::decide::Decision;
use tidings_store::engagement::{nothing_arrived, put_together};
use tidings_store::webhooks::{MessageState, message_updated};
use tidings_store::{
    Claimed, Holding, MessageRow, NewCaught, NewFeedEntry, NewJob, Next, Output, ProviderRecord, Record,
};
use tidings_types::id::person_number;
use tidings_types::trace::TraceCode;
use tidings_types::{
    Event, EventType, KeyMode, Leaf, Outcome, Progress, Reason, Result, Status, Target, Timestamp, Trace, TraceEntry,
    Verdict,
};

use super::attempt::{Attempted, CallSubject};
use super::output;
use super::persist::persist;
use crate::Services;
use crate::resolve::{Quiet, Resolved};

/// How many lines of what happened a trace keeps: the first and the newest.
const MAX_HAPPENED: usize = 200;

/// A message's changes, gathered until they are written in one transaction.
pub(super) struct Ledger {
    pub(super) claimed: Claimed,
    pub(super) status: Status,
    pub(super) reason: Option<Reason>,
    pub(super) error: Option<String>,
    pub(super) progress: Progress,
    pub(super) one_time: bool,
    /// The status as it was recorded last.
    recorded: Status,
    /// Whether it was routed since.
    pub(super) routed: bool,
    sent: Option<Timestamp>,
    providers: Vec<ProviderRecord>,
    trace: Trace,
    notification: Option<String>,
    template_id: Option<String>,
    introduced: bool,
    events: Vec<Event>,
    outputs: Vec<Output>,
    feed: Vec<NewFeedEntry>,
    caught: Vec<NewCaught>,
    held: Option<Holding>,
    jobs: Vec<NewJob>,
}

impl Ledger {
    pub(super) fn new(claimed: Claimed) -> Self {
        let message = &claimed.message;
        Self {
            status: message.status,
            recorded: message.status,
            routed: false,
            reason: message.reason,
            error: message.error.clone(),
            progress: message.progress.clone(),
            one_time: message.one_time,
            sent: message.sent,
            providers: message.providers.clone(),
            trace: message.trace.clone(),
            notification: None,
            template_id: None,
            introduced: message.status != Status::Enqueued,
            events: Vec::new(),
            outputs: Vec::new(),
            feed: Vec::new(),
            caught: Vec::new(),
            held: None,
            jobs: Vec::new(),
            claimed,
        }
    }

    /// In a provider's words, that nothing arrived after all: every provider that took it over has reported so since.
    pub(super) fn bounced(&self) -> Option<String> {
        let last = self.providers.last().filter(|_| nothing_arrived(&self.providers))?;
        Some(last.error.clone().unwrap_or_default())
    }

    /// Takes in what was told of the message since it was claimed. True when that changes how it goes on.
    pub(super) async fn listen(&mut self, services: &Services) -> Result<bool> {
        let message = &self.claimed.message;
        if self.sent.is_none() {
            return Ok(false);
        }
        let Some(stored) = services.store.message(message.environment, &message.id).await? else {
            return Ok(false);
        };
        let mut row = MessageRow {
            providers: self.providers.clone(),
            progress: self.progress.clone(),
            ..stored
        };
        put_together(&mut row);
        let is_news = row.progress != self.progress;
        self.providers = row.providers;
        self.progress = row.progress;
        Ok(is_news)
    }

    pub(super) fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    /// How a message stands once something was handed over. With a mock key nothing was.
    pub(super) fn handed_over(&self) -> Status {
        match self.claimed.request.mode {
            KeyMode::Live => Status::Sent,
            KeyMode::Mock => Status::Simulated,
        }
    }

    pub(super) fn note(&mut self, entry: TraceEntry) {
        self.trace.push(entry);
        if self.trace.happened.len() > MAX_HAPPENED {
            self.trace.happened.remove(MAX_HAPPENED / 2);
        }
    }

    /// Notes template and profile, the first time they are known.
    pub(super) fn introduce(&mut self, resolved: &Resolved, now: Timestamp) {
        self.one_time |= resolved.is_one_time();
        self.template_id = resolved.template.as_ref().map(|template| template.id.clone());
        if self.introduced {
            return;
        }
        self.introduced = true;
        if let Some(template) = &resolved.template {
            let known = self.claimed.message.notification == template.id;
            self.notification = (!known).then(|| template.id.clone());
            let event = Event::new(EventType::Mapped, now);
            let event = event.with("event_id", self.claimed.message.event.clone());
            self.event(
                event
                    .with("notification_id", template.id.clone())
                    .with("version", template.version.clone()),
            );
        }
        self.event(
            Event::new(EventType::ProfileLoaded, now)
                .with("merged_profile", Value::Object(resolved.profile.clone()))
                .with("received_profile", Value::Object(resolved.given_profile.clone()))
                .with(
                    "stored_profile",
                    resolved.stored_profile.clone().map_or(Value::Null, Value::Object),
                ),
        );
    }

    /// Keeps what the latest decision considered.
    pub(super) fn consider(&mut self, decision: &Decision) {
        self.trace.considered.clone_from(&decision.trace);
    }

    /// What an attempt needs to know of the message.
    pub(super) fn subject(&self) -> CallSubject {
        let message = &self.claimed.message;
        CallSubject {
            environment: message.environment,
            message_id: message.id.to_string(),
            event: message.event.clone(),
            recipient: message.recipient.clone(),
            template: self.template_id.clone(),
            mode: self.claimed.request.mode,
            tags: message.tags.clone(),
            tenant_id: message.tenant_id.clone(),
            user_id: message.user_id.as_ref().map(ToString::to_string),
            enqueued: message.enqueued,
        }
    }

    /// Notes a call and what came of it.
    pub(super) fn answered(&mut self, attempted: &Attempted, outcome: &Outcome, code: TraceCode, now: Timestamp) {
        let target = &attempted.target;
        self.rendered(attempted, now);
        self.event(described(EventType::Delivering, attempted.started, attempted));
        let result = match outcome {
            Outcome::Accepted { id, reference } => {
                let mut reference = reference.clone();
                if let Some(id) = id {
                    reference.entry("id").or_insert_with(|| json!(id));
                }
                self.status = self.handed_over();
                self.sent.get_or_insert(now);
                self.feed.extend(attempted.feed.clone());
                self.caught.extend(attempted.caught.clone());
                self.event(described(EventType::Sent, now, attempted));
                self.note(about(attempted, code, format!("{} took it over", target.provider), now));
                self.provider(ProviderRecord {
                    status: "SENT".to_owned(),
                    reference: Value::Object(reference),
                    sent: Some(now),
                    ..self.provider_record(attempted)
                });
                "accepted"
            }
            failed => {
                self.failed(attempted, failed.error().unwrap_or_default(), code, now);
                "failed"
            }
        };
        let labels = [("provider", target.provider.clone()), ("outcome", result.to_owned())];
        metrics::counter!("tidings_provider_calls_total", &labels).increment(1);
    }

    /// Notes that there was nothing to call a provider with.
    pub(super) fn unrendered(&mut self, attempted: &Attempted, error: &str, now: Timestamp) {
        self.failed(attempted, error, TraceCode::RenderFailed, now);
    }

    /// Notes that a provider was passed over because it is being given a rest.
    pub(super) fn resting(&mut self, attempted: &Attempted, error: &str, now: Timestamp) {
        self.rendered(attempted, now);
        self.note(about(attempted, TraceCode::Resting, error, now));
    }

    fn failed(&mut self, attempted: &Attempted, error: &str, code: TraceCode, now: Timestamp) {
        self.event(described(EventType::Undeliverable, now, attempted).with("error_message", error));
        self.note(about(attempted, code, error, now));
        self.provider(ProviderRecord {
            status: "UNDELIVERABLE".to_owned(),
            error: Some(error.to_owned()),
            ..self.provider_record(attempted)
        });
    }

    fn provider_record(&self, attempted: &Attempted) -> ProviderRecord {
        ProviderRecord {
            channel: json!({
                "key": attempted.target.key_on(attempted.leaf.channel),
                "name": attempted.display_name,
                "template": self.template_id.clone().unwrap_or_default(),
            }),
            provider: attempted.target.provider.clone(),
            reference: json!({}),
            ..ProviderRecord::default()
        }
    }

    /// Keeps what a provider made of the message in place of what it made of it before.
    fn provider(&mut self, record: ProviderRecord) {
        let before = |known: &&mut ProviderRecord| known.channel == record.channel && known.sent.is_none();
        match self.providers.iter_mut().find(before) {
            Some(known) => *known = record,
            None => self.providers.push(record),
        }
    }

    /// Keeps the rendering, and what had to be adjusted in it, the first time.
    fn rendered(&mut self, attempted: &Attempted, now: Timestamp) {
        let Some(rendered) = &attempted.rendered else { return };
        let attempts = self
            .progress
            .targets
            .get(&attempted.call.key)
            .map_or(0, |target| target.attempts);
        if attempts > 1 {
            return;
        }
        for note in &attempted.notes {
            let entry = TraceEntry::new(now, TraceCode::ContentAdjusted, note.clone()).on(attempted.leaf.channel);
            let is_same = |known: &TraceEntry| known.detail == entry.detail && known.channel == entry.channel;
            if !self.trace.happened.iter().any(is_same) {
                self.note(entry);
            }
        }
        let channel_id = channel_id(&attempted.leaf);
        let path = format!("/messages/{}/output/{channel_id}", self.claimed.message.id);
        let parts = ["html", "title", "body", "subject", "blocks", "text"];
        let paths: serde_json::Map<_, _> = parts
            .iter()
            .map(|part| ((*part).to_owned(), json!(format!("{path}/{part}"))))
            .collect();
        let event = Event::new(EventType::Rendered, attempted.started)
            .with(
                "channel",
                json!({ "id": channel_id, "label": attempted.leaf.channel.as_str() }),
            )
            .with("integration", integration_ref(&attempted.target))
            .with("output", Value::Object(paths));
        self.event(event);
        self.outputs.push(Output {
            channel: attempted.leaf.channel.to_string(),
            channel_id,
            content: output::content_of(rendered),
        });
    }

    /// Holds the message until a moment.
    pub(super) async fn hold(mut self, services: &Services, until: Timestamp, now: Timestamp) -> Result<()> {
        if self.status != Status::Delayed {
            self.status = Status::Delayed;
            let duration = until.since(now);
            let details = json!({ "duration": duration, "date": until.to_rfc3339() });
            self.event(
                Event::new(EventType::Delayed, now)
                    .with("delay", duration)
                    .with("details", details),
            );
            self.note(TraceEntry::new(
                now,
                TraceCode::Waiting,
                format!("Held until {}", until.to_rfc3339()),
            ));
        }
        self.flush(services, Next::At(until)).await
    }

    /// Files the message for a digest: it ends here, and what was gathered is sent as one.
    pub(super) async fn gather(
        mut self,
        services: &Services,
        (holding, job): (Holding, NewJob),
        now: Timestamp,
    ) -> Result<()> {
        self.status = Status::Digested;
        let told = format!("Gathered for the digest of {}", job.due.to_rfc3339());
        self.note(TraceEntry::new(now, TraceCode::Waiting, told));
        let categories: Vec<_> = holding.categories.iter().map(|one| json!(one)).collect();
        self.event(Event::new(EventType::Digested, now).with("categories", categories));
        self.held = Some(holding);
        self.jobs.push(job);
        self.count();
        self.flush(services, Next::Finished).await
    }

    /// Waits for the end of the person's quiet hours, or of its own time.
    pub(super) async fn keep_quiet(
        mut self,
        services: &Services,
        quiet: &Quiet,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        let told = quiet.told();
        let until = quiet.until.min(deadline);
        let is_told = self.trace.happened.iter().any(|entry| entry.detail == told);
        if !is_told {
            self.note(TraceEntry::new(now, TraceCode::QuietHours, told));
        }
        if self.progress.routed_at.is_some() {
            // It was on its way already: a further attempt waits.
            return self.flush(services, Next::At(until)).await;
        }
        self.hold(services, until, now).await
    }

    /// Ends without an attempt, or without a further one.
    pub(super) async fn end(mut self, services: &Services, verdict: &Verdict, now: Timestamp) -> Result<()> {
        self.status = verdict.status;
        self.reason = Some(verdict.reason);
        self.error = Some(verdict.error.clone());
        let kind = match verdict.status {
            Status::Filtered => EventType::Filtered,
            Status::Throttled => EventType::Throttled,
            Status::Unmapped => EventType::Unmapped,
            Status::Unroutable => EventType::Unroutable,
            _ => EventType::Undeliverable,
        };
        let event = Event::new(kind, now).with("reason", verdict.reason.as_str());
        self.event(event.with("error_message", verdict.error.clone()));
        if verdict.status == Status::Undeliverable && self.providers.is_empty() {
            let error = Some(verdict.error.clone());
            self.providers.push(ProviderRecord {
                status: "UNDELIVERABLE".to_owned(),
                error,
                ..Default::default()
            });
        }
        self.note(TraceEntry::new(
            now,
            TraceCode::Ended,
            format!("{}: {}", verdict.status, verdict.error),
        ));
        self.count();
        self.flush(services, Next::Finished).await
    }

    pub(super) fn count(&self) {
        metrics::counter!("tidings_messages_ended_total", "status" => self.status.as_str()).increment(1);
    }

    /// What those who listen are told: the message's status has changed since the last record.
    async fn news(&mut self, services: &Services) -> Vec<NewJob> {
        let before = std::mem::replace(&mut self.recorded, self.status);
        let was_routed = std::mem::take(&mut self.routed);
        let message = &self.claimed.message;
        let Services { library, clock, .. } = services;
        if before == self.status || !library.anyone_listens(message.environment).await {
            return Vec::new();
        }
        let state = MessageState {
            status: self.status,
            reason: self.reason,
            error: self.error.clone(),
            sent: self.sent,
            providers: self.providers.clone(),
            ..MessageState::of(message)
        };
        // It was routed and went on before anything was recorded: that was a change too.
        let passed = (was_routed && self.status != Status::Routed).then(|| MessageState {
            status: Status::Routed,
            ..MessageState::of(message)
        });
        let now = clock.now();
        let tell = |state: MessageState| {
            let word = state.status.as_str();
            message_updated(message.environment, &message.id, state, word, now)
        };
        passed.into_iter().chain([state]).map(tell).collect()
    }

    /// Writes everything since the last time.
    pub(super) async fn flush(&mut self, services: &Services, next: Next) -> Result<()> {
        let mut jobs = self.news(services).await;
        jobs.append(&mut self.jobs);
        let anything_to_tell = !jobs.is_empty();
        let caught = std::mem::take(&mut self.caught);
        let anything_caught = !caught.is_empty();
        let followed: Vec<u64> = self.feed.iter().map(|entry| person_number(&entry.user_id)).collect();
        let goes_on = next == Next::KeepClaim;
        let record = Record {
            environment: self.claimed.message.environment,
            id: self.claimed.message.id.clone(),
            token: self.claimed.token,
            lane: self.claimed.lane,
            status: self.status,
            reason: self.reason,
            error: handed(&mut self.error, goes_on),
            sent: self.sent,
            providers: handed(&mut self.providers, goes_on),
            progress: handed(&mut self.progress, goes_on),
            trace: handed(&mut self.trace, goes_on),
            notification: handed(&mut self.notification, goes_on),
            one_time: self.one_time,
            events: std::mem::take(&mut self.events),
            outputs: std::mem::take(&mut self.outputs),
            feed: std::mem::take(&mut self.feed),
            caught,
            hold: self.held.take(),
            jobs,
            next,
        };
        let environment = record.environment;
        persist(services, record).await?;
        if anything_to_tell {
            services.bus.send(tidings_bus::Hint::Jobs);
        }
        if anything_caught {
            services.bus.send(tidings_bus::Hint::Outbox(environment));
        }
        for person in followed {
            services.bus.send(tidings_bus::Hint::Feed(environment, person));
        }
        Ok(())
    }
}

/// A value for the record: a copy while the ledger is still written in, the value itself with the last record.
fn handed<T: Clone + Default>(value: &mut T, goes_on: bool) -> T {
    if goes_on { value.clone() } else { std::mem::take(value) }
}

/// The id under which a channel's rendering is kept: its place in the routing tree.
fn channel_id(leaf: &Leaf) -> String {
    format!("channel_{}", leaf.path.replace('.', "_"))
}

/// A line of the history about an attempt.
fn described(kind: EventType, ts: Timestamp, attempted: &Attempted) -> Event {
    let (leaf, target) = (&attempted.leaf, &attempted.target);
    let channel = json!({ "id": channel_id(leaf), "label": leaf.channel.as_str(), "key": target.key_on(leaf.channel) });
    Event::new(kind, ts)
        .with("channel", channel)
        .with("integration", integration_ref(target))
}

/// A line of the trace about an attempt.
fn about(attempted: &Attempted, code: TraceCode, detail: impl Into<String>, now: Timestamp) -> TraceEntry {
    TraceEntry::new(now, code, detail)
        .on(attempted.leaf.channel)
        .via(attempted.target.provider.clone())
}

fn integration_ref(target: &Target) -> Value {
    json!({ "id": target.account, "provider": target.provider })
}
