//! The start page of a development server: where everything is, and a first message to send.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use maud::{Markup, html};

use crate::problem::Problem;
use crate::{Pages, StartInfo, layout, response, snippet};

pub(crate) fn router() -> Router<Arc<Pages>> {
    Router::new().route("/", get(start))
}

async fn start(State(pages): crate::State, headers: HeaderMap) -> Result<Response, Problem> {
    let Some(info) = &pages.options.start else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    // The page shows a key: who may not see the outbox may not see it either.
    pages.access(&headers).await?;
    Ok(response::page(StatusCode::OK, page(info)))
}

fn page(info: &StartInfo) -> Markup {
    let body = html! {
        body {
            (layout::sprite())
            (layout::topbar("/", true, &html! {}))
            main.start {
                h1 { "Tidings is running." }
                p.lead { "Say what to tell whom; how it reaches them is worked out from what they prefer. Nothing leaves this machine: the outbox catches every message." }
                div.doors {
                    a.door href="/outbox" { (layout::icon("inbox")) strong { "Outbox" } span { "Every message as the person would see it, the moment it is sent." } }
                    a.door href="/demo/inbox" { (layout::icon("push")) strong { "Inbox" } span { "A toast and an inbox in your browser, live in two windows." } }
                    a.door href="/reference" { (layout::icon("webhook")) strong { "API reference" } span { "Every call this server answers, with samples." } }
                }
                h2 { "Send a first message" }
                p { "Paste one of these, then look into the outbox. The key belongs to this machine." }
                (snippet::both(&info.base_url, &info.api_key))
            }
        }
    };
    layout::document("Tidings", &["start.css"], &["copy.js"], &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_key_and_the_doors() {
        let info = StartInfo {
            base_url: "http://localhost:1".to_owned(),
            api_key: "k<b>".to_owned(),
        };
        let page = page(&info).into_string();
        assert!(page.contains("href=\"/outbox\"") && page.contains("http://localhost:1/send"));
        assert!(page.contains("k&lt;b&gt;") && !page.contains("k<b>"));
    }
}
