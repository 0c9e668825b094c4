//! The two ways in which clients read frames. Mixing them shows empty messages, or makes clients give up.
//!
//! - Envelopes: the web client, which says `iwpv=v1`. It asks, and is answered.
//! - Flat: phones and the older web packages. They are told what is new and nothing else. They know different words
//!   ([`Reader`]): what a phone does not know is an error to it.

use axum::extract::ws::{Utf8Bytes, close_code};
use serde_json::{Value, json};
use tidings_store::{FeedChange, FeedEntry, FeedEvent, FeedNews};

use crate::message;

/// How a client reads frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Framing {
    /// `{"event": ..}`, and answers with the `tid` of what was asked.
    Envelopes,
    /// `{"type": ..}`.
    #[default]
    Flat,
}

/// Who reads the frames that tell what is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// The web client, which reads envelopes.
    Web,
    /// A phone, which reads flat frames.
    Phone,
    /// An older web package, which reads flat frames.
    OlderWeb,
}

impl Framing {
    /// Who reads frames of this kind. Of those that read flat ones, only phones name their program when they subscribe.
    pub(super) const fn reader(self, names_its_program: bool) -> Reader {
        match (self, names_its_program) {
            (Self::Envelopes, _) => Reader::Web,
            (Self::Flat, true) => Reader::Phone,
            (Self::Flat, false) => Reader::OlderWeb,
        }
    }
}

/// The pause after which a client that heard nothing asks whether we are there, in seconds: shorter than proxies in
/// front of us wait.
const PING_SECONDS: u32 = 50;

/// How many such questions may stay unanswered before a client connects anew.
const MAX_OUTSTANDING: u32 = 3;

/// An answer to a client that reads envelopes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    /// How it is to behave.
    Config,
    /// Done.
    Ack,
    /// We are there.
    Pong,
}

impl Answer {
    pub(super) fn frame(self, tid: &Value) -> Utf8Bytes {
        let frame = match self {
            Self::Config => {
                let data = json!({ "pingInterval": PING_SECONDS, "maxOutstandingPings": MAX_OUTSTANDING });
                json!({ "tid": tid, "response": "config", "data": data })
            }
            Self::Ack => json!({ "tid": tid, "response": "ack" }),
            Self::Pong => json!({ "tid": tid, "response": "pong" }),
        };
        text(&frame)
    }
}

/// A refusal. Web clients log it and go on; phones hand it to their error handler.
pub(super) fn refusal(framing: Framing, tid: &Value, told: &str) -> Utf8Bytes {
    match framing {
        Framing::Envelopes => text(&json!({ "tid": tid, "response": "error", "message": told })),
        Framing::Flat => text(&json!({ "error": told })),
    }
}

/// Asks a client that reads envelopes to connect anew after a number of seconds.
pub(super) fn reconnect(seconds: u32) -> Utf8Bytes {
    text(&json!({
        "event": "reconnect",
        "message": "The server restarts",
        "retryAfter": seconds,
        "code": close_code::RESTART,
    }))
}

/// The frames that tell a client what is new; none when it has no words for it.
pub(super) fn frames(reader: Reader, news: &FeedNews) -> Vec<Utf8Bytes> {
    match (reader, news) {
        (Reader::Web, FeedNews::Arrived(entry)) => vec![envelope(entry)],
        (Reader::Phone | Reader::OlderWeb, FeedNews::Arrived(entry)) => vec![flat(entry)],
        (Reader::Web, FeedNews::Changed(change)) => enveloped_change(change),
        (Reader::Phone | Reader::OlderWeb, FeedNews::Changed(change)) => flat_change(reader, change),
    }
}

fn envelope(entry: &FeedEntry) -> Utf8Bytes {
    text(&json!({ "event": "message", "messageId": entry.message_id, "data": message::on_the_wire(entry) }))
}

fn flat(entry: &FeedEntry) -> Utf8Bytes {
    let mut frame = message::on_the_wire(entry);
    if let Some(fields) = frame.as_object_mut() {
        fields.insert("type".to_owned(), Value::from("message"));
    }
    text(&frame)
}

