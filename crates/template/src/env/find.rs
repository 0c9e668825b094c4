//! Finding values.

use std::borrow::Cow;

use serde_json::Value;

use super::{Env, Frame, Kind};
use crate::lookup::{Lookup, Meta, Place};
use crate::path::{Path, Steps};
use crate::{RenderError, Scope, query};

/// A value and where it lives.
enum Found<'e, 'a> {
    /// In the context, which outlives the environment.
    Context(&'a Value),
    /// In the environment.
    Env(&'e Value),
    /// Made on the way.
    Made(Value),
}

/// What a frame has by the name that a path begins with, if it has such a name; null where the rest leads nowhere.
fn named<'e, 'a>(frame: &'e Frame<'a>, path: &Path) -> Option<Found<'e, 'a>> {
    let first = path.first();
    let found = match frame.values.iter().find(|(name, _)| name == first) {
        Some((_, value)) => Found::inside(value, path.after_first()),
        None => match frame.names.iter().position(|name| name == first)? {
            0 => Found::inside(&frame.this, path.after_first()),
            1 => frame.position.as_ref().map(|position| Found::Made(position.key())),
            _ => return None,
        },
    };
    Some(found.unwrap_or(Found::Made(Value::Null)))
}

impl<'e, 'a> Found<'e, 'a> {
    fn in_context(value: Cow<'a, Value>) -> Self {
        match value {
            Cow::Borrowed(value) => Self::Context(value),
            Cow::Owned(value) => Self::Made(value),
        }
    }

    fn in_env(value: Cow<'e, Value>) -> Self {
        match value {
            Cow::Borrowed(value) => Self::Env(value),
            Cow::Owned(value) => Self::Made(value),
        }
    }

    /// What a path finds in a value of a frame.
    fn inside(of: &'e Cow<'a, Value>, path: Steps<'_>) -> Option<Self> {
        match of {
            Cow::Borrowed(value) => path.find(value).map(Self::in_context),
            Cow::Owned(value) => path.find(value).map(Self::in_env),
        }
    }

    #[expect(clippy::match_same_arms, reason = "the references live for different times")]
    fn is_null(&self) -> bool {
        match self {
            Self::Context(value) => value.is_null(),
            Self::Env(value) => value.is_null(),
            Self::Made(value) => value.is_null(),
        }
    }
}

impl<'a> Env<'a> {
    /// The value of a lookup; null counts as none.
    pub(crate) fn find<'e>(&'e self, lookup: &Lookup) -> Result<Option<Cow<'e, Value>>, RenderError> {
        Ok(self.locate(lookup)?.map(|found| match found {
            Found::Context(value) | Found::Env(value) => Cow::Borrowed(value),
            Found::Made(value) => Cow::Owned(value),
        }))
    }

