//! What will be tried, in which order: the routing tree after everything that forbids or prevents was taken out.

use serde::{Deserialize, Serialize};

use crate::{Address, Channel, Method, Reason, Status};

/// A decision: what to try, or why nothing can be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The tree of what may be tried. Empty when there is a verdict.
    pub root: Node,
    /// Why nothing can be tried. None when something can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

/// The end of a message that cannot be attempted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The final status.
    pub status: Status,
    /// Its reason.
    pub reason: Reason,
    /// In words, for the message's `error`.
    pub error: String,
}

impl Verdict {
    /// The end of a message through a fault of ours or of what we were given.
    pub fn failed(error: impl Into<String>) -> Self {
        Self {
            status: Status::Undeliverable,
            reason: Reason::Failed,
            error: error.into(),
        }
    }
}

/// A node of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// Every child, independently.
    All(Vec<Node>),
    /// The children in order until one works.
    Single(Vec<Node>),
    /// One channel.
    Leaf(Leaf),
}

impl Default for Node {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// One channel of the plan, with the providers that may carry it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leaf {
    /// Its place in the routing tree, such as `0.1`: stable while the message lives.
    pub path: String,
    /// The channel's class.
    pub channel: Channel,
    /// Whether one provider is used, or every one.
    pub method: Method,
    /// Time for the whole channel, in milliseconds.
    pub timeout_ms: u64,
    /// The usable providers, in order of failover. Never empty.
    pub targets: Vec<Target>,
}

/// One provider account with the address at which it reaches the person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The provider's key, such as `twilio`.
    pub provider: String,
    /// The account's id; for built-in providers the key again.
    pub account: String,
    /// Where it reaches the person. Push may have several.
    pub addresses: Vec<Address>,
    /// Time for this provider, in milliseconds.
    pub timeout_ms: u64,
}

impl Target {
    /// Channel and provider, such as `email:smtp`: how records of messages name it.
    pub fn key_on(&self, channel: Channel) -> String {
        format!("{channel}:{}", self.provider)
    }
}

/// Names one provider at one place of the tree: the key under which its attempts are kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TargetKey(String);

impl TargetKey {
    /// The key of a target within a leaf.
    pub fn new(leaf: &Leaf, target: &Target) -> Self {
        Self(format!("{}/{}", leaf.path, target.account))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Node {
    /// All leaves, in order.
    pub fn leaves(&self) -> Vec<&Leaf> {
        match self {
            Self::All(children) | Self::Single(children) => children.iter().flat_map(Self::leaves).collect(),
            Self::Leaf(leaf) => vec![leaf],
        }
    }
}
