//! An entry as the list shows it.

use serde::Serialize;
use tidings_store::Caught;
use tidings_types::{Environment, MessageId, Rendered, Timestamp};

/// How many characters of a text the list shows.
const GIST: usize = 160;

/// One row of the list.
#[derive(Serialize)]
pub(crate) struct Entry {
    /// Its number: grows, and says where a stream is resumed.
    pub(crate) number: i64,
    environment: Environment,
    message_id: MessageId,
    channel: &'static str,
    provider: String,
    to: String,
    title: String,
    gist: String,
    at: Timestamp,
}

impl From<&Caught> for Entry {
    fn from(caught: &Caught) -> Self {
        let (title, text) = words(&caught.rendered);
        Self {
            number: caught.number,
            environment: caught.environment,
            message_id: caught.message_id.clone(),
            channel: channel(&caught.rendered),
            provider: caught.provider.clone(),
            to: caught.to.clone(),
            title: if title.is_empty() { gist(text) } else { gist(title) },
            gist: if title.is_empty() { String::new() } else { gist(text) },
            at: caught.at,
        }
    }
}

/// The channel's name.
fn channel(rendered: &Rendered) -> &'static str {
    use tidings_types::Channel;
    match rendered {
        Rendered::Email(_) => Channel::Email,
        Rendered::Sms(_) => Channel::Sms,
        Rendered::Push(_) => Channel::Push,
        Rendered::Inbox(_) => Channel::Inbox,
        Rendered::DirectMessage(_) => Channel::DirectMessage,
        Rendered::Webhook(_) => Channel::Webhook,
    }
    .as_str()
}

/// Heading and text; a text message has no heading.
pub(crate) fn words(rendered: &Rendered) -> (&str, &str) {
    match rendered {
        Rendered::Email(mail) => (&mail.subject, &mail.text),
        Rendered::Sms(sms) => ("", &sms.body),
        Rendered::Push(push) => (&push.title, &push.body),
        Rendered::Inbox(inbox) => (&inbox.title, &inbox.preview),
        Rendered::DirectMessage(chat) => (&chat.title, &chat.text),
        Rendered::Webhook(webhook) => (&webhook.title, &webhook.body),
    }
}

/// The beginning of a text on one line.
fn gist(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(GIST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gist_is_one_short_line() {
        assert_eq!(gist("a\n\n b\u{2028}c"), "a b c");
        let long = gist(&"é".repeat(500));
        assert_eq!(long.chars().count(), GIST + 1);
    }
}
