//! How far a message has come: everything its next step depends on besides a fresh plan and the time.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::plan::TargetKey;
use crate::{Routing, Timestamp};

/// A message's way so far. It is stored after every step and is all that survives a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The end of its delay, once computed: it is computed once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// When routing was first decided. The message's timeout counts from acceptance, channels' from their first try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routed_at: Option<Timestamp>,
    /// The routing tree and template version chosen at the first decision. Preferences, conditions and addresses are
    /// looked at afresh before every hand-over; these stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<Frozen>,
    /// Attempts by target.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub targets: BTreeMap<TargetKey, TargetProgress>,
    /// The furthest thing the person or a provider reported, for escalation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached: Option<Reached>,
    /// Channel and provider, such as `email:smtp`, that took the message over and reported since that it did not arrive:
    /// an escalation does not wait for them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub bounced: BTreeSet<String>,
    /// Whether the person put the message away, or reported it as spam or unsubscribed at a provider: it is escalated no
    /// further.
    #[serde(default, skip_serializing_if = "is_false")]
    pub declined: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// What is chosen once for a message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frozen {
    /// The routing tree.
    pub routing: Routing,
    /// The template version, such as `v002` or `draft`; none for inline content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_version: Option<String>,
}

/// Attempts at one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetProgress {
    /// How many calls were made.
    pub attempts: u32,
    /// When the first began.
    pub first_at: Timestamp,
    /// When the last ended.
    pub last_at: Timestamp,
    /// Where it stands.
    pub state: TargetState,
}

/// Where a target stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TargetState {
    /// The provider took the message over. It is never called again for this message.
    Accepted {
        /// When.
        at: Timestamp,
    },
    /// It failed in a way that may pass.
    Failing {
        /// Not before this moment.
        retry_at: Timestamp,
        /// Whether the provider itself was unreachable or broken, so that an alternative is better than waiting.
        down: bool,
        /// In the provider's words.
        error: String,
    },
    /// It failed for good.
    Dead {
        /// How.
        cause: DeathCause,
        /// In the provider's words.
        error: String,
    },
}

/// Why a target will not be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeathCause {
    /// Our account or settings there do not work: another provider may.
    Provider,
    /// The address does not work: another channel may.
    Address,
    /// The message was refused: another channel may take it.
    Refused,
    /// The content could not be rendered for this channel.
    Render,
    /// Its time was up.
    TimedOut,
}

/// How far a person or provider confirmed a message, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    /// The provider confirmed delivery.
    Delivered,
    /// It was opened.
    Opened,
    /// Something in it was clicked.
    Clicked,
}
