//! What pages have in common: the document around them, the mark, the drawings.

use maud::{DOCTYPE, Markup, html};

/// A whole document. `styles` and `scripts` are names below `/pages/`.
pub(crate) fn document(title: &str, styles: &[&str], scripts: &[&str], body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href=(FAVICON);
                link rel="stylesheet" href="/pages/base.css";
                @for style in styles { link rel="stylesheet" href={ "/pages/" (style) }; }
                @for script in scripts { script type="module" src={ "/pages/" (script) } {} }
            }
            (body)
        }
    }
}

/// The mark as a picture of its own.
const FAVICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='9' fill='%230a6a6a'/%3E%3Cg fill='none' stroke='%23fff' stroke-width='2.4' stroke-linecap='round'%3E%3Cpath d='M5.5 10.5c5 0 5.5 7.5 10.5 7.5s5.5-7.5 10.5-7.5'/%3E%3Cpath d='M5.5 17.5c5 0 5.5 7 10.5 7s5.5-7 10.5-7' opacity='.6'/%3E%3C/g%3E%3C/svg%3E";

/// The mark: a letter whose flap is a wave, and the wave that follows it.
pub(crate) fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 32 32" aria-hidden="true" {
            rect width="32" height="32" rx="9" {}
            path d="M5.5 10.5c5 0 5.5 7.5 10.5 7.5s5.5-7.5 10.5-7.5" {}
            path.far d="M5.5 17.5c5 0 5.5 7 10.5 7s5.5-7 10.5-7" {}
        }
    }
}

/// The bar on top of the pages for developers. `here` is the path of the page it stands on.
pub(crate) fn topbar(here: &str, start: bool, end: &Markup) -> Markup {
    let home = if start { "/" } else { "/outbox" };
    html! {
        header.topbar {
            a.brand href=(home) { (mark()) span { "Tidings" } }
            nav aria-label="Pages" {
                @for (path, name) in [("/outbox", "Outbox"), ("/reference", "Reference")] {
                    a href=(path) aria-current=[(path == here).then_some("page")] { (name) }
                }
                // Development only, like the start page.
                @if start { a href="/demo/inbox" aria-current=[(here == "/demo/inbox").then_some("page")] { "Inbox" } }
            }
            div.end { (end) }
        }
    }
}

/// The drawings that scripts refer to by name: strokes on a field of 24 by 24.
const DRAWINGS: &[(&str, &str)] = &[
    (
        "email",
        "M4 6h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1Zm-.5 1.5L12 13l8.5-5.5",
    ),
    (
        "sms",
        "M5 5h14a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7l-4.5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2ZM8 10.5h8",
    ),
    (
        "push",
        "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15ZM10 20.5a2.2 2.2 0 0 0 4 0",
    ),
    ("inbox", "M4 13.5 6.5 5h11L20 13.5V19H4Zm0 0h4.5l1 2h5l1-2H20"),
    ("direct_message", "M9.5 4 7.5 20M16.5 4l-2 16M4 9h16.5M3.5 15H20"),
    ("webhook", "M9 8 4.5 12 9 16M15 8l4.5 4-4.5 4M13 5l-2 14"),
    (
        "person",
        "M12 11.5a3.7 3.7 0 1 0 0-7.5 3.7 3.7 0 0 0 0 7.5ZM4.5 20a7.5 7.5 0 0 1 15 0",
    ),
    ("archive", "M4 5h16v4H4ZM5.5 9v10h13V9M10 13h4"),
    ("desktop", "M4 5h16v11H4ZM9 20h6M12 16v4"),
    (
        "phone",
        "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM11 18h2",
    ),
    (
        "search",
        "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20 20",
    ),
    ("back", "M14.5 6 8.5 12l6 6"),
    ("check", "M5 12.5 10 17 19 7.5"),
    ("cross", "M7 7l10 10M17 7 7 17"),
    ("pause", "M9 7v10M15 7v10"),
    ("dot", "M12 12h.01"),
];

/// The drawings, once per page.
pub(crate) fn sprite() -> Markup {
    html! {
        svg hidden {
            @for (name, path) in DRAWINGS {
                symbol id={ "i-" (name) } viewBox="0 0 24 24" { path d=(path) {} }
            }
        }
    }
}

/// A drawing.
pub(crate) fn icon(name: &str) -> Markup {
    html! { svg.icon viewBox="0 0 24 24" aria-hidden="true" { use href={ "#i-" (name) } {} } }
}
