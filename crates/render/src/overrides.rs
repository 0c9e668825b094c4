//! What a send replaces in the finished rendering. Its texts are taken as they are: they hold no variables.

mod attachment;
mod email;
mod fields;
mod inbox;

use serde_json::Value;
use tidings_types::rendered::{Chat, ChatForm, Email, Push, Webhook};
use tidings_types::{Channel, Object, Rendered};

pub use self::attachment::{MAX_ATTACHED, attachments};
use self::fields::Fields;
pub use self::inbox::check as check_inbox_override;
use crate::RenderError;
use crate::scene::Scene;

/// Whether an override alone gives a channel something to say.
pub fn is_content(channel: Channel, overrides: &Object) -> bool {
    let fields: &[&str] = match channel {
        Channel::Email => &["html", "body", "text", "subject"],
        Channel::Sms => &["body"],
        Channel::Push => &["title", "body", "data"],
        Channel::Inbox => &["title", "preview", "body"],
        Channel::DirectMessage | Channel::Webhook => &["title", "text", "body", "blocks"],
    };
    fields
        .iter()
        .any(|field| overrides.get(*field).is_some_and(|value| !value.is_null()))
}

/// A rendering with the override's fields in place of its own; `None` if there are none.
pub(crate) fn apply(rendered: &Rendered, overrides: &Object) -> Result<Option<Rendered>, RenderError> {
    if overrides.is_empty() {
        return Ok(None);
    }
    let mut changed = rendered.clone();
    let fields = Fields::new(overrides);
    match &mut changed {
        Rendered::Email(email) => email::apply(email, &fields)?,
        Rendered::Sms(sms) => fields.text(&["body"], &mut sms.body)?,
        Rendered::Push(push) => apply_push(push, &fields)?,
        Rendered::Inbox(inbox) => inbox::apply(inbox, &fields)?,
        Rendered::DirectMessage(chat) => apply_chat(chat, &fields)?,
        Rendered::Webhook(Webhook { title, body, blocks }) => apply_blocks(title, body, blocks, &fields)?,
    }
    Ok(Some(changed).filter(|changed| changed != rendered))
}

/// Sets the sender and copies that the template itself names; those may hold variables.
pub(crate) fn template_headers(email: &mut Email, headers: &Object, scene: &mut Scene<'_>) -> Result<(), RenderError> {
    let rendered = tidings_template::template::render_object(headers, scene.env());
    let rendered = rendered.map_err(|error| RenderError::Override {
        field: "email".to_owned(),
        reason: error.to_string(),
    })?;
    email::apply_mailboxes(email, &Fields::new(&rendered))
}

fn apply_push(push: &mut Push, fields: &Fields<'_>) -> Result<(), RenderError> {
    fields.text(&["title"], &mut push.title)?;
    fields.text(&["body"], &mut push.body)?;
    fields.optional(&["icon"], &mut push.icon)?;
    fields.optional(&["clickAction", "click_action"], &mut push.click_action)?;
    fields.merge("data", &mut push.data)
}

/// `title`, `text` and `blocks` of the message as such; `body` goes into the chat program's own form.
fn apply_chat(chat: &mut Chat, fields: &Fields<'_>) -> Result<(), RenderError> {
    apply_blocks(&mut chat.title, &mut chat.text, &mut chat.blocks, fields)?;
    let body = fields.first(&["body"]).map(|(_, body)| body);
    if let Some(body) = body.and_then(Value::as_str) {
        body.clone_into(&mut chat.text);
    }
    if fields.first(&["text"]).is_some() || body.is_some_and(Value::is_string) {
        let name = match chat.form {
            Some(ChatForm::Slack | ChatForm::Whatsapp) => Some("text"),
            Some(ChatForm::Discord) => Some("content"),
            Some(ChatForm::Msteams) | None => None,
        };
        if let Some(name) = name {
            chat.payload.insert(name.to_owned(), chat.text.as_str().into());
        }
    }
    if let (Some(ChatForm::Slack), Some(blocks)) = (chat.form, fields.list("blocks")?) {
        chat.payload.insert("blocks".to_owned(), blocks.clone().into());
    }
    match body {
        Some(Value::String(_)) => Ok(()),
        _ => fields.merge("body", &mut chat.payload),
    }
}

fn apply_blocks(
    title: &mut String,
    text: &mut String,
    blocks: &mut Vec<Value>,
    fields: &Fields<'_>,
) -> Result<(), RenderError> {
    fields.text(&["title"], title)?;
    fields.text(&["text"], text)?;
    if let Some(list) = fields.list("blocks")? {
        blocks.clone_from(list);
    }
    Ok(())
}
