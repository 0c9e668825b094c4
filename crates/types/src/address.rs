//! Where a provider can reach one person.

use serde::{Deserialize, Serialize};

use crate::Object;

/// An address in the form the channel needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// A mail address, with the person's name where known.
    Email {
        /// `local@domain`.
        email: String,
        /// The display name.
        name: Option<String>,
    },
    /// A phone number in E.164 form: `+11234567890`.
    Phone(String),
    /// A push token.
    PushToken(String),
    /// A user of ours: the in-app feed.
    User(String),
    /// A call described by the profile's `webhook` object: `url`, `method`, `headers`, `authentication`.
    Webhook(Object),
    /// A chat address: the profile's object for that provider, such as `slack`.
    Chat(Object),
}

impl Address {
    /// The address as a person would read it, for the trace's reader and the outbox.
    pub fn display(&self) -> String {
        match self {
            Self::Email { email, .. } => email.clone(),
            Self::Phone(text) | Self::PushToken(text) | Self::User(text) => text.clone(),
            Self::Webhook(object) => object
                .get("url")
                .and_then(|url| url.as_str())
                .unwrap_or("webhook")
                .to_owned(),
            Self::Chat(object) => ["channel", "user_id", "email", "channel_id", "conversation_id"]
                .iter()
                .find_map(|key| object.get(*key)?.as_str())
                .unwrap_or("chat")
                .to_owned(),
        }
    }
}
