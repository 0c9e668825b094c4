//! Putting each channel's own form together.

use tidings_types::rendered::{Chat, ChatForm, Inbox, Push, Sms, Webhook};
use tidings_types::{Channel, Object, Rendered};

use crate::email::{NO_SUBJECT, email};
use crate::node::Element;
use crate::plain::Plain;
use crate::scene::Scene;
use crate::telling::{Telling, leads};
use crate::{RenderError, chat, override_is_content};

/// Renders the content meant for the channel; nothing at all if the overrides bring their own.
pub(crate) fn render(scene: &mut Scene<'_>) -> Result<Rendered, RenderError> {
    let request = *scene.request();
    let (channel, provider) = (request.channel, request.provider);
    let has_content = request.content.has_content(channel, provider);
    if !has_content && !override_is_content(channel, request.overrides) {
        return Err(RenderError::NoContent);
    }
    let chosen = request.content.select(channel, provider).map(|chosen| &chosen.element);
    let elements: Vec<&Element> = request.content.common.iter().chain(chosen).collect();
    let mut telling = Telling::default();
    for element in &elements {
        element.tell(&mut telling, scene)?;
    }
    let plain = Plain::of(&telling, channel);
    let title = telling.title.clone();
    if channel != Channel::DirectMessage {
        scene.set_body(std::mem::take(&mut telling.payload));
    }
    Ok(match channel {
        Channel::Email => Rendered::Email(email(&elements, &telling, plain, scene)?),
        Channel::Sms => Rendered::Sms(Sms { body: plain.body() }),
        Channel::Push => Rendered::Push(push(title, &plain)),
        Channel::Inbox => Rendered::Inbox(inbox(title, plain, scene)),
        Channel::DirectMessage => Rendered::DirectMessage(chat(title, plain, &telling, scene)),
        Channel::Webhook => Rendered::Webhook(Webhook {
            body: plain.body(),
            title: title.unwrap_or_default(),
            blocks: plain.blocks,
        }),
    })
}

fn push(title: Option<String>, plain: &Plain) -> Push {
    let leads_to = plain.actions.first().map(|action| action.href.clone());
    Push {
        body: plain.body(),
        click_action: leads_to.filter(|href| leads(href)),
        title: title.unwrap_or_default(),
        icon: None,
        data: Object::new(),
    }
}

fn inbox(title: Option<String>, plain: Plain, scene: &Scene<'_>) -> Inbox {
    let data = scene.context().data().and_then(|data| data.as_object());
    Inbox {
        preview: plain.body(),
        title: title.unwrap_or_default(),
        actions: plain.actions,
        data: data.cloned().unwrap_or_default(),
        tags: tidings_types::tag::once(scene.request().meta.tags.clone()),
        icon: None,
        slot: None,
    }
}

fn chat(title: Option<String>, plain: Plain, telling: &Telling, scene: &mut Scene<'_>) -> Chat {
    // Chat programs show it in notifications, or where they can show nothing else.
    let text = scene.as_written(plain.body());
    let form = scene.request().provider.and_then(ChatForm::of_provider);
    let payload = form.map(|form| chat::payload(form, telling, &text, &mut |note| scene.note(note)));
    Chat {
        text,
        title: title.unwrap_or_default(),
        blocks: plain.blocks,
        form,
        payload: payload.unwrap_or_default(),
    }
}

/// Whether nothing would reach the person. A mail may be empty: its subject says something.
pub(crate) fn is_empty(rendered: &Rendered) -> bool {
    let blank = |texts: &[&str]| texts.iter().all(|text| text.trim().is_empty());
    match rendered {
        Rendered::Email(email) => email.subject == NO_SUBJECT && blank(&[&email.text]) && email.html.is_empty(),
        Rendered::Sms(sms) => blank(&[&sms.body]),
        Rendered::Push(push) => blank(&[&push.title, &push.body]) && push.data.is_empty(),
        Rendered::Inbox(inbox) => blank(&[&inbox.title, &inbox.preview]) && inbox.actions.is_empty(),
        Rendered::DirectMessage(chat) => {
            blank(&[&chat.title, &chat.text]) && chat.blocks.is_empty() && !chat::says_something(&chat.payload)
        }
        Rendered::Webhook(webhook) => blank(&[&webhook.title, &webhook.body]) && webhook.blocks.is_empty(),
    }
}
