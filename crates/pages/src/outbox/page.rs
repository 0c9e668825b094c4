//! `GET /outbox`: the page. Everything in it comes from the data endpoints; the page itself holds nothing worth hiding.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use crate::{PagesOptions, layout, response, snippet};

pub(crate) async fn page(State(pages): crate::State, headers: HeaderMap) -> Response {
    // A page that is open to all hands out a key just where `/` does the same.
    let start = pages.options.start.as_ref().filter(|_| pages.options.open);
    let start = if pages.access(&headers).await.is_ok() {
        start
    } else {
        None
    };
    let first = match start {
        Some(start) => snippet::both(&start.base_url, &start.api_key),
        None => snippet::both(&pages.services.settings.public_url, snippet::NO_KEY),
    };
    response::page(StatusCode::OK, markup(&pages.options, &first))
}

fn markup(options: &PagesOptions, first: &Markup) -> Markup {
    let tools = html! {
        span.live #live role="status" { span { "Connecting" } }
        button.button.quiet.small #clear type="button" { "Clear" }
    };
    let body = html! {
        body data-open=(options.open) data-view="list" {
            (layout::sprite())
            (layout::topbar("/outbox", options.start.is_some(), &tools))
            main.panes {
                section.pane.list-pane aria-label="Messages" {
                    h1.visually-hidden { "Outbox" }
                    div.tools {
                        label.search {
                            span.visually-hidden { "Search" }
                            (layout::icon("search"))
                            input #search type="search" placeholder="Search" autocomplete="off" spellcheck="false";
                            kbd aria-hidden="true" { "/" }
                        }
                    }
                    p.waves #waves role="status" {}
                    ol.entries #entries {}
                    p.none #none hidden { "Nothing here." }
                    button.older.button.quiet.small #older type="button" hidden { "Older messages" }
                }
                section.pane.detail-pane #detail aria-label="Message" {
                    noscript { p.hint { "The outbox needs JavaScript." } }
                }
            }
            template #welcome { (welcome(first)) }
            dialog.key #key aria-labelledby="key-title" {
                form method="dialog" {
                    h2 #key-title { "Open the outbox" }
                    p { "It shows what was caught in the environment of an API key. The key stays in this tab and is forgotten with it." }
                    label for="key-field" { "API key" }
                    input #key-field name="key" type="password" required autocomplete="off";
                    p.error role="alert" {}
                    button.button type="submit" { "Open" }
                }
            }
        }
    };
    layout::document(
        "Outbox · Tidings",
        &["outbox/outbox.css", "outbox/previews.css"],
        &["outbox/main.js"],
        &body,
    )
}

fn welcome(first: &Markup) -> Markup {
    html! {
        div.scroll {
            div.welcome {
                h2 { "Nothing sent yet." }
                p { "Every message that is caught here shows up the moment it is sent, as the person would see it. Paste one of these to see the first." }
                (first)
            }
        }
    }
}
