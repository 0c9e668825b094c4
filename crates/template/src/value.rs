//! How values compare and combine, in conditions and helpers alike.
//!
//! As in JavaScript where that surprises nobody. Where it would: what is not there is neither less nor greater than
//! anything, a boolean equals its own name, and objects and arrays are compared by what they hold.

use std::cmp::Ordering;

use serde_json::Value;

/// Whether a value counts as true: not null, false, zero, the empty string or an empty array.
pub(crate) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(_) => number(value).is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(_) => true,
    }
}

/// A value as a number, if it is one or reads as one.
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        _ => None,
    }
}

/// `===`: the same type and value.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(_), Value::Number(_)) => number(left) == number(right),
        _ => left == right,
    }
}

/// `==`: the same, or a number, boolean and its text.
pub(crate) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Bool(flag), Value::String(text)) | (Value::String(text), Value::Bool(flag)) => {
            text == if *flag { "true" } else { "false" }
        }
        (Value::Number(_), Value::String(_) | Value::Bool(_))
        | (Value::String(_) | Value::Bool(_), Value::Number(_)) => {
            number(left).is_some_and(|left| number(right) == Some(left))
        }
        _ => same(left, right),
    }
}

/// `<` and its like: two strings by their characters, anything else as numbers.
pub(crate) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => number(left)?.partial_cmp(&number(right)?),
    }
}

/// Whether a text holds a text, an array a value, or an object a key.
pub(crate) fn holds(whole: &Value, part: &Value) -> bool {
    match whole {
        Value::String(whole) => whole.contains(text(part).as_str()),
        Value::Array(items) => items.iter().any(|item| equal(item, part)),
        Value::Object(object) => object.contains_key(text(part).as_str()),
        _ => false,
    }
}

/// A value as text: null is empty.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Number(number) => number
            .as_f64()
            .map_or_else(|| number.to_string(), |number| number.to_string()),
        other => other.to_string(),
    }
}

/// One step down: a key of an object or an index into an array.
pub(crate) fn child<'v>(value: &'v Value, step: &str) -> Option<&'v Value> {
    match value {
        Value::Object(object) => object.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Nothing, no text, no items, no members. Zero and false are something.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
