//! Overrides of a mail.

use serde_json::Value;
use tidings_template::line;
use tidings_types::rendered::{Email, Mailbox};

use super::attachment::attachments;
use super::fields::{Fields, wrong};
use crate::{RenderError, mailbox};

/// Replaces what the override names.
pub(super) fn apply(email: &mut Email, fields: &Fields<'_>) -> Result<(), RenderError> {
    fields.text(&["subject"], &mut email.subject)?;
    if line::has_break(&email.subject) {
        return Err(wrong("subject", "must be a single line"));
    }
    fields.text(&["html", "body"], &mut email.html)?;
    fields.text(&["text"], &mut email.text)?;
    apply_mailboxes(email, fields)?;
    for (name, value) in fields.object("headers")?.into_iter().flatten() {
        email.headers.push(header(name, value)?);
    }
    if let Some((_, files)) = fields.first(&["attachments"]) {
        email.attachments = attachments(files).map_err(|(field, reason)| wrong(&field, &reason))?;
    }
    Ok(())
}

/// Replaces sender, answers and copies.
pub(super) fn apply_mailboxes(email: &mut Email, fields: &Fields<'_>) -> Result<(), RenderError> {
    one(fields, &["from"], &mut email.from)?;
    one(fields, &["reply_to", "replyTo"], &mut email.reply_to)?;
    several(fields, "cc", &mut email.cc)?;
    several(fields, "bcc", &mut email.bcc)
}

fn one(fields: &Fields<'_>, names: &[&'static str], to: &mut Option<Mailbox>) -> Result<(), RenderError> {
    let Some((name, value)) = fields.first(names) else {
        return Ok(());
    };
    if is_blank(value) {
        return Ok(());
    }
    *to = Some(mailbox::read(value).ok_or_else(|| wrong(name, "must be a mail address"))?);
    Ok(())
}

fn several(fields: &Fields<'_>, name: &'static str, to: &mut Vec<Mailbox>) -> Result<(), RenderError> {
    let Some((_, value)) = fields.first(&[name]) else {
        return Ok(());
    };
    *to = mailbox::read_all(value).ok_or_else(|| wrong(name, "must be mail addresses"))?;
    Ok(())
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// Reads a header; its name must be printable ASCII without a colon (RFC 5322, 2.2), its value a single line.
fn header(name: &str, value: &Value) -> Result<(String, String), RenderError> {
    let refuse = || RenderError::Header {
        name: line::fold(name).into_owned(),
    };
    let value = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => return Err(refuse()),
    };
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic() && c != ':');
    if !is_name || line::has_break(&value) {
        return Err(refuse());
    }
    Ok((name.to_owned(), value))
}
