//! Everything a decision depends on.

use std::collections::BTreeMap;

use serde_json::Value;
use tidings_types::message::{ChannelOptions, ProviderOptions, TimeoutOptions};
use tidings_types::{Address, Channel, Routing, Timestamp, Topic};

use crate::preference::Effective;

/// Everything a decision depends on. The closures must be pure.
pub struct Input<'a> {
    /// The present moment.
    pub now: Timestamp,
    /// The routing tree.
    pub routing: &'a Routing,
    /// Where the tree came from, in a sentence for the trace.
    pub routing_source: &'a str,
    /// Settings per channel: the send's over the strategy's.
    pub channels: &'a BTreeMap<String, ChannelOptions>,
    /// Settings per provider: the send's over the strategy's.
    pub providers: &'a BTreeMap<String, ProviderOptions>,
    /// Time limits of the send.
    pub timeout: &'a TimeoutOptions,
    /// The topic and what the person's preferences come to; none when the message has no topic.
    pub preference: Option<(Topic, Effective)>,
    /// Every account that could be used, in the order of failover.
    pub candidates: &'a [Candidate],
    /// The channel a provider key belongs to, for keys that exist in the catalog.
    pub catalog: &'a dyn Fn(&str) -> Option<Channel>,
    /// Whether there is content for a channel and provider.
    pub has_content: &'a dyn Fn(Channel, &str) -> bool,
    /// Whether a condition holds; an error in words when it cannot be evaluated.
    pub condition: &'a dyn Fn(&Value) -> Result<bool, String>,
}

/// An account that could be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The provider's key.
    pub provider: String,
    /// The account's id.
    pub account: String,
    /// A second name by which routing may pin it.
    pub alias: Option<String>,
    /// Its channel.
    pub channel: Channel,
    /// Whether it stands in for every other provider of its channel, as the outbox does.
    pub stands_in: bool,
    /// Where it reaches the person.
    pub address: AddressState,
}

/// Where an account reaches the person, or why it cannot.
#[derive(Clone, Debug, PartialEq)]
pub enum AddressState {
    /// At these.
    Known(Vec<Address>),
    /// The profile has none. In words.
    Missing(String),
    /// The profile has one that cannot be one. In words.
    Invalid(String),
}
