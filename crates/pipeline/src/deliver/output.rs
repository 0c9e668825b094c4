//! A rendering in the six fields in which the public API shows it.

use serde_json::{Value, json};
use tidings_types::Rendered;

/// `{html, title, body, subject, text, blocks}`; what a channel does not have is empty.
pub(crate) fn content_of(rendered: &Rendered) -> Value {
    let none: &[Value] = &[];
    let (html, title, body, subject, text, blocks) = match rendered {
        Rendered::Email(email) => (
            email.html.as_str(),
            email.subject.as_str(),
            "",
            email.subject.as_str(),
            email.text.as_str(),
            none,
        ),
        Rendered::Sms(sms) => ("", "", sms.body.as_str(), "", sms.body.as_str(), none),
        Rendered::Push(push) => (
            "",
            push.title.as_str(),
            push.body.as_str(),
            "",
            push.body.as_str(),
            none,
        ),
        Rendered::Inbox(inbox) => (
            "",
            inbox.title.as_str(),
            inbox.preview.as_str(),
            "",
            inbox.preview.as_str(),
            none,
        ),
        Rendered::DirectMessage(chat) => (
            "",
            chat.title.as_str(),
            chat.text.as_str(),
            "",
            chat.text.as_str(),
            chat.blocks.as_slice(),
        ),
        Rendered::Webhook(hook) => (
            "",
            hook.title.as_str(),
            hook.body.as_str(),
            "",
            hook.body.as_str(),
            hook.blocks.as_slice(),
        ),
    };
    json!({ "html": html, "title": title, "body": body, "subject": subject, "text": text, "blocks": blocks })
}
