//! What a send replaces in the finished rendering. Its texts are taken as they are: they hold no variables.

mod attachment;
mod email;
mod fields;

use serde_json::Value;
use tidings_types::rendered::{Chat, ChatForm, Email, Inbox, InboxAction, Push, Webhook};
use tidings_types::{Channel, Object, Rendered};

pub use self::attachment::{MAX_ATTACHED, attachments};
use self::fields::Fields;
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
        Rendered::Inbox(inbox) => apply_inbox(inbox, &fields)?,
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

fn apply_inbox(inbox: &mut Inbox, fields: &Fields<'_>) -> Result<(), RenderError> {
    fields.text(&["title"], &mut inbox.title)?;
    fields.text(&["preview", "body"], &mut inbox.preview)?;
    fields.optional(&["icon"], &mut inbox.icon)?;
    fields.merge("data", &mut inbox.data)?;
    if let Some(pinned) = fields.object("pinned")? {
        let slot = pinned
            .get("slotId")
            .and_then(Value::as_str)
            .filter(|slot| !slot.is_empty());
        let slot = slot.ok_or_else(|| fields::wrong("pinned", "must be an object with slotId"))?;
        inbox.slot = Some(slot.to_owned());
    }
    if let Some(actions) = fields.list("actions")? {
        inbox.actions = actions.iter().map(inbox_action).collect::<Result<_, _>>()?;
    }
    if let Some(tags) = fields.list("tags")? {
        let tags: Option<Vec<String>> = tags.iter().map(|tag| tag.as_str().map(str::to_owned)).collect();
        inbox.tags = tags.ok_or_else(|| fields::wrong("tags", "must be an array of strings"))?;
    }
    Ok(())
}

fn inbox_action(value: &Value) -> Result<InboxAction, RenderError> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let missing = || fields::wrong("actions", "must be objects with content and href");
    Ok(InboxAction {
        content: text("content").ok_or_else(missing)?,
        href: text("href").ok_or_else(missing)?,
        style: text("style"),
        background_color: text("background_color"),
    })
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
