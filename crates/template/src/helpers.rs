//! What templates can call: `{{name value key=value}}`, `(name value)`, `{{#name value}}..{{/name}}`.
//!
//! A helper is a function from values to a value. It has no clock and no state, and cannot read anything but what it is
//! given and the environment. `set`, `if`, `unless`, `each` and `with` are no helpers but parts of the language.

mod data;
mod dates;
mod language;
mod logic;
mod numbers;
mod printf;
mod texts;

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use crate::argument::Argument;
use crate::lookup::Lookup;
use crate::{Env, RenderError, Scope};

/// A helper.
pub(crate) struct Helper {
    /// The name by which templates call it.
    pub(crate) name: &'static str,
    /// How many values it takes.
    takes: Takes,
    /// What it does.
    pub(crate) run: Run,
    /// Whether its value is the variable that its first value names, as with `var`: one without a value is missing.
    pub(crate) prints_variable: bool,
    /// How many steps one call counts: one for some 100 ns.
    pub(crate) steps: u32,
    /// What it can refuse before anything is rendered.
    refuses: fn(&[Argument]) -> Option<&'static str>,
}

type Run = for<'e> fn(&mut Arguments<'e>) -> Outcome<'e>;

/// How many values a helper takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Any,
    One,
    OneOrMore,
    Two,
    TwoOrThree,
    Three,
    ThreeOrFour,
}

/// The values a helper was called with.
pub(crate) struct Arguments<'e> {
    pub(crate) env: &'e Env<'e>,
    pub(crate) values: Vec<Cow<'e, Value>>,
    pub(crate) hash: Vec<(&'e str, Cow<'e, Value>)>,
}

/// What a helper makes.
pub(crate) type Outcome<'e> = Result<Cow<'e, Value>, Fail>;

/// Why a helper makes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fail {
    /// In words, as a clause: `divides by zero`.
    Reason(String),
    /// The whole rendering has to stop.
    Render(RenderError),
}

impl From<&str> for Fail {
    fn from(reason: &str) -> Self {
        Self::Reason(reason.to_owned())
    }
}

impl From<RenderError> for Fail {
    fn from(error: RenderError) -> Self {
        Self::Render(error)
    }
}

impl Fail {
    /// As the error of the helper's name.
    pub(crate) fn named(self, name: &'static str) -> RenderError {
        match self {
            Self::Reason(reason) => RenderError::Helper { name, reason },
            Self::Render(error) => error,
        }
    }
}

/// Every helper by its name.
const HELPERS: &[Helper] = &[
    Helper::new("abs", Takes::One, numbers::abs),
    Helper::new("add", Takes::Two, numbers::add),
    Helper::new("and", Takes::Any, logic::and),
    Helper::new("capitalize", Takes::One, texts::capitalize),
    Helper::new("ceil", Takes::One, numbers::ceil),
    Helper::new("concat", Takes::Any, texts::concat),
    Helper::new("condition", Takes::Three, logic::condition).checked(logic::refuse_condition),
    Helper::new("conditional", Takes::Any, logic::conditional),
    Helper::new("datetime-format", Takes::TwoOrThree, dates::format).costing(200),
    Helper::new("default", Takes::Two, logic::default),
    Helper::new("divide", Takes::Two, numbers::divide),
    Helper::new("filter", Takes::ThreeOrFour, logic::filter).checked(logic::refuse_filter),
    Helper::new("floor", Takes::One, numbers::floor),
    Helper::new("format", Takes::OneOrMore, printf::format)
        .costing(10)
        .checked(printf::refuse),
    Helper::new("formatMessage", Takes::One, language::message)
        .costing(200)
        .checked(language::refuse),
    Helper::new("inc", Takes::One, numbers::inc),
    Helper::new("intl", Takes::One, language::message)
        .costing(200)
        .checked(language::refuse),
    Helper::new("json-parse", Takes::One, data::json_parse),
    Helper::new("log", Takes::Any, data::log),
    Helper::new("lookup", Takes::Two, data::lookup),
    Helper::new("mod", Takes::Two, numbers::modulo),
    Helper::new("multiply", Takes::Two, numbers::multiply),
    Helper::new("not", Takes::One, logic::not),
    Helper::new("or", Takes::Any, logic::or),
    Helper::new("params", Takes::Any, data::params),
    Helper::new("path", Takes::One, data::path).checked(data::refuse_path),
    Helper::new("round", Takes::One, numbers::round),
    Helper::new("sub", Takes::Two, numbers::subtract),
    Helper::new("subtract", Takes::Two, numbers::subtract),
    Helper::new("swu_datetimeformat", Takes::TwoOrThree, dates::format).costing(200),
    Helper::new("swu_iso8601_to_time", Takes::One, dates::from_iso),
    Helper::new("swu_timestamp_to_time", Takes::One, dates::from_seconds),
    Helper::new("t", Takes::One, language::translate).costing(200),
    Helper::new("trim", Takes::One, texts::trim),
    Helper::new("trim-left", Takes::One, texts::trim_left),
    Helper::new("trim-one-char-right", Takes::One, texts::trim_one_char_right),
    Helper::new("trim-right", Takes::One, texts::trim_right),
    Helper::new("truncate", Takes::TwoOrThree, texts::truncate),
    Helper {
        prints_variable: true,
        ..Helper::new("var", Takes::One, data::var).checked(data::refuse_path)
    },
];

