//! `/p/{token}`: everything a person can choose, in one form.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use tidings_pipeline::LinkKind;
use tidings_store::StoredPreference;
use tidings_types::{Channel, PreferenceStatus, Result};

use super::form::Form;
use super::lost::Lost;
use super::shell;
use super::topics::{Choice, Item, Section};
use super::write::Source;
use crate::response;

/// In the address of the form after saving.
const SAVED: &str = "saved=1";

/// Above the form.
enum Notice {
    None,
    Saved,
    /// No channel was chosen for this topic.
    NoChannel(String),
}

/// Shows the form. Changes nothing.
pub(crate) async fn show(
    State(pages): crate::State,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Lost> {
    let claims = pages.link(&token, LinkKind::Preferences)?;
    let sections = pages.sections(&claims).await?;
    let notice = if query.as_deref() == Some(SAVED) {
        Notice::Saved
    } else {
        Notice::None
    };
    Ok(response::page(StatusCode::OK, page(&sections, &notice)))
}

/// Saves what differs from what held before, and goes back to the form. What the person did not touch goes on
/// following the topic's default.
pub(crate) async fn save(State(pages): crate::State, Path(token): Path<String>, body: Bytes) -> Result<Response, Lost> {
    let claims = pages.link(&token, LinkKind::Preferences)?;
    let mut sections = pages.sections(&claims).await?;
    let form = Form::parse(&body);
    let mut set = Vec::new();
    let mut missing = None;
    for item in sections.iter_mut().flat_map(|section| &mut section.topics) {
        // A topic that the form did not show, or that is locked, is none of its business.
        if item.locked || !form.says("topic", item.topic.id.as_str()) {
            continue;
        }
        let choice = chosen(&form, item);
        if choice.on && choice.only.as_ref().is_some_and(Vec::is_empty) {
            missing.get_or_insert_with(|| item.topic.name.clone());
        }
        set.extend(changed(item, &choice));
        item.choice = choice;
    }
    if let Some(topic) = missing {
        return Ok(response::page(
            StatusCode::UNPROCESSABLE_ENTITY,
            page(&sections, &Notice::NoChannel(topic)),
        ));
    }
    pages.write(&claims, set, Source::Page).await?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, format!("?{SAVED}"))]).into_response())
}

/// What the form says of a topic.
fn chosen(form: &Form, item: &Item) -> Choice {
    let id = item.topic.id.as_str();
    let only = !item.channels.is_empty() && form.says(&format!("how:{id}"), "only");
    let via = format!("via:{id}");
    let ticked = || {
        item.channels
            .iter()
            .copied()
            .filter(|channel| form.says(&via, channel.as_str()))
            .collect()
    };
    Choice {
        on: form.says("on", id),
        only: only.then(ticked),
    }
}

/// What is to be stored, if anything.
fn changed(item: &Item, choice: &Choice) -> Option<StoredPreference> {
    if *choice == item.choice {
        return None;
    }
    let mut stored = item.stored.clone();
    if choice.on != item.choice.on {
        let status = if choice.on {
            PreferenceStatus::OptedIn
        } else {
            PreferenceStatus::OptedOut
        };
        stored.preference.status = Some(status);
    }
    if choice.only != item.choice.only {
        stored.preference.has_custom_routing = Some(choice.only.is_some());
        stored.preference.custom_routing = choice.only.clone().unwrap_or_default();
    }
    Some(stored)
}

fn page(sections: &[Section], notice: &Notice) -> Markup {
    let words = html! {
        h1 { "Your notifications" }
        p.lead { "Choose what you hear about." }
        @match notice {
            Notice::None => {}
            Notice::Saved => p.notice.good role="status" { "Your choices are saved." },
            Notice::NoChannel(topic) => p.notice.bad role="alert" { "Nothing was saved yet: choose at least one way for " em { (topic) } ", or turn it off." },
        }
        @if sections.is_empty() {
            p { "There is nothing to choose at the moment." }
        } @else {
            form method="post" {
                @for section in sections { (group(section)) }
                div.save { button.button type="submit" { "Save" } }
            }
        }
    };
    shell::sheet("Your notifications", &words)
}

fn group(section: &Section) -> Markup {
    html! {
        section {
            h2 { (section.name) }
            @if let Some(description) = &section.description { p.about { (description) } }
            ul.topics { @for item in &section.topics { li { (topic(item)) } } }
        }
    }
}

fn topic(item: &Item) -> Markup {
    let id = item.topic.id.as_str();
    html! {
        label.switch {
            span { strong { (item.topic.name) } @if let Some(text) = &item.description { span.about { (text) } } }
            input type="checkbox" role="switch" name="on" value=(id) checked[item.choice.on] disabled[item.locked];
        }
        @if item.locked {
            p.locked { "Always on: these messages are needed, such as codes you ask for or news about your account." }
        } @else {
            input type="hidden" name="topic" value=(id);
            @if !item.channels.is_empty() { (ways(item)) }
        }
    }
}

fn ways(item: &Item) -> Markup {
    let id = item.topic.id.as_str();
    let only = item.choice.only.as_deref();
    html! {
        fieldset.ways {
            legend.visually-hidden { "How " (item.topic.name) " reaches you" }
            label { input type="radio" name={ "how:" (id) } value="any" checked[only.is_none()]; "Any way that works" }
            label { input.only type="radio" name={ "how:" (id) } value="only" checked[only.is_some()]; "Only by" }
            div.channels {
                @for channel in &item.channels {
                    @let ticked = only.is_none_or(|only| only.contains(channel));
                    label.chip { input type="checkbox" name={ "via:" (id) } value=(channel) checked[ticked]; (label(*channel)) }
                }
            }
        }
    }
}

/// What people call a channel.
const fn label(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "Email",
        Channel::Push => "Push notification",
        Channel::Sms => "Text message",
        Channel::DirectMessage => "Chat",
        Channel::Inbox => "In the app",
        Channel::Webhook => "Webhook",
    }
}
