//! The requests that are sent.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;
use tidings_types::{Clock as _, SystemClock};

/// What a send asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A call of the webhook sink.
    Webhook,
    /// A mail of about a kilobyte, with inline content.
    Mail,
    /// A message in the feed of one of this many people.
    Inbox {
        /// How many.
        people: u32,
    },
}

impl Kind {
    /// Its name in the figures.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Mail => "mail",
            Self::Inbox { .. } => "inbox",
        }
    }
}

/// Makes requests, each for another recipient.
pub(crate) struct Requests {
    key: String,
    kind: Kind,
    /// Where the webhook sink listens.
    sink: SocketAddr,
    filler: String,
    made: AtomicU64,
}

impl Requests {
    /// Requests of one kind, made with an API key.
    pub(crate) fn new(key: &str, kind: Kind, sink: SocketAddr) -> Self {
        // Together with what is around it, about a kilobyte of body.
        let filler = "Your order is on its way and will be with you soon. ".repeat(14);
        Self {
            key: key.to_owned(),
            kind,
            sink,
            filler,
            made: AtomicU64::new(0),
        }
    }

    /// How many were made.
    pub(crate) fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// One request as it stands on the wire.
    pub(crate) fn make(&self, number: usize) -> Vec<u8> {
        self.made.fetch_add(1, Ordering::Relaxed);
        let to = match self.kind {
            Kind::Webhook => json!({ "webhook": { "url": format!("http://{}/hook", self.sink) } }),
            Kind::Mail => json!({ "email": format!("person{number}@example.com") }),
            Kind::Inbox { people } => json!({ "user_id": format!("person{}", number % people as usize) }),
        };
        let channel = match self.kind {
            Kind::Webhook => "webhook",
            Kind::Mail => "email",
            Kind::Inbox { .. } => "inbox",
        };
        let sent = SystemClock.now().as_millis();
        let body = json!({ "message": {
            "to": to,
            "content": { "title": "Order {{order}}", "body": format!("Hello {{{{name}}}}! {}", self.filler) },
            "data": { "name": "Ada", "order": number, "sent": sent },
            "routing": { "method": "single", "channels": [channel] },
        }});
        post("/send", &self.key, &body)
    }
}

/// A POST as it stands on the wire.
pub(crate) fn post(path: &str, key: &str, body: &serde_json::Value) -> Vec<u8> {
    request("POST", path, key, body)
}

/// A PUT as it stands on the wire.
pub(crate) fn put(path: &str, key: &str, body: &serde_json::Value) -> Vec<u8> {
    request("PUT", path, key, body)
}

fn request(method: &str, path: &str, key: &str, body: &serde_json::Value) -> Vec<u8> {
    let body = body.to_string();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_weigh_about_a_kilobyte() {
        for kind in [Kind::Webhook, Kind::Mail] {
            let request = Requests::new("key", kind, ([127, 0, 0, 1], 80).into()).make(7);
            assert!((900..1200).contains(&request.len()), "{}", request.len());
        }
    }
}
