//! Where a variable's value is.

use std::borrow::Cow;

use serde_json::Value;
use serde_json_path::JsonPath;

use crate::error::shorten;
use crate::path::Path;
use crate::{ROOTS, Scope, TemplateError, query};

/// Where a variable's value is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lookup {
    /// Down from the top.
    Top(Path),
    /// Down from `data`.
    Data(Path),
    /// From the top if it is there, else from `data`.
    Either(Path),
    /// Whatever a JSONPath finds.
    Query(Box<JsonPath>),
}

impl Lookup {
    /// Reads the inside of a tag: a path, or a JSONPath when it begins with `$`.
    ///
    /// `Ok(None)` means it is neither.
    pub(crate) fn parse(text: &str, scope: Scope, dashes: bool) -> Result<Option<Self>, TemplateError> {
        if text.starts_with('$') {
            // Most queries are plain paths, and those need no query engine.
            let plain = text.strip_prefix("$.").and_then(|rest| Path::parse(rest, false));
            return match plain {
                Some(path) => Ok(Some(Self::Top(path))),
                None => Ok(Some(Self::Query(Box::new(query::parse(text)?)))),
            };
        }
        let Some(path) = Path::parse(text, dashes) else {
            return Ok(None);
        };
        let rooted = ROOTS.contains(&path.first());
        Ok(Some(match scope {
            Scope::Strict => Self::Top(path),
            Scope::Default if rooted => Self::Either(path),
            Scope::Default => Self::Data(path),
        }))
    }

    /// Reads the inside of a tag that must be a variable.
    pub(crate) fn require(text: &str, scope: Scope) -> Result<Self, TemplateError> {
        Self::parse(text, scope, true)?.ok_or_else(|| TemplateError::Unsupported { what: shorten(text) })
    }

    /// Whether the value is one of our own links, which are empty rather than left as written.
    pub(crate) fn is_url(&self) -> bool {
        match self {
            Self::Top(path) | Self::Data(path) | Self::Either(path) => path.first() == "urls",
            Self::Query(_) => false,
        }
    }

    /// The value, if there is one.
    pub(crate) fn value<'a>(&self, root: &'a Value) -> Option<Cow<'a, Value>> {
        let value = match self {
            Self::Top(path) => path.find(root),
            Self::Data(path) => path.find(root.get("data")?),
            Self::Either(path) => path.find(root).or_else(|| path.find(root.get("data")?)),
            Self::Query(query) => return query::find(query, root).map(Cow::Owned),
        };
        value.map(Cow::Borrowed)
    }

    /// The value as text, if there is one.
    pub(crate) fn text<'a>(&self, root: &'a Value) -> Option<Cow<'a, str>> {
        Some(match self.value(root)? {
            Cow::Borrowed(Value::String(text)) => Cow::Borrowed(text),
            Cow::Owned(Value::String(text)) => Cow::Owned(text),
            other => Cow::Owned(other.to_string()),
        })
    }
}
