//! A rendering in the six fields in which the public API shows it.

use serde_json::{Value, json};
use tidings_types::Rendered;

/// `{html, title, body, subject, text, blocks}`; what a channel does not have is empty.
pub(crate) fn content_of(rendered: &Rendered) -> Value {
    let (mut html, mut title, mut body, mut subject, mut text) = ("", "", "", "", "");
    let mut blocks: &[Value] = &[];
    match rendered {
        Rendered::Email(email) => {
            html = &email.html;
            subject = &email.subject;
            title = &email.subject;
            text = &email.text;
        }
        Rendered::Sms(sms) => {
            text = &sms.body;
            body = &sms.body;
        }
        Rendered::Push(push) => {
            title = &push.title;
            body = &push.body;
            text = &push.body;
        }
        Rendered::Inbox(inbox) => {
            title = &inbox.title;
            body = &inbox.preview;
            text = &inbox.preview;
        }
        Rendered::DirectMessage(chat) => {
            title = &chat.title;
            body = &chat.text;
            text = &chat.text;
            blocks = &chat.blocks;
        }
        Rendered::Webhook(webhook) => {
            title = &webhook.title;
            body = &webhook.body;
            text = &webhook.body;
            blocks = &webhook.blocks;
        }
    }
    json!({ "html": html, "title": title, "body": body, "subject": subject, "text": text, "blocks": blocks })
}