fn enveloped_change(change: &FeedChange) -> Vec<Utf8Bytes> {
    let name = match change.event {
        FeedEvent::Read => "read",
        FeedEvent::Unread => "unread",
        FeedEvent::Opened => "opened",
        FeedEvent::Archived => "archive",
        FeedEvent::Unarchived => "unarchive",
        FeedEvent::Clicked => "clicked",
        FeedEvent::AllRead => return vec![text(&json!({ "event": "mark-all-read" }))],
        FeedEvent::ReadArchived => return vec![text(&json!({ "event": "archive-read" }))],
        FeedEvent::AllArchived => return vec![text(&json!({ "event": "archive-all" }))],
        FeedEvent::Unpinned => return Vec::new(),
    };
    let each = change.messages.iter();
    each.map(|message| text(&json!({ "event": name, "messageId": message })))
        .collect()
}

fn flat_change(reader: Reader, change: &FeedChange) -> Vec<Utf8Bytes> {
    let name = match change.event {
        FeedEvent::Read => "read",
        FeedEvent::Unread => "unread",
        FeedEvent::Opened => "opened",
        // Flat frames have no word for many that are put away: each is told by itself.
        FeedEvent::Archived | FeedEvent::ReadArchived | FeedEvent::AllArchived => "archive",
        FeedEvent::Unarchived => "unarchive",
        FeedEvent::AllRead => return vec![text(&json!({ "type": "event", "event": "mark-all-read" }))],
        FeedEvent::Unpinned if reader == Reader::OlderWeb => "unpin",
        // Phones cannot read either, and the older web packages do not know the first.
        FeedEvent::Clicked | FeedEvent::Unpinned => return Vec::new(),
    };
    let each = change.messages.iter();
    each.map(|message| text(&json!({ "type": "event", "event": name, "messageId": message })))
        .collect()
}

fn text(frame: &Value) -> Utf8Bytes {
    frame.to_string().into()
}

#[cfg(test)]
mod tests {
    use tidings_types::MessageId;

    use super::*;

    fn change(event: FeedEvent, messages: &[&str]) -> FeedNews {
        FeedNews::Changed(FeedChange {
            sequence: 1,
            event,
            tenant_id: None,
            messages: messages.iter().map(|id| MessageId::from(*id)).collect(),
            source: None,
        })
    }

    fn told(reader: Reader, news: &FeedNews) -> Vec<Value> {
        let frames = frames(reader, news);
        frames
            .iter()
            .map(|frame| serde_json::from_str(frame).unwrap())
            .collect()
    }

    #[test]
    fn many_at_once_is_one_envelope_and_many_flat_frames() {
        let news = change(FeedEvent::AllArchived, &["a", "b"]);
        assert_eq!(told(Reader::Web, &news), [json!({ "event": "archive-all" })]);
        let flat = |id: &str| json!({ "type": "event", "event": "archive", "messageId": id });
        assert_eq!(told(Reader::Phone, &news), [flat("a"), flat("b")]);
        let news = change(FeedEvent::AllRead, &["a", "b"]);
        assert_eq!(
            told(Reader::Phone, &news),
            [json!({ "type": "event", "event": "mark-all-read" })]
        );
    }

    #[test]
    fn what_a_client_cannot_read_is_not_told() {
        let news = change(FeedEvent::Clicked, &["a"]);
        assert_eq!(
            told(Reader::Web, &news),
            [json!({ "event": "clicked", "messageId": "a" })]
        );
        assert!(told(Reader::Phone, &news).is_empty());
        assert!(told(Reader::OlderWeb, &news).is_empty());
        let news = change(FeedEvent::Unpinned, &["a"]);
        assert!(told(Reader::Web, &news).is_empty());
        assert!(told(Reader::Phone, &news).is_empty());
        assert_eq!(
            told(Reader::OlderWeb, &news),
            [json!({ "type": "event", "event": "unpin", "messageId": "a" })]
        );
    }

    #[test]
    fn the_pause_is_told_in_seconds() {
        let frame: Value = serde_json::from_str(&Answer::Config.frame(&json!("t1"))).unwrap();
        assert_eq!(frame["tid"], "t1");
        assert_eq!(frame["data"], json!({ "pingInterval": 50, "maxOutstandingPings": 3 }));
    }
}
