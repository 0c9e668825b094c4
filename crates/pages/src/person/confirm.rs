//! `/c/{token}`: confirming by mail what was opted in to.
//!
//! Looking changes nothing, since mail scanners follow links; only the form's button confirms.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::{Markup, html};
use tidings_pipeline::preferences::{self, Confirmation, ConfirmationWords, Origin, Speaker};
use tidings_pipeline::{LinkClaims, LinkKind};
use tidings_types::Result;

use super::unsubscribe::tick;
use super::visit::{Asking, Lost, Visit};
use crate::Pages;

/// Asks. Changes nothing.
pub(crate) async fn ask(
    State(pages): crate::State,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Lost> {
    let asked = Asked::new(&pages, Asking::new(query.as_deref(), &headers), &token).await?;
    let found = preferences::confirmation(&pages.services, &asked.speaker(), asked.visit.claims.issued).await;
    asked.show(&pages, found)
}

/// Confirms.
pub(crate) async fn confirm(
    State(pages): crate::State,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Lost> {
    let asked = Asked::new(&pages, Asking::new(query.as_deref(), &headers), &token).await?;
    let found = preferences::confirm(&pages.services, &asked.speaker(), asked.visit.claims.issued).await;
    asked.show(&pages, found)
}

struct Asked {
    visit: Visit,
    words: &'static ConfirmationWords,
    version: String,
}

impl Asked {
    async fn new(pages: &Pages, asking: Asking, token: &str) -> Result<Self, Lost> {
        let visit = asking.visit(pages, token, &[LinkKind::Confirm]).await?;
        let words = ConfirmationWords::best([visit.words.tag]);
        Ok(Self {
            version: words.version(),
            visit,
            words,
        })
    }

    fn speaker(&self) -> Speaker<'_> {
        Speaker {
            wording: Some(&self.version),
            ..self.visit.speaker(Origin::DoubleOptIn)
        }
    }

    fn show(&self, pages: &Pages, found: Result<Confirmation>) -> Result<Response, Lost> {
        let found = found.map_err(|error| self.visit.failed(error))?;
        let names: Vec<_> = found.topics.iter().map(|topic| topic.name.as_str()).collect();
        let names = names.join(&self.visit.words.list);
        let (title, content) = match found.state {
            preferences::State::Gone => return Err(self.visit.stale()),
            preferences::State::Awaited => (&self.words.title, self.question(&names)),
            preferences::State::Confirmed => (&self.words.done_title, self.done(pages, &names)),
        };
        Ok(self.visit.shell().card(StatusCode::OK, title, &content))
    }

    fn question(&self, names: &str) -> Markup {
        let words = self.words;
        html! {
            h1 { (words.title) }
            p { (self.visit.words.fill(&words.text, "topics", names)) }
            form method="post" { button.button type="submit" { (words.confirm) } }
        }
    }

    fn done(&self, pages: &Pages, names: &str) -> Markup {
        let words = self.words;
        // Whoever read the mail holds the person's mailbox, and with it the links to all their choices.
        let claims = LinkClaims {
            kind: LinkKind::Preferences,
            ..self.visit.claims.clone()
        };
        let token = pages.services.links.token(&claims);
        html! {
            (tick())
            h1 { (words.done_title) }
            p { (self.visit.words.fill(&words.done_text, "topics", names)) }
            p.more { a href={ "/p/" (token) "?lang=" (self.visit.words.tag) } { (self.visit.words.more) } }
        }
    }
}
