//! What becomes of a message after it was handed over: delivered, opened, clicked, read, archived, bounced.
//!
//! An [`Engagement`] is told by a client, a link, a device or a provider, at any time and in any order, also while a
//! node carries the message on. It is therefore kept apart from what a step records ([`crate::Record`]), and both are
//! put together whenever a message is read. [`Engagement::apply`] decides what it changes, and is the same for every
//! store.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidings_types::progress::Reached;
use tidings_types::{Environment, Event, EventType, Lane, MessageId, Object, Reason, Result, Status, Timestamp};

use crate::{MessageRow, NewJob, ProviderRecord};

/// One thing that is told of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Engagement {
    /// The message's environment.
    pub environment: Environment,
    /// The message.
    pub id: MessageId,
    /// What happened.
    pub act: Act,
    /// When.
    pub at: Timestamp,
    /// Where: a channel (`inbox`), or channel and provider as in `providers[].channel.key` (`email:smtp`). None when
    /// it is not known; then it is the provider that took the message over, if there is only one.
    pub via: Option<String>,
    /// Who tells it, for the history: `inbox`, `link`, `pixel`, `device`, or a provider's key.
    pub source: String,
    /// What else is known, for the history.
    pub fields: Object,
    /// Jobs that follow from it; written when it changes anything.
    pub jobs: Vec<NewJob>,
}

/// What can happen to a message that was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A provider or a device confirmed delivery.
    Delivered,
    /// The person saw it.
    Opened,
    /// The person followed something in it.
    Clicked,
    /// The person marked it as read. It then also counts as opened.
    Read,
    /// The person took that back.
    Unread,
    /// The person put it away.
    Archived,
    /// The person took that back.
    Unarchived,
    /// The person reported it as unwanted.
    Complained,
    /// A provider reports that it did not arrive after all.
    Undeliverable {
        /// The reason on the wire.
        reason: Reason,
        /// In the provider's words.
        error: String,
    },
    /// The person unsubscribed at the provider: noted, and nothing else.
    Unsubscribed,
    /// A link in it was followed, and it is not yet clear by whom: kept, and counted as nothing.
    Followed(Hit),
    /// A machine opened it or followed a link in it: kept in the history and counted as nothing.
    Scanned,
}

/// What has been told of a message so far: stored beside it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// The furthest thing that was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reached: Option<Reached>,
    /// Since when it is read; none while it is unread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<Timestamp>,
    /// Since when it is put away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<Timestamp>,
    /// When the person unsubscribed at the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsubscribed: Option<Timestamp>,
    /// By [`Engagement::via`]; empty when that was not known.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub channels: BTreeMap<String, ToldOfChannel>,
    /// The latest links that were followed by whoever it was, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hits: Vec<Hit>,
    /// How often it was read, unread, put away and taken out again.
    #[serde(skip_serializing_if = "is_zero")]
    pub turns: u32,
    /// How often a machine looked.
    #[serde(skip_serializing_if = "is_zero")]
    pub scans: u32,
}

/// A link that was followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// When.
    pub at: Timestamp,
    /// Which link: where it leads, or a digest of that.
    pub link: String,
}

/// What has been told of one channel of a message. Moments are those of the first time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToldOfChannel {
    /// When delivery was confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered: Option<Timestamp>,
    /// When it was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened: Option<Timestamp>,
    /// When something in it was clicked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clicked: Option<Timestamp>,
    /// In the provider's words, that it did not arrive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// Whether that is the person's complaint: it did arrive.
    #[serde(skip_serializing_if = "is_false")]
    pub complained: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// How a provider's entry stands when the message did not arrive.
const UNDELIVERABLE: &str = "UNDELIVERABLE";
/// What stands in the records of a message that its reader reported.
const COMPLAINT: &str = "The person reported it as spam";

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// What telling came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Engaged {
    /// Whether there is such a message.
    pub found: bool,
    /// Whether anything changed. Telling the same again changes nothing.
    pub changed: bool,
    /// The lane of work that waited for this and is due now.
    pub woken: Option<Lane>,
}

/// How many followed links are remembered.
const MAX_HITS: usize = 16;
/// How many scans of one message stand in its history; more are only counted.
const MAX_SCAN_LINES: u32 = 20;
/// How often reading and putting away, and taking that back, stands in a message's history and is told to those who
/// listen; from then on only the message itself knows.
const MAX_TURNS: u32 = 40;

impl Engagement {
    /// Something told of a message, with nothing else known of it.
    pub fn new(
        environment: Environment,
        id: impl Into<MessageId>,
        act: Act,
        at: Timestamp,
        source: impl Into<String>,
    ) -> Self {
        Self {
            environment,
            id: id.into(),
            act,
            at,
            via: None,
            source: source.into(),
            fields: Object::new(),
            jobs: Vec::new(),
        }
    }

    /// Through this channel, or channel and provider.
    #[must_use]
    pub fn via(mut self, via: impl Into<String>) -> Self {
        self.via = Some(via.into());
        self
    }

