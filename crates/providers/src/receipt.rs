//! What providers tell of messages later: receipts, bounces, complaints.
//!
//! Reading them is as pure as everything else of a provider: a request that came in goes in, and what it says comes out,
//! or that it cannot be trusted.

use http::HeaderMap;
use tidings_types::{Settings, Timestamp};

/// A request that came in for an account.
#[derive(Clone, Copy, Debug)]
pub struct Inbound<'a> {
    /// The whole address it was sent to, as the provider knows it.
    pub url: &'a str,
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its body, as it came.
    pub body: &'a [u8],
    /// The account's settings, in the clear.
    pub settings: &'a Settings,
    /// The present moment.
    pub now: Timestamp,
}

impl Inbound<'_> {
    /// A header's value, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// One thing told of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Our id of the message, which the provider was given and gives back.
    pub message_id: String,
    /// What happened.
    pub kind: ReceiptKind,
    /// When.
    pub at: Timestamp,
}

/// What can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptKind {
    /// It arrived.
    Delivered,
    /// It was opened.
    Opened,
    /// A link in it was followed.
    Clicked,
    /// It did not arrive after all. In the provider's words.
    Bounced(String),
    /// The person reported it as unwanted.
    Complained,
    /// The person unsubscribed at the provider.
    Unsubscribed,
}

/// Why a request is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// The account has no key to check it with.
    NoKey,
    /// It is not signed, or not by the provider.
    Signature,
    /// It was signed too long ago, or is dated too far ahead: it may have been caught on its way and sent again.
    Stale,
    /// It is signed and cannot be read.
    Form,
}
