//! Choosing: `and`, `or`, `not`, `condition`, `conditional`, `filter`, `default`.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use super::{Arguments, Fail, Outcome, find, made};
use crate::argument::Argument;
use crate::print;
use crate::value::{compare, equal, holds, is_empty, number, same, truthy};

/// Whether all values count as true.
pub(super) fn and<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    made(given.values.iter().all(|value| truthy(value)))
}

/// Whether any value counts as true.
pub(super) fn or<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    made(given.values.iter().any(|value| truthy(value)))
}

/// Whether the value does not count as true.
pub(super) fn not<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    made(!truthy(given.at(0)))
}

/// The first value if there is one, else the second.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every helper has this signature, and some can fail"
)]
pub(super) fn default<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let first = given.take(0);
    Ok(if first.is_null() { given.take(1) } else { first })
}

type Compare = fn(&Value, &Value) -> bool;

/// What `condition` can compare by. Loosely, so that `true == "true"`.
const COMPARISONS: &[(&str, Compare)] = &[
    ("==", equal),
    ("===", same),
    ("!=", |left, right| !equal(left, right)),
    ("!==", |left, right| !same(left, right)),
    (">", |left, right| compare(left, right) == Some(Ordering::Greater)),
    (">=", |left, right| compare(left, right).is_some_and(Ordering::is_ge)),
    ("<", |left, right| compare(left, right) == Some(Ordering::Less)),
    ("<=", |left, right| compare(left, right).is_some_and(Ordering::is_le)),
];

const NO_COMPARISON: &str = "compares by something other than ==, ===, !=, !==, >, >=, <, <=";

fn comparison(name: &str) -> Option<Compare> {
    COMPARISONS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, compare)| *compare)
}

/// `a op b`.
pub(super) fn condition<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let compare = comparison(&given.text(1)).ok_or(Fail::from(NO_COMPARISON))?;
    made(compare(given.at(0), given.at(2)))
}

pub(super) fn refuse_condition(given: &[Argument]) -> Option<&'static str> {
    let operator = given.get(1)?.literal_text()?;
    comparison(operator).is_none().then_some(NO_COMPARISON)
}

/// Whether all filters passed, or one where the last value or `logicalOperator` is `or`.
pub(super) fn conditional<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let operator = |value: &Value| {
        let text = value.as_str()?;
        ["and", "or"].into_iter().find(|name| text.eq_ignore_ascii_case(name))
    };
    let named = given
        .named("logicalOperator")
        .or_else(|| given.named("operator"))
        .and_then(operator);
    let last = given.values.last().and_then(|value| operator(value));
    if last.is_some() && named.is_none() {
        given.values.pop();
    }
    match named.or(last) {
        Some("or") => or(given),
        _ => and(given),
    }
}

/// What `filter` can compare by.
const FILTERS: &[(&str, Compare)] = &[
    ("EQUALS", alike),
    ("NOT_EQUALS", |value, wanted| !alike(value, wanted)),
    ("CONTAINS", holds),
    ("NOT_CONTAINS", |value, wanted| !holds(value, wanted)),
    ("GREATER_THAN", |value, wanted| {
        order(value, wanted) == Some(Ordering::Greater)
    }),
    ("GREATER_THAN_EQUALS", |value, wanted| {
        order(value, wanted).is_some_and(Ordering::is_ge)
    }),
    ("LESS_THAN", |value, wanted| {
        order(value, wanted) == Some(Ordering::Less)
    }),
    ("LESS_THAN_EQUALS", |value, wanted| {
        order(value, wanted).is_some_and(Ordering::is_le)
    }),
    ("IS_EMPTY", |value, _| is_empty(value)),
    ("NOT_EMPTY", |value, _| !is_empty(value)),
];

const NO_FILTER: &str = "compares by something other than EQUALS, NOT_EQUALS, CONTAINS, NOT_CONTAINS, GREATER_THAN, \
                         GREATER_THAN_EQUALS, LESS_THAN, LESS_THAN_EQUALS, IS_EMPTY, NOT_EMPTY";

fn filter_by(name: &str) -> Option<Compare> {
    FILTERS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, compare)| *compare)
}

/// `source path operator [value]`: compares a value of `data` or `profile`.
pub(super) fn filter<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let compare = filter_by(&given.text(2)).ok_or(Fail::from(NO_FILTER))?;
    let source = given.text(0);
    if !is_source(&source) {
        return Err(NO_SOURCE.into());
    }
    let path = given.text(1);
    let value = match path.trim() {
        path if path.starts_with('$') => find(given.env, path)?,
        path => find(given.env, &format!("$.{source}.{path}"))?,
    };
    let value = value.unwrap_or(Cow::Owned(Value::Null));
    made(compare(&value, given.at(3)))
}

pub(super) fn refuse_filter(given: &[Argument]) -> Option<&'static str> {
    let literal = |index: usize| given.get(index).and_then(Argument::literal_text);
    if literal(0).is_some_and(|source| !is_source(source)) {
        return Some(NO_SOURCE);
    }
    let operator = literal(2)?;
    filter_by(operator).is_none().then_some(NO_FILTER)
}

const NO_SOURCE: &str = "filters something other than data and profile";

fn is_source(name: &str) -> bool {
    matches!(name, "data" | "profile")
}

fn alike(value: &Value, wanted: &Value) -> bool {
    equal(value, wanted) || print::text(value) == print::text(wanted)
}

/// Numbers where both read as such, else as `<` does.
fn order(value: &Value, wanted: &Value) -> Option<Ordering> {
    match number(value).zip(number(wanted)) {
        Some((left, right)) => left.partial_cmp(&right),
        None => compare(value, wanted),
    }
}