    /// Changes a message as it was read, and returns the new lines of its history. None when nothing changed.
    ///
    /// `pending` says whether the message is still being carried on: then a report that it did not arrive leaves its
    /// status to that.
    pub fn apply(&self, row: &mut MessageRow, pending: bool) -> Option<Vec<Event>> {
        if is_out_of_reach(row.status) {
            return None;
        }
        let before = row.told.clone();
        let kinds = self.note(&mut row.told);
        if row.told == before {
            return None;
        }
        let first = |known: &mut Option<Timestamp>, kind| {
            if kinds.contains(&kind) {
                known.get_or_insert(self.at);
            }
        };
        first(&mut row.delivered, EventType::Delivered);
        first(&mut row.opened, EventType::Opened);
        first(&mut row.clicked, EventType::Clicked);
        put_together(row);
        if let Some((reason, error)) = self.failure()
            && !pending
            && row.status == Status::Sent
            && nothing_arrived(&row.providers)
        {
            row.status = Status::Undeliverable;
            row.reason = Some(reason);
            row.error = Some(error.to_owned());
        }
        Some(kinds.into_iter().map(|kind| self.line(kind, row)).collect())
    }

    /// Whether those who listen are told of it, and the word that tells it from other changes of the same moment.
    pub fn news(&self, lines: &[Event]) -> Option<&'static str> {
        let worth = |kind: &EventType| *kind != EventType::Scanned;
        lines.iter().map(|line| line.kind).rfind(worth).map(EventType::as_str)
    }

    /// The reason on the wire, and in words, when it says that the message was not welcome or did not arrive.
    fn failure(&self) -> Option<(Reason, &str)> {
        match &self.act {
            Act::Undeliverable { reason, error } => Some((*reason, error)),
            Act::Complained => Some((Reason::Bounced, COMPLAINT)),
            _ => None,
        }
    }

    /// Keeps it, and says which lines that is worth.
    fn note(&self, told: &mut Told) -> Vec<EventType> {
        let key = self.via.clone().unwrap_or_default();
        let channel = || ToldOfChannel::default();
        let mut kinds = Vec::new();
        let mut once = |known: &mut Option<Timestamp>, kind| {
            if known.is_none() {
                *known = Some(self.at);
                kinds.push(kind);
            }
        };
        match &self.act {
            Act::Delivered => once(
                &mut told.channels.entry(key).or_insert_with(channel).delivered,
                EventType::Delivered,
            ),
            Act::Opened => once(
                &mut told.channels.entry(key).or_insert_with(channel).opened,
                EventType::Opened,
            ),
            Act::Clicked => once(
                &mut told.channels.entry(key).or_insert_with(channel).clicked,
                EventType::Clicked,
            ),
            Act::Read => {
                once(
                    &mut told.channels.entry(key).or_insert_with(channel).opened,
                    EventType::Opened,
                );
                once(&mut told.read, EventType::Read);
            }
            Act::Unsubscribed => once(&mut told.unsubscribed, EventType::Unsubscribed),
            Act::Archived => once(&mut told.archived, EventType::Archived),
            Act::Unread if told.read.take().is_some() => kinds.push(EventType::Unread),
            Act::Unarchived if told.archived.take().is_some() => kinds.push(EventType::Unarchived),
            Act::Unread | Act::Unarchived => {}
            Act::Undeliverable { .. } | Act::Complained => {
                let channel = told.channels.entry(key).or_insert_with(channel);
                channel.complained |= self.act == Act::Complained;
                if channel.failed.is_none() {
                    channel.failed = self.failure().map(|(_, error)| error.to_owned());
                    kinds.push(EventType::Undeliverable);
                }
            }
            Act::Followed(hit) => {
                told.hits.push(hit.clone());
                if told.hits.len() > MAX_HITS {
                    told.hits.remove(0);
                }
            }
            Act::Scanned => {
                told.scans = told.scans.saturating_add(1);
                if told.scans <= MAX_SCAN_LINES {
                    kinds.push(EventType::Scanned);
                }
            }
        }
        kinds.retain(|kind| {
            let is_turn = matches!(
                kind,
                EventType::Read | EventType::Unread | EventType::Archived | EventType::Unarchived
            );
            told.turns = told.turns.saturating_add(u32::from(is_turn));
            !is_turn || told.turns <= MAX_TURNS
        });
        let reached = match &self.act {
            Act::Delivered => Some(Reached::Delivered),
            Act::Opened | Act::Read => Some(Reached::Opened),
            Act::Clicked => Some(Reached::Clicked),
            _ => None,
        };
        told.reached = told.reached.max(reached);
        kinds
    }

    fn line(&self, kind: EventType, row: &MessageRow) -> Event {
        let mut event = Event::new(kind, self.at);
        let entry = entry_of(&row.providers, self.via.as_deref()).and_then(|index| row.providers.get(index));
        match (entry, &self.via) {
            (Some(entry), _) => {
                event = event
                    .with("channel", entry.channel.clone())
                    .with("integration", json!({ "provider": entry.provider }));
                if kind == EventType::Delivered {
                    event = event.with("reference", entry.reference.clone());
                }
            }
            (None, Some(via)) => event = event.with("channel", json!({ "key": via })),
            (None, None) => {}
        }
        if let Some((reason, error)) = self.failure() {
            event = event.with("reason", reason.as_str()).with("error_message", error);
        }
        event.fields.extend(self.fields.clone());
        event.with("source", self.source.clone())
    }
}

