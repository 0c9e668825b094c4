//! Where a message stands, and why.

use serde::{Deserialize, Serialize};

macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Reads what [`Self::as_str`] writes.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use wire_enum;

wire_enum! {
    /// Where a message stands.
    Status {
        /// Accepted.
        Enqueued => "ENQUEUED",
        /// Held until a moment or a window.
        Delayed => "DELAYED",
        /// Held for a digest.
        Digested => "DIGESTED",
        /// The channel decision was made.
        Routed => "ROUTED",
        /// A provider took it over.
        Sent => "SENT",
        /// The provider confirmed delivery.
        Delivered => "DELIVERED",
        /// It was opened.
        Opened => "OPENED",
        /// Something in it was clicked.
        Clicked => "CLICKED",
        /// Called off by the caller.
        Canceled => "CANCELED",
        /// Walked the whole way with a mock key; no provider was called.
        Simulated => "SIMULATED",
        /// Suppressed by preference or condition before routing.
        Filtered => "FILTERED",
        /// Dropped by a send limit.
        Throttled => "THROTTLED",
        /// Attempted and failed, or opted out.
        Undeliverable => "UNDELIVERABLE",
        /// The template or event is unknown.
        Unmapped => "UNMAPPED",
        /// Nothing could be attempted.
        Unroutable => "UNROUTABLE",
    }
}

impl Status {
    /// How far along this is. A message's status never moves to a lower rank.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Enqueued => 0,
            Self::Delayed | Self::Digested => 1,
            Self::Routed => 2,
            Self::Canceled
            | Self::Simulated
            | Self::Filtered
            | Self::Throttled
            | Self::Undeliverable
            | Self::Unmapped
            | Self::Unroutable => 3,
            Self::Sent => 4,
            Self::Delivered => 5,
            Self::Opened => 6,
            Self::Clicked => 7,
        }
    }

    /// Whether the message needs nothing more from us.
    pub const fn is_final(self) -> bool {
        self.rank() >= 3
    }
}

wire_enum! {
    /// Why a message ended without reaching the person.
    Reason {
        /// The address bounced, or the person complained.
        Bounced => "BOUNCED",
        /// A fault on our side, such as content that does not render.
        Failed => "FAILED",
        /// Preferences or conditions left no channel.
        Filtered => "FILTERED",
        /// No channel at which the person can be reached.
        NoChannels => "NO_CHANNELS",
        /// No provider is configured.
        NoProviders => "NO_PROVIDERS",
        /// The topic is opt-in, and the person did not.
        OptInRequired => "OPT_IN_REQUIRED",
        /// The provider refused or failed.
        ProviderError => "PROVIDER_ERROR",
        /// The template was never published.
        Unpublished => "UNPUBLISHED",
        /// The person opted out.
        Unsubscribed => "UNSUBSCRIBED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(*status));
        }
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.as_str()), Some(*reason));
        }
    }
}
