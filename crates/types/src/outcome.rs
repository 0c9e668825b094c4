//! What came of one provider call.

use serde::{Deserialize, Serialize};

use crate::Object;

/// What one call to a provider came to. Anything unclear is [`Outcome::Unknown`], never success.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// The provider took the message over.
    Accepted {
        /// The provider's own id for it.
        id: Option<String>,
        /// What else it said that identifies the message, kept as the message's `reference`.
        #[serde(default)]
        reference: Object,
    },
    /// The provider works and asks to come again later (408, 429, SMTP 4xx).
    Retry {
        /// How long it asks us to wait, in milliseconds.
        after_ms: Option<u64>,
        /// In the provider's words.
        error: String,
    },
    /// The provider cannot be used now: refused connection, TLS failure, 5xx, or our credentials are refused.
    ProviderDown {
        /// True when only an operator can mend it (credentials, settings): trying again is pointless.
        permanent: bool,
        /// In the provider's words.
        error: String,
    },
    /// This address does not work; another provider of the same channel would not help.
    AddressDead {
        /// In the provider's words.
        error: String,
    },
    /// The provider refuses this message.
    Refused {
        /// In the provider's words.
        error: String,
    },
    /// The call was cut off after the request had left: it may or may not have been taken over.
    Unknown {
        /// What was seen.
        error: String,
    },
}

impl Outcome {
    /// Accepted, with the provider's id.
    pub fn accepted(id: impl Into<Option<String>>) -> Self {
        Self::Accepted {
            id: id.into(),
            reference: Object::new(),
        }
    }

    /// The words of a failure; none for success.
    pub fn error(&self) -> Option<&str> {
        match self {
            Self::Accepted { .. } => None,
            Self::Retry { error, .. }
            | Self::ProviderDown { error, .. }
            | Self::AddressDead { error }
            | Self::Refused { error }
            | Self::Unknown { error } => Some(error),
        }
    }
}