/// Whether a message ended in a way after which nothing can be told of it: it never left.
const fn is_out_of_reach(status: Status) -> bool {
    matches!(
        status,
        Status::Canceled
            | Status::Simulated
            | Status::Filtered
            | Status::Throttled
            | Status::Unmapped
            | Status::Unroutable
    )
}

/// Puts what was told of a message into what its steps recorded. Stores call this on every message they read.
pub fn put_together(row: &mut MessageRow) {
    let told = &row.told;
    row.progress.reached = row.progress.reached.max(told.reached);
    let complained = || told.channels.values().any(|one| one.complained);
    row.progress.declined |= told.archived.is_some() || told.unsubscribed.is_some() || complained();
    let status = match told.reached {
        Some(Reached::Clicked) => Status::Clicked,
        Some(Reached::Opened) => Status::Opened,
        Some(Reached::Delivered) => Status::Delivered,
        None => row.status,
    };
    if status.rank() > row.status.rank() {
        row.status = status;
        row.reason = None;
        row.error = None;
    }
    for (via, of_channel) in &told.channels {
        let via = Some(via.as_str()).filter(|via| !via.is_empty());
        if let Some(entry) = entry_of(&row.providers, via).and_then(|index| row.providers.get_mut(index)) {
            of_channel.put_into(entry);
        }
    }
    row.progress.bounced.extend(bounced(&row.providers));
}

/// Channel and provider of what took the message over and reported that it did not arrive.
fn bounced(entries: &[ProviderRecord]) -> BTreeSet<String> {
    let sent = || entries.iter().filter(|entry| entry.sent.is_some());
    let key = |entry: &ProviderRecord| Some(entry.channel.get("key")?.as_str()?.to_owned());
    let arrived: BTreeSet<_> = sent()
        .filter(|entry| entry.status != UNDELIVERABLE)
        .filter_map(key)
        .collect();
    sent().filter_map(key).filter(|key| !arrived.contains(key)).collect()
}

impl ToldOfChannel {
    fn put_into(&self, entry: &mut ProviderRecord) {
        for (known, told) in [
            (&mut entry.delivered, self.delivered),
            (&mut entry.opened, self.opened),
            (&mut entry.clicked, self.clicked),
        ] {
            *known = known.or(told);
        }
        let status = match self {
            Self { clicked: Some(_), .. } => "CLICKED",
            Self { opened: Some(_), .. } => "OPENED",
            Self { failed: Some(_), .. } => UNDELIVERABLE,
            Self { delivered: Some(_), .. } => "DELIVERED",
            _ => return,
        };
        status.clone_into(&mut entry.status);
        entry.error = self.failed.clone().filter(|_| status == UNDELIVERABLE);
    }
}

/// The provider's entry that is spoken of: that with this key, else the only one of this channel that took the message
/// over, else the only one at all that did.
fn entry_of(entries: &[ProviderRecord], via: Option<&str>) -> Option<usize> {
    let key = |entry: &ProviderRecord| {
        let key = entry.channel.get("key").and_then(Value::as_str);
        key.unwrap_or_default().to_owned()
    };
    let mut sent = entries.iter().enumerate().filter(|(_, entry)| entry.sent.is_some());
    match via {
        Some(via) if via.contains(':') => sent.find(|(_, entry)| key(entry) == via).map(|(index, _)| index),
        Some(channel) => only(sent.filter(|(_, entry)| key(entry).split(':').next() == Some(channel))),
        None => only(sent),
    }
}

fn only<'a>(mut found: impl Iterator<Item = (usize, &'a ProviderRecord)>) -> Option<usize> {
    let (index, _) = found.next()?;
    found.next().is_none().then_some(index)
}

/// Whether every provider that took a message over reported later that it did not arrive.
pub fn nothing_arrived(entries: &[ProviderRecord]) -> bool {
    let mut sent = entries.iter().filter(|entry| entry.sent.is_some()).peekable();
    sent.peek().is_some() && sent.all(|entry| entry.status == UNDELIVERABLE)
}

/// What becomes of messages after they were handed over.
#[async_trait]
pub trait Engagements: Send + Sync + 'static {
    /// Tells what happened to messages: their status moves on and never back, the moments of first times stay, their
    /// histories grow, and work that waits for a reaction is due at once. Telling the same twice changes nothing. All
    /// of it is one transaction; answers are in the order of what was told.
    async fn engage(&self, engagements: Vec<Engagement>) -> Result<Vec<Engaged>>;
}

#[cfg(test)]
mod tests;
