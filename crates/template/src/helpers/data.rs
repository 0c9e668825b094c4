//! Reading and making data: `path`, `var`, `lookup`, `json-parse`, `params`, `log`.

use std::borrow::Cow;

use serde_json::Value;
use tidings_types::Object;

use super::{Arguments, Outcome, find, made};
use crate::Scope;
use crate::argument::Argument;
use crate::lookup::Lookup;
use crate::value::child;

/// The value at a path, or nothing.
pub(super) fn path<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let env = given.env;
    let path = given.text(0).into_owned();
    Ok(find(env, &path)?.unwrap_or(Cow::Owned(Value::Null)))
}

/// The value at a path, or the path in braces.
pub(super) fn var<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let env = given.env;
    let path = given.text(0).into_owned();
    match find(env, &path)? {
        Some(value) => Ok(value),
        None => made(format!("{{{path}}}")),
    }
}

pub(super) fn refuse_path(given: &[Argument]) -> Option<&'static str> {
    let path = given.first()?.literal_text()?;
    match Lookup::parse(path.trim(), Scope::Default, true) {
        Ok(Some(_)) => None,
        _ => Some("is given something that is no path"),
    }
}

/// The member of an object, or item of an array, that the second value names.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every helper has this signature, and some can fail"
)]
pub(super) fn lookup<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let key = given.text(1).into_owned();
    let found = match given.take(0) {
        Cow::Borrowed(value) => child(value, &key).map(Cow::Borrowed),
        Cow::Owned(value) => child(&value, &key).cloned().map(Cow::Owned),
    };
    Ok(found.unwrap_or(Cow::Owned(Value::Null)))
}

/// What a JSON text stands for.
pub(super) fn json_parse<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    match serde_json::from_str::<Value>(&given.text(0)) {
        Ok(value) => made(value),
        Err(_) => Err("is given a text that is no JSON".into()),
    }
}

/// An object of the named values.
pub(super) fn params<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let members = given
        .hash
        .drain(..)
        .map(|(key, value)| (key.to_owned(), value.into_owned()));
    made(Value::Object(members.collect::<Object>()))
}

/// Nothing: there is no log that a template may write to.
pub(super) fn log<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    given.values.clear();
    made(Value::Null)
}
