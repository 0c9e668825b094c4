//! Plain paths: `a.b`, `a.0`, `a[0]`, `a["b c"]`, `a.[b c]`.

use std::borrow::Cow;

use serde_json::Value;

use crate::value::child;

/// The most steps in a path; more is a mistake.
const MAX_STEPS: usize = 32;

/// A way down from a value; an empty one stays where it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path {
    steps: Vec<String>,
}

/// A part of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steps<'p>(&'p [String]);

impl Path {
    /// Reads a path; `None` if it is none. `dashes` allows what Handlebars does and single braces do not: `-` inside names,
    /// `/` between them, and brackets around the first.
    pub(crate) fn parse(text: &str, dashes: bool) -> Option<Self> {
        let mut steps = Vec::new();
        let mut rest = text;
        loop {
            let (step, after) = step(rest, steps.is_empty(), dashes)?;
            steps.push(step.to_owned());
            if steps.len() > MAX_STEPS {
                return None;
            }
            rest = match after
                .strip_prefix('.')
                .or_else(|| after.strip_prefix('/').filter(|_| dashes))
            {
                Some("") => return None,
                Some(next) => next,
                None if after.is_empty() => return Some(Self { steps }),
                None if after.starts_with('[') => after,
                None => return None,
            };
        }
    }

    /// The first name.
    pub(crate) fn first(&self) -> &str {
        self.steps.first().map_or("", String::as_str)
    }

    /// Whether names are joined by dots alone.
    pub(crate) fn is_plain(&self) -> bool {
        self.steps.iter().all(|step| !step.contains(['.', '[', ']']))
    }

    /// Whether it stays where it is.
    pub(crate) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether it is one name.
    pub(crate) fn is_single(&self) -> bool {
        self.steps.len() == 1
    }

    /// The path without its first name.
    pub(crate) fn after_first(&self) -> Steps<'_> {
        Steps(self.steps.get(1..).unwrap_or_default())
    }

    /// The whole path.
    pub(crate) fn steps(&self) -> Steps<'_> {
        Steps(&self.steps)
    }

    /// The path as given, without its first name.
    pub(crate) fn into_rest(mut self) -> Self {
        self.steps.drain(..self.steps.len().min(1));
        self
    }
}

impl Steps<'_> {
    /// The value at the end. `length` of an array or text is its number of items or characters.
    pub(crate) fn find(self, from: &Value) -> Option<Cow<'_, Value>> {
        let mut value = from;
        for (index, step) in self.0.iter().enumerate() {
            value = match child(value, step) {
                Some(value) => value,
                None if step == "length" && index + 1 == self.0.len() => return length(value).map(Cow::Owned),
                None => return None,
            };
        }
        Some(Cow::Borrowed(value))
    }
}

/// How many items or characters a value has.
fn length(value: &Value) -> Option<Value> {
    match value {
        Value::Array(items) => Some(Value::from(items.len())),
        Value::String(text) => Some(Value::from(text.chars().count())),
        _ => None,
    }
}

/// Splits the first step off.
fn step(text: &str, first: bool, dashes: bool) -> Option<(&str, &str)> {
    if let Some(inside) = text.strip_prefix('[') {
        if first && !dashes {
            return None;
        }
        if let Some(quote) = inside.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let (name, after) = inside.get(1..)?.split_once(quote)?;
            return Some((name, after.strip_prefix(']')?));
        }
        let (name, after) = inside.split_once(']')?;
        let name = name.trim();
        // Anything else between brackets is a JSONPath: a filter, a slice, a wildcard.
        let is_name = name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_'));
        return (is_name && !name.is_empty()).then_some((name, after));
    }
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || (dashes && c == '-')))
        .unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    let starts_well = name
        .chars()
        .next()
        .is_some_and(|c| !first || c.is_alphabetic() || c == '_');
    starts_well.then_some((name, after))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_spelling_leads_there() {
        let value = json!({"a": [{"b c": {"d": 1}}]});
        for text in ["a[0]['b c'].d", "a.0.[b c].d", "a[0][\"b c\"].d"] {
            assert_eq!(
                Path::parse(text, false).and_then(|path| path.steps().find(&value).map(Cow::into_owned)),
                Some(json!(1)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_path_is_none() {
        for text in [
            "",
            ".",
            "a.",
            "a..b",
            "[0]",
            "a[",
            "a[]",
            "a b",
            "0",
            "a-b",
            "a:b",
            "a['b",
            "a[*]",
            "a[?(@.b)]",
            "a[0:1]",
            "a[-1]",
        ] {
            assert_eq!(Path::parse(text, false), None, "{text}");
        }
        assert!(Path::parse("a-b", true).is_some());
        assert_eq!(Path::parse(&vec!["a"; 40].join("."), false), None);
    }
}
