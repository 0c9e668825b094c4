//! What a provider wants done, as values. Printing them shows no secret and no content.

use std::fmt;

use http::Method;
use serde_json::Value;
use tidings_types::rendered::{Email, Mailbox};
use tidings_types::{SecretString, Timestamp};
use url::Url;

/// What to do to hand a message over.
#[derive(Clone, Debug)]
pub enum Outgoing {
    /// An HTTP call.
    Http(OutgoingRequest),
    /// A mail for an SMTP server.
    Smtp(Box<SmtpSubmission>),
    /// Nothing to call: the message is an entry of the in-app feed, which the caller stores.
    Feed,
}

/// Who chose the host that is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The provider or the operator, in an account's settings: any host is fine.
    Operator,
    /// A profile or a send: hosts on private networks are refused.
    Person,
}

/// An HTTP call.
#[derive(Clone)]
pub struct OutgoingRequest {
    /// The method.
    pub method: Method,
    /// The whole address.
    pub url: Url,
    /// Headers, in order. The body brings its own `content-type`.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
    /// Who chose the host.
    pub guard: Guard,
}

/// An HTTP body.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// `application/json`.
    Json(Value),
    /// `application/x-www-form-urlencoded`; names may repeat.
    Form(Vec<(String, String)>),
    /// Anything else.
    Raw {
        /// Its media type.
        content_type: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

impl OutgoingRequest {
    /// Sets a header, replacing any of the same name.
    pub fn set_header(&mut self, name: &str, value: impl Into<String>) {
        self.headers
            .retain(|(existing, _)| !existing.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(existing, _)| existing.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for OutgoingRequest {
    /// Shows the origin and the names of headers. Paths of webhook addresses are often secrets themselves.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("OutgoingRequest")
            .field("method", &self.method)
            .field("origin", &self.url.origin().ascii_serialization())
            .field("headers", &names)
            .field("guard", &self.guard)
            .finish_non_exhaustive()
    }
}

/// How a connection to an SMTP server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SmtpTls {
    /// From the first byte, usually port 465 (RFC 8314).
    Implicit,
    /// With STARTTLS when the server offers it (RFC 3207).
    Opportunistic,
}

/// A mail with the server that takes it.
#[derive(Clone)]
pub struct SmtpSubmission {
    /// The server's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: SmtpTls,
    /// User name and password, if the server wants them.
    pub credentials: Option<(String, SecretString)>,
    /// Who chose the host.
    pub guard: Guard,
    /// The sender.
    pub from: Mailbox,
    /// The recipient.
    pub to: Mailbox,
    /// The mail.
    pub mail: Email,
    /// `Message-ID` without its angle brackets: the same for every attempt.
    pub message_id: String,
    /// The `Date` header.
    pub date: Timestamp,
}

impl fmt::Debug for SmtpSubmission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSubmission")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("authenticated", &self.credentials.is_some())
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}
