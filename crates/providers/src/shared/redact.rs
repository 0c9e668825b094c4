//! Keeping secrets and content out of error texts. Providers like to quote what they were sent.

use serde_json::Value;
use tidings_types::{Address, Object, Outcome, Rendered};

use crate::{Call, Spec};

/// The longest error text kept, in characters.
const MAX_CHARS: usize = 300;
/// Shorter texts are too common to be searched for.
const MIN_CHARS: usize = 4;

/// What must not stand in an error text of one call.
pub(crate) struct Redactor {
    /// Longest first, so that no part of one survives another's removal.
    needles: Vec<String>,
}

impl Redactor {
    /// Collects an account's secrets, a webhook's credentials, the message's data and its content line by line.
    pub(crate) fn new(spec: &Spec, call: &Call<'_>) -> Self {
        let mut needles: Vec<String> = spec.secrets().filter_map(|name| call.settings.text(name)).collect();
        if let Address::Webhook(webhook) = call.address {
            for part in ["authentication", "headers"] {
                collect(webhook.get(part), &mut needles);
            }
        }
        if let Address::Chat(chat) = call.address {
            for part in ["access_token", "incoming_webhook", "response_url", "webhook_url"] {
                collect(chat.get(part), &mut needles);
            }
        }
        collect_object(call.message.data, &mut needles);
        content(call.rendered, &mut needles);
        needles.retain(|needle| needle.chars().count() >= MIN_CHARS);
        needles.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        needles.dedup();
        Self { needles }
    }

    /// Adds what an override brought: credentials, and parts of the message.
    pub(crate) fn also_hide(&mut self, overrides: &Object) {
        collect_object(overrides, &mut self.needles);
        self.needles.retain(|needle| needle.chars().count() >= MIN_CHARS);
        self.needles.sort_by_key(|needle| std::cmp::Reverse(needle.len()));
    }

    /// The text without them, on one line, cut to its limit.
    pub(crate) fn clean(&self, text: &str) -> String {
        let mut text = self
            .needles
            .iter()
            .fold(text.to_owned(), |text, needle| text.replace(needle, "[redacted]"));
        text = text
            .chars()
            .map(|letter| if letter.is_control() { ' ' } else { letter })
            .collect();
        match text.char_indices().nth(MAX_CHARS) {
            Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or_default()),
            None => text,
        }
    }

    /// The outcome with its words cleaned.
    pub(crate) fn clean_outcome(&self, mut outcome: Outcome) -> Outcome {
        match &mut outcome {
            Outcome::Accepted { .. } => {}
            Outcome::Retry { error, .. }
            | Outcome::ProviderDown { error, .. }
            | Outcome::AddressDead { error }
            | Outcome::Refused { error }
            | Outcome::Unknown { error } => *error = self.clean(error),
        }
        outcome
    }
}

fn collect_object(object: &Object, into: &mut Vec<String>) {
    for value in object.values() {
        collect(Some(value), into);
    }
}

/// All texts and numbers within a value.
fn collect(value: Option<&Value>, into: &mut Vec<String>) {
    match value {
        Some(Value::String(text)) => into.push(text.clone()),
        Some(Value::Number(number)) => into.push(number.to_string()),
        Some(Value::Array(values)) => values.iter().for_each(|value| collect(Some(value), into)),
        Some(Value::Object(object)) => collect_object(object, into),
        _ => {}
    }
}

fn content(rendered: &Rendered, into: &mut Vec<String>) {
    let texts: Vec<&str> = match rendered {
        Rendered::Email(mail) => vec![&mail.subject, &mail.text],
        Rendered::Sms(sms) => vec![&sms.body],
        Rendered::Push(push) => vec![&push.title, &push.body],
        Rendered::Inbox(inbox) => vec![&inbox.title, &inbox.preview],
        Rendered::DirectMessage(chat) => vec![&chat.title, &chat.text],
        Rendered::Webhook(webhook) => vec![&webhook.title, &webhook.body],
    };
    for text in texts {
        into.push(text.to_owned());
        into.extend(text.lines().map(|line| line.trim().to_owned()));
    }
}
