//! What a brand and a language make of the page.

use serde_json::Value;
use tidings_types::{Brand, Object};

use super::direction::{is_right_to_left, language};
use crate::css::Kind;

/// The colour of buttons and links where no brand sets one: dark enough for white letters (6.5 to 1).
const PRIMARY: &str = "#2456d6";

/// A brand's part in a page.
#[derive(Debug)]
pub(crate) struct Theme {
    /// The colour of buttons and links.
    pub(super) primary: String,
    /// The bar above the card.
    pub(super) bar: Option<String>,
    /// The logo's address, and where it leads.
    pub(super) logo: Option<(String, Option<String>)>,
    /// The brand's name, for readers who do not see the logo.
    pub(super) name: String,
    /// The footer, as HTML.
    pub(super) footer: Option<String>,
    /// The language tag.
    pub(super) language: String,
    /// Where lines begin: `left` or `right`.
    pub(super) start: &'static str,
}

impl Theme {
    /// Reads a brand. What cannot be read is left out.
    pub(crate) fn new(brand: Option<&Brand>, locale: Option<&str>) -> Self {
        let language = language(locale);
        let start = if is_right_to_left(&language) { "right" } else { "left" };
        let settings = brand.map(|brand| &brand.settings);
        let color = |path: &[&str]| {
            settings
                .and_then(|settings| text(settings, path))
                .and_then(|text| Kind::Color.read(text))
        };
        let primary = color(&["colors", "primary"]);
        let bar = color(&["email", "header", "barColor"]).or_else(|| primary.clone());
        let link = |path: &[&str]| {
            let link = settings.and_then(|settings| text(settings, path))?;
            crate::link::safe(link, tidings_types::Channel::Email).filter(|link| !link.is_empty())
        };
        let logo = link(&["email", "header", "logo", "image"]);
        Self {
            primary: primary.unwrap_or_else(|| PRIMARY.to_owned()),
            bar,
            logo: logo.map(|image| (image, link(&["email", "header", "logo", "href"]))),
            name: brand.map(|brand| brand.name.clone()).unwrap_or_default(),
            footer: None,
            language,
            start,
        }
    }

    /// Sets the footer, as HTML.
    pub(crate) fn set_footer(&mut self, html: String) {
        self.footer = Some(html);
    }

    /// The direction of writing.
    pub(super) fn direction(&self) -> &'static str {
        if self.start == "right" { "rtl" } else { "ltr" }
    }
}

/// The text of a brand's footer, as written.
pub(crate) fn footer_source(brand: &Brand) -> Option<&str> {
    text(&brand.settings, &["email", "footer", "markdown"])
}

/// A text at a path; an empty one counts as none.
fn text<'a>(settings: &'a Object, path: &[&str]) -> Option<&'a str> {
    let (last, parents) = path.split_last()?;
    let parent = parents
        .iter()
        .try_fold(settings, |object, key| object.get(*key).and_then(Value::as_object))?;
    parent
        .get(*last)
        .and_then(Value::as_str)
        .map(str::trim)
        .filter(|text| !text.is_empty())
}
