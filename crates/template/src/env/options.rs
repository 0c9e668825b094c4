//! What a rendering may use beside the context.

use std::collections::HashMap;

use crate::{Template, TemplateError};

/// What a rendering may use beside the context. Everything is optional.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The person's language tag (BCP 47), for numbers, dates and plurals.
    pub locale: Option<&'a str>,
    /// The person's time zone (IANA), for dates that name none.
    pub time_zone: Option<&'a str>,
    /// The texts of the person's language, for `{{t "key"}}`; without them `t` fails.
    pub translations: Option<&'a Translations>,
    /// The brand's snippets, for `{{> name}}`.
    pub snippets: Option<&'a Snippets>,
    /// What becomes of a variable that has no value.
    pub missing: Missing,
}

/// What becomes of a variable that is to be printed and has no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// It prints nothing, or stays as written; its name is noted.
    #[default]
    Allow,
    /// The rendering fails and names it.
    Fail,
}

/// Texts by key in one language: what a PO file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translations(HashMap<String, String>);

impl Translations {
    /// The text of a key, if there is one that is not empty: in a PO file an empty one means "not translated yet".
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str).filter(|text| !text.is_empty())
    }
}

impl FromIterator<(String, String)> for Translations {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(texts: T) -> Self {
        Self(texts.into_iter().collect())
    }
}

/// A brand's snippets, parsed: keep them with the brand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snippets(HashMap<String, Result<Template, TemplateError>>);

impl Snippets {
    /// Reads snippets by name. One that cannot be read fails those who use it, and nobody else.
    pub fn parse<'s>(sources: impl IntoIterator<Item = (&'s str, &'s str)>) -> Self {
        let parsed = sources
            .into_iter()
            .map(|(name, source)| (name.to_owned(), Template::parse(source)));
        Self(parsed.collect())
    }

    /// A snippet, or why it cannot be read; `None` if there is none of that name.
    pub fn get(&self, name: &str) -> Option<Result<&Template, &TemplateError>> {
        self.0.get(name).map(Result::as_ref)
    }
}