/// A helper by its name.
pub(crate) fn get(name: &str) -> Option<&'static Helper> {
    HELPERS.iter().find(|helper| helper.name == name)
}

impl Helper {
    const fn new(name: &'static str, takes: Takes, run: Run) -> Self {
        Self {
            name,
            takes,
            run,
            prints_variable: false,
            steps: 1,
            refuses: |_| None,
        }
    }

    /// One that takes longer than others.
    const fn costing(self, steps: u32) -> Self {
        Self { steps, ..self }
    }

    const fn checked(self, refuses: fn(&[Argument]) -> Option<&'static str>) -> Self {
        Self { refuses, ..self }
    }

    /// What is wrong with these arguments already as written, as a clause.
    pub(crate) fn refuses(&self, values: &[Argument]) -> Option<&'static str> {
        self.takes.refuses(values.len()).or_else(|| (self.refuses)(values))
    }
}

impl Takes {
    fn refuses(self, count: usize) -> Option<&'static str> {
        let (allowed, reason) = match self {
            Self::Any => (0..=usize::MAX, ""),
            Self::One => (1..=1, "takes one value"),
            Self::OneOrMore => (1..=usize::MAX, "takes at least one value"),
            Self::Two => (2..=2, "takes two values"),
            Self::TwoOrThree => (2..=3, "takes two or three values"),
            Self::Three => (3..=3, "takes three values"),
            Self::ThreeOrFour => (3..=4, "takes three or four values"),
        };
        (!allowed.contains(&count)).then_some(reason)
    }
}

impl fmt::Debug for Helper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Helper {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<'e> Arguments<'e> {
    /// A value by its place; null if it is not there.
    pub(crate) fn at(&self, index: usize) -> &Value {
        self.values.get(index).map_or(&Value::Null, |value| value)
    }

    /// A value as text.
    pub(crate) fn text(&self, index: usize) -> Cow<'_, str> {
        crate::print::text(self.at(index))
    }

    /// A value as text, if it was given.
    pub(crate) fn text_if_given(&self, index: usize) -> Option<Cow<'_, str>> {
        self.values.get(index).map(|value| crate::print::text(value))
    }

    /// A value that was given by name.
    pub(crate) fn named(&self, name: &str) -> Option<&Value> {
        let found = self.hash.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| &**value)
    }

    /// Takes a value out.
    pub(crate) fn take(&mut self, index: usize) -> Cow<'e, Value> {
        let taken = self
            .values
            .get_mut(index)
            .map(|value| std::mem::replace(value, Cow::Owned(Value::Null)));
        taken.unwrap_or(Cow::Owned(Value::Null))
    }
}

pub(crate) use self::dates::moment;

/// What a helper makes, owned.
#[expect(clippy::unnecessary_wraps, reason = "every helper ends in it")]
pub(crate) fn made<'e>(value: impl Into<Value>) -> Outcome<'e> {
    Ok(Cow::Owned(value.into()))
}

/// The value of a path that a helper is given.
pub(crate) fn find<'e>(env: &'e Env<'_>, path: &str) -> Result<Option<Cow<'e, Value>>, Fail> {
    // Reading a query is dearer than looking a plain name up.
    env.work(if path.starts_with('$') { 50 } else { 5 })?;
    match Lookup::parse(path.trim(), Scope::Default, true) {
        Ok(Some(lookup)) => Ok(env.find(&lookup)?),
        _ => Err("is given something that is no path".into()),
    }
}
