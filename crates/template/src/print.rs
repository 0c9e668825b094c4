//! How values print.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::{Number, Value};

use crate::{Escape, line};

/// Numbers up to here print all their digits: 2^53, beyond which a double no longer holds every whole number.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// Appends a value: text as it is, null as nothing, numbers and booleans by their digits and names, everything else as
/// compact JSON. Control characters in it are left out.
pub(crate) fn push(out: &mut String, escape: Escape, value: &Value) {
    match value {
        Value::Null => {}
        Value::String(text) => escape.push(out, &line::without_control(text)),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => push_number(out, number),
        Value::Array(_) | Value::Object(_) => escape.push(out, &line::without_control(&value.to_string())),
    }
}

/// A value as text, control characters and all.
pub(crate) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(_) | Value::Object(_) => Cow::Owned(value.to_string()),
        other => {
            let mut out = String::new();
            push(&mut out, Escape::None, other);
            Cow::Owned(out)
        }
    }
}

/// Appends a number; a whole one without a fraction, however it was written.
fn push_number(out: &mut String, number: &Number) {
    let whole = number
        .as_f64()
        .filter(|value| number.is_f64() && value.fract() == 0.0 && value.abs() < MAX_WHOLE);
    // Writing to a string cannot fail.
    let _ = match whole {
        Some(value) => write!(out, "{value:.0}"),
        None => write!(out, "{number}"),
    };
}
