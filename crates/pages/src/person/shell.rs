//! The document around a person's page.

use maud::{Markup, html};

use crate::layout;

/// A short page: one card in the middle.
pub(super) fn card(title: &str, words: &Markup) -> Markup {
    let body = html! { body.person { main.card { (words) } } };
    layout::document(title, &["person.css"], &[], &body)
}

/// A long page.
pub(super) fn sheet(title: &str, words: &Markup) -> Markup {
    let body = html! { body.person { main.sheet { (words) } } };
    layout::document(title, &["person.css"], &[], &body)
}
