//! The page: an inbox on one side, and on the other a form that sends into it.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::bundle;
use crate::problem::Problem;
use crate::{StartInfo, layout, response};

/// The published components bring styles of their own, and the page calls sockets.
const POLICY: &str = "default-src 'self'; connect-src 'self' ws: wss:; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data: https:; object-src 'none'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'";

/// What the page's address may say.
#[derive(Deserialize)]
pub(super) struct Choice {
    /// `plain` for the small inbox of our own even where the published components are there.
    inbox: Option<String>,
}

pub(super) async fn page(
    State(pages): crate::State,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(info) = &pages.options.start else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    // The page holds a key: who may not see the outbox may not see it either.
    pages.access(&headers).await?;
    let shown = match (bundle::is_built(&pages).await, choice.inbox.as_deref()) {
        (false, _) => Shown::PlainForLack,
        (true, Some("plain")) => Shown::PlainByChoice,
        (true, _) => Shown::Published,
    };
    Ok(response::page_under(StatusCode::OK, POLICY, markup(info, shown)))
}

/// Which inbox is shown, and why.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    /// The published components.
    Published,
    /// The one of our own, as the address asks.
    PlainByChoice,
    /// The one of our own, since the others were not built.
    PlainForLack,
}

fn markup(info: &StartInfo, shown: Shown) -> Markup {
    let inbox = if shown == Shown::Published {
        "published"
    } else {
        "plain"
    };
    let tools = html! { span.live #live role="status" { span { "Connecting" } } };
    let body = html! {
        body data-key=(info.api_key) data-inbox=(inbox) {
            (layout::sprite())
            (layout::topbar("/demo/inbox", true, &tools))
            main.demo {
                header.intro {
                    h1 { "An inbox, live" }
                    p { "Send " strong #who { "Ada" } " something: it shows up in every window she has open, and what she does with it travels back." }
                    div.windows {
                        a.button #second href="/demo/inbox" target="_blank" rel="opener" { (layout::icon("desktop")) "Open a second window" }
                        span.hint { "Read or archive a message in one; watch the other." }
                    }
                }
                section.card.phone aria-labelledby="inbox-title" {
                    h2.visually-hidden #inbox-title { "Inbox" }
                    div #inbox { p.none { "Opening the inbox" } }
                }
                div.side {
                    (form())
                    section.card aria-labelledby="told-title" {
                        div.head { h2 #told-title { "What became of it" } a href="/outbox" { "Outbox" } }
                        ol.told #told {}
                        p.none #nothing-told { "Send something, and see here how far it gets." }
                    }
                    p.made {
                        @match shown {
                            Shown::Published => {
                                "These are the published components, unchanged. "
                                a href="?inbox=plain" { "Show the small inbox of our own" }
                            }
                            Shown::PlainByChoice => {
                                "This is a small inbox of our own. "
                                a href="/demo/inbox" { "Show the published components" }
                            }
                            Shown::PlainForLack => {
                                "This is a small inbox of our own. The published components were not built: "
                                code { "make demo" } " does, where there is Node."
                            }
                        }
                    }
                }
            }
            div.toasts #toasts role="status" aria-live="polite" {}
            noscript { p.hint { "The demo needs JavaScript." } }
        }
    };
    layout::document(
        "Inbox demo · Tidings",
        &["demo/demo.css", "demo/inbox.css"],
        &["demo/main.js"],
        &body,
    )
}

fn form() -> Markup {
    html! {
        form.card.compose #compose {
            div.head { h2 { "Send" } button.button.quiet.small #another type="button" { "Another idea" } }
            label { span { "Title" } input name="title" required maxlength="200" value="Your order is on its way" autocomplete="off"; }
            label { span { "Text" } textarea name="body" rows="2" maxlength="2000" { "It left the warehouse this morning and should be with you tomorrow." } }
            label { span { "Button" } input name="action" maxlength="60" value="Track it" placeholder="None" autocomplete="off"; }
            label.check {
                input type="checkbox" name="mail";
                span { "By mail too, unless it is opened within 30 seconds" }
            }
            p.error #compose-error role="alert" {}
            button.button type="submit" { (layout::icon("inbox")) "Send" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_which_inbox_it_shows() {
        let info = StartInfo {
            base_url: "http://localhost:1".to_owned(),
            api_key: "k<b>".to_owned(),
        };
        let plain = markup(&info, Shown::PlainForLack).into_string();
        assert!(plain.contains("data-inbox=\"plain\"") && plain.contains("k&lt;b&gt;") && plain.contains("make demo"));
        let chosen = markup(&info, Shown::PlainByChoice).into_string();
        assert!(chosen.contains("data-inbox=\"plain\"") && !chosen.contains("make demo"));
        assert!(
            markup(&info, Shown::Published)
                .into_string()
                .contains("data-inbox=\"published\"")
        );
    }
}
