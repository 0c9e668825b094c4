//! The document around a person's page: the brand on top, the languages at the bottom.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{DOCTYPE, Markup, html};

use super::look::Look;
use super::words::{self, Words};
use crate::response;

/// What surrounds a page.
pub(super) struct Shell<'a> {
    /// Its language.
    pub(super) words: &'static Words,
    /// The brand's look.
    pub(super) look: &'a Look,
    /// The page's own query, without the language.
    pub(super) query: Vec<(String, String)>,
}

impl Shell<'_> {
    /// A short page: one card in the middle.
    pub(super) fn card(&self, status: StatusCode, title: &str, content: &Markup) -> Response {
        let body = html! {
            body.person {
                main.card { (self.brand()) (content) (self.languages()) }
            }
        };
        self.respond(status, title, false, &body)
    }

    /// A long page.
    pub(super) fn sheet(&self, status: StatusCode, title: &str, content: &Markup) -> Response {
        let body = html! {
            body.person {
                main.sheet { (self.brand()) (content) (self.languages()) }
            }
        };
        self.respond(status, title, true, &body)
    }

    fn respond(&self, status: StatusCode, title: &str, script: bool, body: &Markup) -> Response {
        let document = html! {
            (DOCTYPE)
            html lang=(self.words.tag) dir=(self.words.dir) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) @if let Some(name) = &self.look.name { " · " (name) } }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href="/pages/base.css";
                    link rel="stylesheet" href="/pages/person.css";
                    @if let Some(style) = &self.look.style { style { (maud::PreEscaped(style)) } }
                    @if script { script type="module" src="/pages/person.js" {} }
                }
                (body)
            }
        };
        let extra = response::Extra {
            style: self.look.style_source(),
            image: self.look.image_source(),
        };
        response::page_with(status, document, &extra)
    }

    fn brand(&self) -> Markup {
        let name = self.look.name.as_deref().unwrap_or_default();
        let picture = if let Some(logo) = &self.look.logo {
            html! { img src=(logo) alt=(name) height="36"; }
        } else {
            html! { (name) }
        };
        html! {
            @if self.look.logo.is_some() || !name.is_empty() {
                div.logo {
                    @match &self.look.href {
                        Some(href) => a href=(href) rel="noopener" { (picture) },
                        None => (picture),
                    }
                }
            }
        }
    }

    fn languages(&self) -> Markup {
        html! {
            nav.languages aria-label=(self.words.language) {
                @for other in words::all() {
                    a href=(self.address(other.tag)) lang=(other.tag) hreflang=(other.tag)
                      aria-current=[(other.tag == self.words.tag).then_some("true")] { (other.name) }
                }
            }
        }
    }

    /// The same page in a language.
    fn address(&self, tag: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("lang", tag).extend_pairs(&self.query);
        format!("?{}", query.finish())
    }
}
