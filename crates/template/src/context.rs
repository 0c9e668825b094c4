//! What variables are read from.

use serde_json::Value;
use tidings_types::Object;

/// Names that are read from the top of the context; every other name is read from `data`.
pub const ROOTS: &[&str] = &[
    "data",
    "profile",
    "tenant",
    "brand",
    "courier",
    "urls",
    "event",
    "recipient",
    "messageId",
    "template",
    "datetime",
    "subscriptionTopicId",
    "openTrackingId",
    "unsubscribeTrackingId",
    "refs",
];

/// How names without a root are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// `{{name}}` is `data.name`; full paths work as well.
    #[default]
    Default,
    /// Only full paths, such as `{{data.name}}`.
    Strict,
}

impl Scope {
    /// Reads the content's `scope` field: `strict`, or anything else for the default.
    pub fn parse(text: Option<&str>) -> Self {
        if text == Some("strict") {
            Self::Strict
        } else {
            Self::Default
        }
    }
}

/// The values of one message for one person: an object with the keys of [`ROOTS`] (any may be absent).
///
/// Building one is a move, not a copy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    root: Value,
}

impl Context {
    /// A context from its roots: `data`, `profile`, `tenant`, `urls` and so on.
    pub fn new(roots: Object) -> Self {
        Self {
            root: Value::Object(roots),
        }
    }

    /// The whole context, as JSONPath and conditions see it.
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// The message's data, if there is any.
    pub fn data(&self) -> Option<&Value> {
        self.root.get("data")
    }
}

impl From<Value> for Context {
    fn from(root: Value) -> Self {
        Self { root }
    }
}
