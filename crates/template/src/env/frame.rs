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
    /// Block parameters: the names of `this` and of its place.
    pub(crate) names: Vec<String>,
    /// Names that hold inside a snippet.
    pub(crate) values: Vec<(String, Cow<'a, Value>)>,
}

/// What a frame changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An element's `loop`: plain names mean what they mean outside.
    Turn,
    /// `each` and `with`: plain names are read from `this`.
    Block,
    /// A snippet that gets names, and keeps what `this` is outside.
    Names,
}

/// Where a loop stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Position {
    pub(crate) index: usize,
    pub(crate) is_last: bool,
    /// The key, in a loop over an object.
    pub(crate) key: Option<String>,
}

impl Position {
    /// What `@key` is: the key, or the index.
    pub(crate) fn key(&self) -> Value {
        match &self.key {
            Some(key) => Value::from(key.as_str()),
            None => Value::from(self.index),
        }
    }
}

impl<'a> Frame<'a> {
    pub(crate) fn turn(item: Item<'a>) -> Self {
        let position = Position {
            index: item.index,
            is_last: item.is_last,
            key: None,
        };
        Self {
            kind: Kind::Turn,
            ..Self::block(item.value, Some(position), &[])
        }
    }

    pub(crate) fn block(this: Cow<'a, Value>, position: Option<Position>, names: &[String]) -> Self {
        Self {
            kind: Kind::Block,
            this,
            position,
            names: names.to_vec(),
            values: Vec::new(),
        }
    }

    pub(crate) fn snippet(this: Option<Cow<'a, Value>>, values: Vec<(String, Cow<'a, Value>)>) -> Self {
        let kind = if this.is_some() { Kind::Block } else { Kind::Names };
        Self {
            kind,
            values,
            ..Self::block(this.unwrap_or(Cow::Owned(Value::Null)), None, &[])
        }
    }

    /// A frame for each item of an array or member of an object, made as it is its turn.
    pub(crate) fn turns(of: Cow<'a, Value>, names: &[String]) -> Turns<'a> {
        match of {
            Cow::Borrowed(Value::Array(items)) => {
                Self::each(items.iter().map(|item| (None, Cow::Borrowed(item))), names)
            }
            Cow::Owned(Value::Array(items)) => {
                Self::each(items.into_iter().map(|item| (None, Cow::Owned(item))), names)
            }
            Cow::Borrowed(Value::Object(members)) => {
                let members = members.iter();
                Self::each(
                    members.map(|(key, value)| (Some(key.clone()), Cow::Borrowed(value))),
                    names,
                )
            }
            Cow::Owned(Value::Object(members)) => {
                let members = members.into_iter();
                Self::each(members.map(|(key, value)| (Some(key), Cow::Owned(value))), names)
            }
            _ => Box::new(std::iter::empty()),
        }
    }

    fn each(
        turns: impl ExactSizeIterator<Item = (Option<String>, Cow<'a, Value>)> + 'a,
        names: &[String],
    ) -> Turns<'a> {
        let count = turns.len();
        let names = names.to_vec();
        Box::new(turns.enumerate().map(move |(index, (key, this))| {
            let is_last = index + 1 == count;
            Self::block(this, Some(Position { index, is_last, key }), &names)
        }))
    }
}

/// Frames, one after the other.
pub(crate) type Turns<'a> = Box<dyn Iterator<Item = Frame<'a>> + 'a>;
