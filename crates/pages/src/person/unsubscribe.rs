//! `/u/{token}`: opting out of one topic.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use tidings_domain::preference::{Standing, effective};
use tidings_pipeline::preferences::{Choice, Origin, Refusal, Said, change};
use tidings_pipeline::{LinkClaims, LinkKind};
use tidings_types::{PreferenceStatus, Result, TopicId};

use super::form::{Form, is_one_click};
use super::visit::{Asking, Lost, Visit};
use crate::Pages;

/// The topic of a link, as it stands for the person.
struct Asked {
    visit: Visit,
    topic_id: TopicId,
    name: String,
    standing: Standing,
}

/// Asks. Changes nothing.
pub(crate) async fn ask(
    State(pages): crate::State,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Lost> {
    let asked = asked(&pages, Asking::new(query.as_deref(), &headers), &token).await?;
    Ok(match asked.standing {
        Standing::Required => asked.required(StatusCode::OK),
        Standing::OptedOut | Standing::NotOptedIn | Standing::NoConsent => asked.done(&pages),
        Standing::In | Standing::Unconfirmed | Standing::Snoozed { .. } => asked.question(&pages),
    })
}

/// Opts out, or in again.
pub(crate) async fn act(
    State(pages): crate::State,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Lost> {
    let asked = asked(&pages, Asking::new(query.as_deref(), &headers), &token).await?;
    let one_click = is_one_click(&body);
    if asked.standing == Standing::Required {
        if one_click {
            return Ok((
                StatusCode::FORBIDDEN,
                "These messages cannot be turned off. Nothing was changed.\n",
            )
                .into_response());
        }
        return Ok(asked.required(StatusCode::FORBIDDEN));
    }
    if one_click {
        asked.opt(&pages, PreferenceStatus::OptedOut, Origin::OneClick).await?;
        return Ok("Unsubscribed.\n".into_response());
    }
    if Form::parse(&body).says("action", "undo") {
        asked
            .opt(&pages, PreferenceStatus::OptedIn, Origin::UnsubscribeLink)
            .await?;
        return Ok(asked.undone(&pages));
    }
    asked
        .opt(&pages, PreferenceStatus::OptedOut, Origin::UnsubscribeLink)
        .await?;
    Ok(asked.done(&pages))
}

async fn asked(pages: &Pages, asking: Asking, token: &str) -> Result<Asked, Lost> {
    let lost = asking.lost();
    let visit = asking.visit(pages, token, &[LinkKind::Unsubscribe]).await?;
    let topic_id = TopicId::from(visit.claims.topic_id.clone().ok_or(lost)?);
    let (name, standing) = standing(pages, &visit, &topic_id)
        .await
        .map_err(|error| visit.failed(error))?;
    Ok(Asked {
        visit,
        topic_id,
        name,
        standing,
    })
}

async fn standing(pages: &Pages, visit: &Visit, topic_id: &TopicId) -> Result<(String, Standing)> {
    let (services, claims) = (&pages.services, &visit.claims);
    let Some(topic) = services
        .documents()
        .topic(claims.environment, topic_id.as_str())
        .await?
    else {
        // Removed since the message was sent. The person's wish counts all the same, should it come back.
        return Ok((visit.words.these.clone(), Standing::In));
    };
    let said = Said::read(
        services,
        claims.environment,
        Some(&visit.user),
        claims.tenant_id.as_deref(),
    )
    .await?;
    let said = said
        .with_consents(services, claims.environment, Some(&visit.user))
        .await?;
    let layers = said.layers(topic_id, None);
    Ok((
        topic.name.clone(),
        effective(&topic, &layers, services.clock.now()).standing,
    ))
}

impl Asked {
    async fn opt(&self, pages: &Pages, status: PreferenceStatus, origin: Origin) -> Result<(), Lost> {
        let speaker = self.visit.speaker(origin);
        let choices = vec![(self.topic_id.clone(), Choice::of_status(status))];
        let done = change(&pages.services, &speaker, choices).await;
        match done.map_err(|error| self.visit.failed(error))? {
            Err(Refusal::UnknownTopic) => {
                let done =
                    tidings_pipeline::preferences::leave_unknown(&pages.services, &speaker, &self.topic_id, status)
                        .await;
                done.map_err(|error| self.visit.failed(error))
            }
            _ => Ok(()),
        }
    }

    fn told(&self, text: &str) -> String {
        self.visit.words.topic(text, &self.name)
    }

    /// For whom alone it holds, where the message came in the name of a tenant.
    fn of_tenant(&self) -> Markup {
        let words = self.visit.words;
        let tenant = self.visit.tenant_name.as_ref();
        html! { @if let Some(tenant) = tenant { " " (words.fill(&words.only_tenant, "tenant", tenant)) } }
    }

    fn card(&self, status: StatusCode, title: &str, content: &Markup) -> Response {
        self.visit.shell().card(status, title, content)
    }

    fn question(&self, pages: &Pages) -> Response {
        let words = self.visit.words;
        let title = self.told(&words.ask_title);
        let content = html! {
            h1 { (title) }
            p { (self.told(&words.ask_text)) (self.of_tenant()) }
            form method="post" { button.button type="submit" { (words.ask_do) } }
            (self.more(pages))
        };
        self.card(StatusCode::OK, &title, &content)
    }

    fn done(&self, pages: &Pages) -> Response {
        let words = self.visit.words;
        let content = html! {
            (tick())
            h1 { (words.done_title) }
            p { (self.told(&words.done_text)) (self.of_tenant()) }
            (button("undo", &words.done_question, &words.done_back))
            (self.more(pages))
        };
        self.card(StatusCode::OK, &words.done_title, &content)
    }

    fn undone(&self, pages: &Pages) -> Response {
        let words = self.visit.words;
        let content = html! {
            (tick())
            h1 { (words.back_title) }
            p { (self.told(&words.back_text)) (self.of_tenant()) }
            (button("out", &words.back_question, &words.ask_do))
            (self.more(pages))
        };
        self.card(StatusCode::OK, &words.back_title, &content)
    }

    fn required(&self, status: StatusCode) -> Response {
        let words = self.visit.words;
        let content = html! {
            h1 { (words.required_title) }
            p { (self.told(&words.required_text)) }
            p { (words.nothing_changed) }
        };
        self.card(status, &words.required_title, &content)
    }

    /// The way to all choices: who may unsubscribe by this link was sent the other one with it.
    fn more(&self, pages: &Pages) -> Markup {
        let claims = LinkClaims {
            kind: LinkKind::Preferences,
            ..self.visit.claims.clone()
        };
        let query = [("lang", self.visit.words.tag)];
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(query)
            .finish();
        let token = pages.services.links.token(&claims);
        html! { p.more { a href={ "/p/" (token) "?" (query) } { (self.visit.words.more) } } }
    }
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

pub(super) fn tick() -> Markup {
    html! { svg.tick viewBox="0 0 48 48" aria-hidden="true" { circle cx="24" cy="24" r="23" {} path d="M14.5 24.5 21 31l13-13.5" {} } }
}