    /// The same, independent of the environment: copied if it lives there.
    pub(crate) fn find_apart(&self, lookup: &Lookup) -> Result<Option<Cow<'a, Value>>, RenderError> {
        let Some(found) = self.locate(lookup)? else {
            return Ok(None);
        };
        Ok(Some(match found {
            Found::Context(value) => Cow::Borrowed(value),
            Found::Env(value) => {
                self.work(query::cost(value))?;
                Cow::Owned(value.clone())
            }
            Found::Made(value) => Cow::Owned(value),
        }))
    }

    /// A name directly under `$`, as conditions see it: `data`, `refs`, `item`.
    pub(crate) fn top(&self, name: &str) -> Option<Cow<'_, Value>> {
        let of_loop = match name {
            "item" => self.turn().map(|frame| Cow::Borrowed(&*frame.this)),
            "index" => self
                .turn()
                .and_then(|frame| frame.position.as_ref())
                .map(|position| Cow::Owned(Value::from(position.index))),
            "refs" => self.any_refs().map(Cow::Borrowed),
            _ => None,
        };
        of_loop
            .or_else(|| self.context.root().get(name).map(Cow::Borrowed))
            .or_else(|| self.variables.get(name).map(Cow::Borrowed))
    }

    fn locate<'e>(&'e self, lookup: &Lookup) -> Result<Option<Found<'e, 'a>>, RenderError> {
        self.work(1)?;
        let path = &lookup.path;
        let found = match &lookup.place {
            Place::Name { scope, is_root } => self.by_name(path, lookup.up, *scope, *is_root),
            Place::This { scope } => match self.frame(lookup.up, true) {
                Some((_, frame)) => Found::inside(&frame.this, path.steps()),
                None => self
                    .base(*scope)
                    .and_then(|base| path.steps().find(base))
                    .map(Found::in_context),
            },
            Place::Element => {
                let frame = self.frame(0, true);
                frame.and_then(|(_, frame)| Found::inside(&frame.this, path.steps()))
            }
            Place::Outside { scope, .. } if path.is_empty() => self.base(*scope).map(Found::Context),
            Place::Outside { scope, is_root } => self.outside(path, *scope, *is_root),
            Place::Top => self.at_top(path),
            Place::Item => match self.turn() {
                Some(frame) => Found::inside(&frame.this, path.steps()),
                None => path
                    .steps()
                    .find(self.context.root().get("item").unwrap_or(&Value::Null))
                    .map(Found::in_context),
            },
            Place::Meta(meta) => self.meta(*meta, lookup.up).map(Found::Made),
            Place::Query { query, of_item } => {
                let from = match self.turn() {
                    Some(frame) if *of_item => &*frame.this,
                    _ => self.context.root(),
                };
                self.work(query::cost(from))?;
                query::find(query, from).map(Found::Made)
            }
        };
        Ok(found.filter(|found| !found.is_null()))
    }

    /// A plain name: block parameters, what `this` holds, variables, then what the scope says.
    ///
    /// Inside `each` and `with` only names of roots are also read from outside.
    fn by_name<'e>(&'e self, path: &Path, up: usize, scope: Scope, is_root: bool) -> Option<Found<'e, 'a>> {
        if self.frames.is_empty() && self.variables.is_empty() {
            return self.outside(path, scope, is_root);
        }
        let block = self.frame(up, false);
        let visible = match block {
            _ if up == 0 => self.frames.len(),
            Some((index, _)) => index + 1,
            None => self.frames.iter().take_while(|frame| frame.kind != Kind::Block).count(),
        };
        if let Some(found) = self
            .frames
            .iter()
            .take(visible)
            .rev()
            .find_map(|frame| named(frame, path))
        {
            return Some(found);
        }
        if let Some(found) = block.and_then(|(_, frame)| Found::inside(&frame.this, path.steps())) {
            return Some(found);
        }
        if let Some(value) = self.variables.get(path.first()) {
            return path.after_first().find(value).map(Found::in_env);
        }
        if block.is_some() && !is_root {
            return None;
        }
        self.outside(path, scope, is_root)
    }

    fn outside<'e>(&'e self, path: &Path, scope: Scope, is_root: bool) -> Option<Found<'e, 'a>> {
        let data = || path.steps().find(self.context.data()?).map(Found::in_context);
        match scope {
            Scope::Strict => self.at_top(path),
            Scope::Default if is_root => self.at_top(path).or_else(data),
            Scope::Default => data(),
        }
    }

    fn at_top<'e>(&'e self, path: &Path) -> Option<Found<'e, 'a>> {
        if path.first() == "refs"
            && let Some(refs) = self.any_refs()
        {
            return path.after_first().find(refs).map(Found::in_env);
        }
        let in_variables = || {
            path.after_first()
                .find(self.variables.get(path.first())?)
                .map(Found::in_env)
        };
        path.steps()
            .find(self.context.root())
            .map(Found::in_context)
            .or_else(in_variables)
    }

    /// What earlier elements were, if there were any that have a name.
    fn any_refs(&self) -> Option<&Value> {
        Some(&self.refs).filter(|refs| refs.as_object().is_some_and(|refs| !refs.is_empty()))
    }

    /// What `this` is outside of every loop and block.
    fn base(&self, scope: Scope) -> Option<&'a Value> {
        match scope {
            Scope::Default => self.context.data(),
            Scope::Strict => Some(self.context.root()),
        }
    }

    /// The innermost turn of an element's loop.
    fn turn(&self) -> Option<&Frame<'a>> {
        self.frames.iter().rev().find(|frame| frame.kind == Kind::Turn)
    }

    /// The frame whose `this` holds after going up some blocks, and its index. Turns of loops count where asked.
    fn frame(&self, up: usize, turns: bool) -> Option<(usize, &Frame<'a>)> {
        let mut left = up;
        for (index, frame) in self.frames.iter().enumerate().rev() {
            match frame.kind {
                Kind::Block if left > 0 => left -= 1,
                Kind::Block => return Some((index, frame)),
                Kind::Turn if turns && left == 0 => return Some((index, frame)),
                Kind::Turn | Kind::Names => {}
            }
        }
        None
    }

    fn meta(&self, meta: Meta, up: usize) -> Option<Value> {
        let positions = self.frames.iter().rev().filter_map(|frame| frame.position.as_ref());
        let position = { positions }.nth(up)?;
        Some(match meta {
            Meta::Index => Value::from(position.index),
            Meta::First => Value::from(position.index == 0),
            Meta::Last => Value::from(position.is_last),
            Meta::Key => position.key(),
        })
    }
}
