//! `/u/{token}`: opting out of one topic.
//!
//! Whoever pressed the button by mistake comes back by another. To advertising one comes back by agreeing to the words that
//! the page shows beside it; a link that is too old or was revoked opts out and nothing else.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use tidings_domain::preference::{Standing, effective};
use tidings_pipeline::preferences::{
    Choice, ConfirmationWords, Origin, Refusal, Said, TopicWords, change, leave_unknown, topic_words,
};
use tidings_pipeline::{LinkClaims, LinkKind};
use tidings_types::{Classification, PreferenceStatus, Result, Topic, TopicId};

use super::form::{Form, is_one_click};
use super::visit::{Asking, Lost, Visit};
use crate::Pages;

/// In the form of who comes back: the words beside its button.
const WORDS: &str = "words";

/// The topic of a link, as it stands for the person.
struct Asked {
    visit: Visit,
    topic_id: TopicId,
    name: String,
    standing: Standing,
    back: Back,
}

/// How one comes back by the link.
enum Back {
    /// Not at all.
    Closed,
    /// By a button.
    Open,
    /// By agreeing to these words.
    Agreeing(TopicWords),
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
        Standing::OptedOut | Standing::NotOptedIn | Standing::NoConsent => asked.done(&pages, StatusCode::OK),
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
    let form = Form::parse(&body);
    if form.says("action", "undo") {
        return asked.come_back(&pages, &form).await;
    }
    asked
        .opt(&pages, PreferenceStatus::OptedOut, Origin::UnsubscribeLink)
        .await?;
    Ok(asked.done(&pages, StatusCode::OK))
}

async fn asked(pages: &Pages, asking: Asking, token: &str) -> Result<Asked, Lost> {
    let lost = asking.lost();
    let visit = asking.visit(pages, token, &[LinkKind::Unsubscribe]).await?;
    let topic_id = TopicId::from(visit.claims.topic_id.clone().ok_or(lost)?);
    let topic = topic(pages, &visit, &topic_id).await;
    let (topic, is_there) = topic.map_err(|error| visit.failed(error))?;
    let standing = match &topic {
        Some(topic) => standing(pages, &visit, topic)
            .await
            .map_err(|error| visit.failed(error))?,
        // Nothing is known of it. The person's wish counts all the same, should it come back.
        None => Standing::In,
    };
    let back = back(pages, &visit, topic.as_ref(), is_there).await;
    Ok(Asked {
        back: back.map_err(|error| visit.failed(error))?,
        name: match &topic {
            Some(topic) => topic.name.clone(),
            None => visit.words.these.clone(),
        },
        visit,
        topic_id,
        standing,
    })
}

/// The topic, or what it was before it was removed; and whether it is there.
async fn topic(pages: &Pages, visit: &Visit, id: &TopicId) -> Result<(Option<Topic>, bool)> {
    let documents = pages.services.documents();
    let environment = visit.claims.environment;
    match documents.topic(environment, id.as_str()).await? {
        Some(topic) => Ok((Some(topic), true)),
        None => Ok((documents.removed_topic(environment, id.as_str()).await?, false)),
    }
}

async fn standing(pages: &Pages, visit: &Visit, topic: &Topic) -> Result<Standing> {
    let (services, claims) = (&pages.services, &visit.claims);
    let (environment, user) = (claims.environment, Some(&visit.user));
    let said = Said::read(services, environment, user, claims.tenant_id.as_deref()).await?;
    let said = said.with_consents(services, environment, user).await?;
    let layers = said.layers(&topic.id, None);
    Ok(effective(topic, &layers, services.clock.now()).standing)
}

async fn back(pages: &Pages, visit: &Visit, topic: Option<&Topic>, is_there: bool) -> Result<Back> {
    if visit.is_stale {
        return Ok(Back::Closed);
    }
    match topic.filter(|topic| topic.class() == Classification::Marketing) {
        None => Ok(Back::Open),
        // Nobody agrees to what is offered no more.
        Some(_) if !is_there => Ok(Back::Closed),
        Some(topic) => {
            let words = topic_words(&pages.services, visit.claims.environment, topic).await?;
            Ok(Back::Agreeing(words))
        }
    }
}

impl Asked {
    async fn opt(&self, pages: &Pages, status: PreferenceStatus, origin: Origin) -> Result<(), Lost> {
        let speaker = self.visit.speaker(origin);
        let choices = vec![(self.topic_id.clone(), Choice::of_status(status))];
        let done = change(&pages.services, &speaker, choices).await;
        match done.map_err(|error| self.visit.failed(error))? {
            Err(Refusal::UnknownTopic) => {
                let done = leave_unknown(&pages.services, &speaker, &self.topic_id, status).await;
                done.map_err(|error| self.visit.failed(error))
            }
            _ => Ok(()),
        }
    }

    async fn come_back(&self, pages: &Pages, form: &Form) -> Result<Response, Lost> {
        match &self.back {
            Back::Closed => return Err(self.visit.stale()),
            // They agreed to other words than those that would be written down: these are shown first.
            Back::Agreeing(words) if !form.says(WORDS, &self.version(words)) => {
                return Ok(self.done(pages, StatusCode::CONFLICT));
            }
            Back::Open | Back::Agreeing(_) => {}
        }
        self.opt(pages, PreferenceStatus::OptedIn, Origin::UnsubscribeLink)
            .await?;
        let found = topic(pages, &self.visit, &self.topic_id).await;
        let standing = match found.map_err(|error| self.visit.failed(error))? {
            (Some(topic), _) => standing(pages, &self.visit, &topic).await,
            (None, _) => Ok(Standing::In),
        };
        let standing = standing.map_err(|error| self.visit.failed(error))?;
        Ok(self.undone(pages, standing == Standing::Unconfirmed))
    }

    /// Which words these are together with the page's own, as the ledger names them.
    fn version(&self, words: &TopicWords) -> String {
        format!("{} {}", self.visit.words.version, words.version)
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

    fn done(&self, pages: &Pages, status: StatusCode) -> Response {
        let words = self.visit.words;
        let content = html! {
            (tick())
            h1 { (words.done_title) }
            p { (self.told(&words.done_text)) (self.of_tenant()) }
            (self.way_back())
            (self.more(pages))
        };
        self.card(status, &words.done_title, &content)
    }

    /// The way back, with what one agrees to by taking it.
    fn way_back(&self) -> Markup {
        let words = self.visit.words;
        match &self.back {
            Back::Closed => html! {},
            Back::Open => button("undo", &words.done_question, &words.done_back),
            Back::Agreeing(of_topic) => html! {
                form.aside method="post" {
                    input type="hidden" name="action" value="undo";
                    input type="hidden" name=(WORDS) value=(self.version(of_topic));
                    span { (words.done_question) }
                    div #agree.agree {
                        strong { bdi { (of_topic.name) } }
                        @if let Some(description) = &of_topic.description { span { bdi { (description) } } }
                        span { (words.consent) }
                    }
                    button.button.quiet type="submit" aria-describedby="agree" { (words.done_back) }
                }
            },
        }
    }

    fn undone(&self, pages: &Pages, awaits_confirmation: bool) -> Response {
        let words = self.visit.words;
        let content = html! {
            (tick())
            h1 { (words.back_title) }
            @if awaits_confirmation { p { (ConfirmationWords::best([words.tag]).awaited) } }
            @else { p { (self.told(&words.back_text)) (self.of_tenant()) } }
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
        if self.visit.is_stale {
            return html! {};
        }
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
