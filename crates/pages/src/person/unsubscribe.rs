//! `/u/{token}`: opting out of one topic.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use tidings_domain::preference::{Standing, effective};
use tidings_pipeline::preferences::Said;
use tidings_pipeline::{LinkClaims, LinkKind};
use tidings_types::{PreferenceStatus, Result, TopicId, UserId};

use super::form::{Form, is_one_click};
use super::lost::Lost;
use super::shell;
use super::write::Source;
use crate::{Pages, response};

/// Words for a topic that was removed since the message was sent.
const NAMELESS: &str = "these messages";

/// The topic of a link, as it stands for the person.
struct Asked {
    claims: LinkClaims,
    topic_id: TopicId,
    name: String,
    standing: Standing,
}

/// Asks. Changes nothing.
pub(crate) async fn ask(State(pages): crate::State, Path(token): Path<String>) -> Result<Response, Lost> {
    let asked = asked(&pages, &token).await?;
    Ok(match asked.standing {
        Standing::Required => required(StatusCode::OK, &asked.name),
        Standing::OptedOut | Standing::NotOptedIn => done(&asked.name),
        Standing::In | Standing::Snoozed { .. } => question(&asked.name),
    })
}

/// Opts out, or in again.
pub(crate) async fn act(State(pages): crate::State, Path(token): Path<String>, body: Bytes) -> Result<Response, Lost> {
    let asked = asked(&pages, &token).await?;
    let Asked {
        claims,
        topic_id,
        name,
        standing,
    } = &asked;
    let one_click = is_one_click(&body);
    if *standing == Standing::Required {
        if one_click {
            return Ok((
                StatusCode::FORBIDDEN,
                "These messages cannot be turned off. Nothing was changed.\n",
            )
                .into_response());
        }
        return Ok(required(StatusCode::FORBIDDEN, name));
    }
    if one_click {
        pages
            .opt(claims, topic_id, PreferenceStatus::OptedOut, Source::OneClick)
            .await?;
        return Ok("Unsubscribed.\n".into_response());
    }
    if Form::parse(&body).says("action", "undo") {
        pages
            .opt(claims, topic_id, PreferenceStatus::OptedIn, Source::UnsubscribeLink)
            .await?;
        return Ok(undone(name));
    }
    pages
        .opt(claims, topic_id, PreferenceStatus::OptedOut, Source::UnsubscribeLink)
        .await?;
    Ok(done(name))
}

async fn asked(pages: &Pages, token: &str) -> Result<Asked, Lost> {
    let claims = pages.link(token, LinkKind::Unsubscribe)?;
    let topic_id = TopicId::from(claims.topic_id.clone().ok_or(Lost::Link)?);
    let Some(topic) = pages
        .services
        .library
        .topic(claims.environment, topic_id.as_str())
        .await?
    else {
        // The person's wish counts all the same, should the topic come back.
        return Ok(Asked {
            claims,
            topic_id,
            name: NAMELESS.to_owned(),
            standing: Standing::In,
        });
    };
    let user = UserId::from(claims.user_id.as_str());
    let said = Said::read(&pages.services, claims.environment, &user, claims.tenant_id.as_deref()).await?;
    let layers = said.over(Vec::new(), &topic_id, None);
    let standing = effective(&topic, &layers, pages.services.clock.now()).standing;
    Ok(Asked {
        claims,
        topic_id,
        name: topic.name,
        standing,
    })
}

fn question(name: &str) -> Response {
    let words = html! {
        h1 { "Unsubscribe from " (name) "?" }
        p { "You will no longer get " @if name == NAMELESS { (name) } @else { "messages about " em { (name) } } ", on any channel." }
        form method="post" { button.button type="submit" { "Unsubscribe" } }
    };
    response::page(StatusCode::OK, shell::card("Unsubscribe", &words))
}

fn done(name: &str) -> Response {
    let words = html! {
        (tick())
        h1 { "You are unsubscribed" }
        p { "You will not get " @if name == NAMELESS { (name) } @else { "messages about " em { (name) } } " any more." }
        (button("undo", "Changed your mind?", "Subscribe again"))
    };
    response::page(StatusCode::OK, shell::card("You are unsubscribed", &words))
}

fn undone(name: &str) -> Response {
    let words = html! {
        (tick())
        h1 { "Welcome back" }
        p { "You will go on getting " @if name == NAMELESS { (name) } @else { "messages about " em { (name) } } "." }
        (button("out", "Clicked by mistake?", "Unsubscribe"))
    };
    response::page(StatusCode::OK, shell::card("Welcome back", &words))
}

fn required(status: StatusCode, name: &str) -> Response {
    let words = html! {
        h1 { "These messages cannot be turned off" }
        p { em { (name) } " is something you need to know, such as a code you asked for or news about your account. It is sent to you only when it has to be." }
        p { "Nothing was changed." }
    };
    response::page(status, shell::card("These messages cannot be turned off", &words))
}

fn button(action: &str, question: &str, label: &str) -> Markup {
    html! {
        form.aside method="post" {
            input type="hidden" name="action" value=(action);
            span { (question) }
            button.button.quiet type="submit" { (label) }
        }
    }
}

fn tick() -> Markup {
    html! { svg.tick viewBox="0 0 48 48" aria-hidden="true" { circle cx="24" cy="24" r="23" {} path d="M14.5 24.5 21 31l13-13.5" {} } }
}
