//! The JSON of a mail.

use serde_json::{Map, Value, json};
use tidings_types::rendered::{Email, Mailbox};

use crate::shared::call;
use crate::{Call, Reject};

/// Headers SendGrid refuses in `headers`, since it writes them itself.
const RESERVED_HEADERS: [&str; 14] = [
    "x-sg-id",
    "x-sg-eid",
    "received",
    "dkim-signature",
    "content-type",
    "content-transfer-encoding",
    "to",
    "from",
    "subject",
    "reply-to",
    "cc",
    "bcc",
    "date",
    "message-id",
];

/// The body of `POST /v3/mail/send`.
pub(super) fn mail_send(call: &Call<'_>, mail: &Email) -> Result<Value, Reject> {
    let to = call::mail_recipient(call)?;
    let mut personalization = Map::new();
    personalization.insert("to".to_owned(), json!([mailbox(&to)]));
    // An address may stand in one of the three lists only; SendGrid refuses the whole mail otherwise.
    let mut seen = vec![to.email.to_lowercase()];
    for (name, copies) in [("cc", &mail.cc), ("bcc", &mail.bcc)] {
        let mut list = Vec::new();
        for copy in copies {
            let address = copy.email.to_lowercase();
            if !seen.contains(&address) {
                seen.push(address);
                list.push(mailbox(copy));
            }
        }
        if !list.is_empty() {
            personalization.insert(name.to_owned(), Value::Array(list));
        }
    }
    personalization.insert(
        "custom_args".to_owned(),
        json!({ "message_id": call.message.message_id }),
    );

    let mut body = Map::new();
    body.insert("personalizations".to_owned(), json!([personalization]));
    body.insert("from".to_owned(), mailbox(&call::mail_sender(call, mail)?));
    if let Some(reply_to) = &mail.reply_to {
        body.insert("reply_to".to_owned(), mailbox(reply_to));
    }
    body.insert("subject".to_owned(), mail.subject.as_str().into());
    body.insert("content".to_owned(), content(mail)?);
    if !mail.attachments.is_empty() {
        let files = mail.attachments.iter().map(|file| {
            json!({
                "content": file.data,
                "filename": file.filename,
                "type": file.content_type,
                "disposition": "attachment",
            })
        });
        body.insert("attachments".to_owned(), files.collect());
    }
    let headers: Map<_, _> = mail
        .headers
        .iter()
        .filter(|(name, _)| !RESERVED_HEADERS.contains(&name.to_ascii_lowercase().as_str()))
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    if !headers.is_empty() {
        body.insert("headers".to_owned(), Value::Object(headers));
    }
    if let Some(pool) = call.settings.text("ip_pool_name") {
        body.insert("ip_pool_name".to_owned(), pool.into());
    }
    Ok(Value::Object(body))
}

/// The parts, plain text first: SendGrid insists on that order and on parts that are not empty.
fn content(mail: &Email) -> Result<Value, Reject> {
    let parts: Vec<_> = [("text/plain", &mail.text), ("text/html", &mail.html)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(kind, value)| json!({ "type": kind, "value": value }))
        .collect();
    if parts.is_empty() {
        return Err(Reject::Message("the mail has neither text nor HTML".to_owned()));
    }
    Ok(Value::Array(parts))
}

fn mailbox(mailbox: &Mailbox) -> Value {
    match &mailbox.name {
        Some(name) if !name.is_empty() => json!({ "email": mailbox.email, "name": name }),
        _ => json!({ "email": mailbox.email }),
    }
}
