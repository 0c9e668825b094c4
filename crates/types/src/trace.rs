//! Why a person did, or did not, get a message: one line for everything that was considered.
//!
//! A trace never holds a value of the message's data, a secret or a code: only names, addresses' kinds and reasons.

use serde::{Deserialize, Serialize};

use crate::{Channel, Timestamp};

/// The answer to "why did this person (not) get it?".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// What the latest decision considered, in order. Replaced at each decision.
    #[serde(default)]
    pub considered: Vec<TraceEntry>,
    /// What happened since acceptance, in order. Only grows.
    #[serde(default)]
    pub happened: Vec<TraceEntry>,
}

/// One line of a trace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TraceEntry {
    /// When.
    pub at: Timestamp,
    /// The channel it speaks of, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The provider it speaks of, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// What was decided or happened.
    pub code: TraceCode,
    /// In a sentence.
    pub detail: String,
}

/// What a line of a trace says, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraceCode {
    /// Will be tried.
    Usable,
    /// Where the routing tree came from.
    Routing,
    /// What the person's preferences say.
    Preference,
    /// The person opted out of the topic.
    OptedOut,
    /// The topic is opt-in and the person did not.
    OptInRequired,
    /// The topic cannot be opted out of.
    Required,
    /// The person paused this topic.
    Snoozed,
    /// It is marketing, and no consent is on record.
    NoConsent,
    /// It is marketing, and the person has yet to confirm by mail that they want it.
    Unconfirmed,
    /// It waits for the end of the person's quiet hours.
    QuietHours,
    /// The person has had as many messages as a limit allows.
    Throttled,
    /// The person did not choose this channel.
    NotChosen,
    /// The person has no address here.
    NoAddress,
    /// There is an address, and it cannot be one.
    BadAddress,
    /// A condition is false.
    ConditionFalse,
    /// A condition could not be evaluated.
    ConditionError,
    /// No provider is configured for it.
    NoProvider,
    /// It is not among those allowed.
    NotAllowed,
    /// The routing names something that exists nowhere.
    UnknownName,
    /// There is no content for it.
    NoContent,
    /// The content could not be rendered.
    RenderFailed,
    /// Something in the content was adjusted.
    ContentAdjusted,
    /// Another provider stands in.
    StandIn,
    /// It waits for a moment or window.
    Waiting,
    /// It is being given a rest after failures.
    Resting,
    /// A provider took it over.
    Accepted,
    /// A provider failed; it will be tried again.
    RetryLater,
    /// A provider failed; the next is tried.
    MovedOn,
    /// A provider failed for good.
    Failed,
    /// Time was up.
    TimedOut,
    /// The next channel is tried because the person did not react.
    Escalated,
    /// It ended.
    Ended,
    /// Anything else worth knowing.
    Note,
}

impl TraceEntry {
    /// A line about the message as a whole.
    pub fn new(at: Timestamp, code: TraceCode, detail: impl Into<String>) -> Self {
        Self {
            at,
            channel: None,
            provider: None,
            code,
            detail: detail.into(),
        }
    }

    /// About a channel.
    #[must_use]
    pub fn on(mut self, channel: Channel) -> Self {
        self.channel = Some(channel);
        self
    }

    /// About a provider.
    #[must_use]
    pub fn via(mut self, provider: impl Into<String>) -> Self {
        self.provider = Some(provider.into());
        self
    }
}

impl Trace {
    /// Notes what happened.
    pub fn push(&mut self, entry: TraceEntry) {
        self.happened.push(entry);
    }
}
