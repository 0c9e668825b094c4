//! Where a variable's value is.

use serde_json::Value;
use serde_json_path::JsonPath;

use crate::error::shorten;
use crate::path::Path;
use crate::{Context, ROOTS, Scope, TemplateError, query};

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

/// A value, as text.
pub(crate) enum Found<'a> {
    /// A string, as it is.
    Text(&'a str),
    /// Anything else, as compact JSON.
    Json(String),
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
        let Some(path) = Path::parse(text, dashes) else { return Ok(None) };
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
    pub(crate) fn find<'a>(&self, context: &'a Context) -> Option<Found<'a>> {
        let value = match self {
            Self::Top(path) => path.find(context.root()),
            Self::Data(path) => path.find(context.data()?),
            Self::Either(path) => {
                path.find(context.root()).or_else(|| context.data().and_then(|data| path.find(data)))
            }
            Self::Query(query) => return query::find(query, context.root()).map(Found::owned),
        };
        value.map(Found::borrowed)
    }
}

impl<'a> Found<'a> {
    fn borrowed(value: &'a Value) -> Self {
        match value {
            Value::String(text) => Self::Text(text),
            other => Self::Json(other.to_string()),
        }
    }

    fn owned(value: Value) -> Self {
        match value {
            Value::String(text) => Self::Json(text),
            other => Self::Json(other.to_string()),
        }
    }
}
