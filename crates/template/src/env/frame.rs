//! What comes and goes while a rendering is under way.

use std::borrow::Cow;

use serde_json::Value;

use super::Item;

/// A layer over the context.
#[derive(Clone, Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) kind: Kind,
    /// What `this` is.
    pub(crate) this: Cow<'a, Value>,
    /// Where a loop stands.
    pub(crate) position: Option<Position>,
    /// Names that hold inside: block parameters.
    pub(crate) names: Vec<(String, Cow<'a, Value>)>,
}

/// What a frame changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An element's `loop`: plain names mean what they mean outside.
    Item,
    /// `each` and `with`: plain names are read from `this`.
    Block,
}

/// Where a loop stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Position {
    pub(crate) index: usize,
    pub(crate) is_last: bool,
    /// The key, in a loop over an object.
    pub(crate) key: Option<String>,
}

impl<'a> Frame<'a> {
    pub(crate) fn item(item: Item<'a>) -> Self {
        Self {
            kind: Kind::Item,
            this: item.value,
            position: Some(Position {
                index: item.index,
                is_last: item.is_last,
                key: None,
            }),
            names: Vec::new(),
        }
    }
}
