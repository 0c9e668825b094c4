//! What an element is repeated over.

use std::borrow::Cow;

use serde_json::Value;

use crate::env::Item;
use crate::error::shorten;
use crate::lookup::Lookup;
use crate::{Env, RenderError, Scope, TemplateError};

/// The array that an element's `loop` names: `data.items`, `$.data.items[?(@.open)]`, `$.item.parts`.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat(Lookup);

impl Repeat {
    /// Reads a path, also one inside `{{ }}`.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let inside = text.trim();
        let inside = inside
            .strip_prefix("{{")
            .and_then(|inside| inside.strip_suffix("}}"))
            .unwrap_or(inside)
            .trim();
        let lookup = Lookup::parse(inside, Scope::Default, true)?;
        lookup
            .map(Self)
            .ok_or_else(|| TemplateError::Unsupported { what: shorten(inside) })
    }

    /// The turns to take; `None` if there is no array.
    pub fn items<'a>(&self, env: &Env<'a>) -> Result<Option<Items<'a>>, RenderError> {
        Ok(match env.find_apart(&self.0)? {
            Some(Cow::Borrowed(Value::Array(items))) => Some(turns(items.iter().map(Cow::Borrowed))),
            Some(Cow::Owned(Value::Array(items))) => Some(turns(items.into_iter().map(Cow::Owned))),
            _ => None,
        })
    }
}

/// The turns of a loop, one after the other.
pub type Items<'a> = Box<dyn Iterator<Item = Item<'a>> + 'a>;

fn turns<'a>(values: impl ExactSizeIterator<Item = Cow<'a, Value>> + 'a) -> Items<'a> {
    let count = values.len();
    Box::new(values.enumerate().map(move |(index, value)| Item {
        value,
        index,
        is_last: index + 1 == count,
    }))
}
