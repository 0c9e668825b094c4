//! Channel classes: the kinds of way a message can reach a person.

use serde::{Deserialize, Serialize};

/// A kind of way to reach a person. Providers belong to exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Mail.
    Email,
    /// Notifications on a phone or in a browser.
    Push,
    /// Text messages.
    Sms,
    /// Slack, Teams, Discord, `WhatsApp` and the like.
    DirectMessage,
    /// The in-app feed.
    Inbox,
    /// An HTTP call to an address in the profile.
    Webhook,
}

impl Channel {
    /// All classes, in the order in which a message without routing tries them.
    pub const ALL: [Self; 6] = [
        Self::Email,
        Self::Push,
        Self::Sms,
        Self::DirectMessage,
        Self::Inbox,
        Self::Webhook,
    ];

    /// The name in routing trees and preferences.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Push => "push",
            Self::Sms => "sms",
            Self::DirectMessage => "direct_message",
            Self::Inbox => "inbox",
            Self::Webhook => "webhook",
        }
    }

    /// Reads a name, including the older `chat` for direct messages and `banner` for the feed.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "chat" => Some(Self::DirectMessage),
            "banner" => Some(Self::Inbox),
            _ => Self::ALL.into_iter().find(|one| one.as_str() == text),
        }
    }
}

impl std::fmt::Display for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
