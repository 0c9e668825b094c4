//! Changing a mail by an override: attachments for every mail provider, and the whole mail for SMTP, which has no JSON
//! body to merge into. The names are those nodemailer uses for a message.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tidings_types::Object;
use tidings_types::rendered::{Attachment, Email, Mailbox};

use super::Parts;
use crate::shared::address::parse_email;
use crate::shared::call::plain_text;
use crate::{Reject, Spec};

/// The mail with the override's changes.
pub(super) fn edit(mail: &Email, overrides: &Object, parts: &Parts, spec: &Spec) -> Result<Email, Reject> {
    let mut mail = mail.clone();
    add_attachments(&mut mail, overrides.get("attachments"), "attachments")?;
    if spec.key == crate::smtp::SPEC.key {
        for (name, value) in parts.others.iter().chain(&parts.body) {
            change(&mut mail, name, value)?;
        }
        add_headers(&mut mail, overrides.get("headers"))?;
    }
    Ok(mail)
}

fn change(mail: &mut Email, name: &str, value: &Value) -> Result<(), Reject> {
    let text = || {
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| wrong(name, "must be text"))
    };
    match name {
        "subject" => mail.subject = one_line(name, text()?)?,
        "text" => mail.text = text()?,
        "html" => mail.html = text()?,
        "from" => mail.from = Some(mailbox(name, value)?),
        "replyTo" | "reply_to" => mail.reply_to = Some(mailbox(name, value)?),
        "cc" => mail.cc = mailboxes(name, value)?,
        "bcc" => mail.bcc = mailboxes(name, value)?,
        "headers" => add_headers(mail, Some(value))?,
        "attachments" => add_attachments(mail, Some(value), name)?,
        _ => return Err(wrong(name, "a mail has no such part")),
    }
    Ok(())
}

fn add_headers(mail: &mut Email, headers: Option<&Value>) -> Result<(), Reject> {
    let Some(Value::Object(headers)) = headers else {
        return Ok(());
    };
    for (name, value) in headers {
        mail.headers
            .retain(|(existing, _)| !existing.eq_ignore_ascii_case(name));
        if let Some(value) = plain_text(value) {
            mail.headers
                .push((one_line("headers", name.clone())?, one_line(name, value)?));
        }
    }
    Ok(())
}

fn add_attachments(mail: &mut Email, attachments: Option<&Value>, name: &str) -> Result<(), Reject> {
    let Some(attachments) = attachments.filter(|value| !value.is_null()) else {
        return Ok(());
    };
    let list = attachments.as_array().ok_or_else(|| wrong(name, "must be a list"))?;
    for file in list {
        let text = |keys: &[&str]| keys.iter().find_map(|key| file.get(*key)?.as_str().map(str::to_owned));
        let filename = text(&["filename"]).ok_or_else(|| wrong(name, "every file needs a filename"))?;
        let content = text(&["data", "content"]).ok_or_else(|| wrong(name, "every file needs its data in base64"))?;
        // `content` without `encoding` is plain text there; `data` always is base64.
        let is_text = file.get("data").is_none() && file.get("encoding").and_then(Value::as_str) != Some("base64");
        let data = if is_text { STANDARD.encode(content) } else { content };
        let content_type =
            text(&["contentType", "content_type"]).unwrap_or_else(|| "application/octet-stream".to_owned());
        mail.attachments.push(Attachment {
            filename: one_line(name, filename)?,
            content_type,
            data,
        });
    }
    Ok(())
}

fn mailboxes(name: &str, value: &Value) -> Result<Vec<Mailbox>, Reject> {
    match value {
        Value::Array(list) => list.iter().map(|one| mailbox(name, one)).collect(),
        Value::String(text) => text.split(',').map(|one| mailbox(name, &Value::from(one))).collect(),
        one => Ok(vec![mailbox(name, one)?]),
    }
}

/// `a@b`, `Name <a@b>`, `{address, name}` or `{email, name}`.
fn mailbox(name: &str, value: &Value) -> Result<Mailbox, Reject> {
    let (address, display) = match value {
        Value::String(text) => match text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((display, address)) => (address, Some(display.trim().trim_matches('"').to_owned())),
            None => (text.as_str(), None),
        },
        Value::Object(object) => {
            let text = |key: &str| object.get(key).and_then(Value::as_str);
            (
                text("address").or_else(|| text("email")).unwrap_or_default(),
                text("name").map(str::to_owned),
            )
        }
        _ => return Err(wrong(name, "must be a mail address")),
    };
    let email = parse_email(address).map_err(|why| wrong(name, why))?;
    let display = display
        .filter(|display| !display.is_empty())
        .map(|display| one_line(name, display))
        .transpose()?;
    Ok(Mailbox { email, name: display })
}

fn one_line(name: &str, text: String) -> Result<String, Reject> {
    if text.chars().any(char::is_control) {
        Err(wrong(name, "must not hold control characters"))
    } else {
        Ok(text)
    }
}

fn wrong(name: &str, why: &str) -> Reject {
    Reject::Message(format!("override.{name}: {why}"))
}
