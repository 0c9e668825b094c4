//! What a brand and a language make of the page.

use std::sync::Arc;

use super::direction::{is_right_to_left, language};
use super::framed::Filled;
use crate::brand::Look;

/// A brand's and a language's part in a page.
#[derive(Debug)]
pub(crate) struct Theme {
    /// What the brand says.
    pub(super) look: Arc<Look>,
    /// Its parts with values of their own, filled in.
    pub(super) parts: Parts,
    /// The language tag.
    pub(super) language: String,
    /// Where lines begin: `left` or `right`.
    pub(super) start: &'static str,
}

/// The parts of a brand that hold variables, as HTML.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// For `<head>`.
    pub(crate) head: Option<String>,
    /// The logo's address, and where it leads.
    pub(crate) logo: Option<(String, Option<String>)>,
    /// A header of the brand's own, in place of the logo.
    pub(crate) header: Option<String>,
    /// The footer's text.
    pub(crate) footer: Option<String>,
    /// Pages elsewhere: their names, and where they lead.
    pub(crate) social: Vec<(&'static str, String)>,
    /// A footer of the brand's own, in place of text and pages.
    pub(crate) own_footer: Option<String>,
    /// The brand's own document.
    pub(crate) frame: Option<Vec<Filled>>,
}

impl Theme {
    /// The page of a brand, in a language.
    pub(crate) fn new(look: Arc<Look>, parts: Parts, locale: Option<&str>) -> Self {
        let language = language(locale);
        let start = if is_right_to_left(&language) { "right" } else { "left" };
        Self {
            look,
            parts,
            language,
            start,
        }
    }

    /// The direction of writing.
    pub(super) fn direction(&self) -> &'static str {
        if self.start == "right" { "rtl" } else { "ltr" }
    }
}
