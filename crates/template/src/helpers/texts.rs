//! Texts: `capitalize`, `concat`, `trim` and its like, `truncate`.

use std::borrow::Cow;

use super::{Arguments, Fail, Outcome, made};
use crate::env::budget::MAX_TEXT;

/// The first character in upper case, the rest as it is.
pub(super) fn capitalize<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let text = given.text(0);
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    made(first.into_iter().flatten().chain(chars).collect::<String>())
}

/// All values as one text.
pub(super) fn concat<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let mut out = String::new();
    for index in 0..given.values.len() {
        out.push_str(&given.text(index));
        if out.len() > MAX_TEXT {
            return Err("builds a text that is too long".into());
        }
    }
    made(out)
}

pub(super) fn trim<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    part(given, str::trim)
}

pub(super) fn trim_left<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    part(given, str::trim_start)
}

pub(super) fn trim_right<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    part(given, str::trim_end)
}

/// Without the last character.
pub(super) fn trim_one_char_right<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    part(given, |text| {
        let mut chars = text.chars();
        chars.next_back();
        chars.as_str()
    })
}

/// The first characters, and a suffix if there were more.
pub(super) fn truncate<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let count = crate::value::number(given.at(1)).filter(|count| *count >= 0.0);
    let count = count.ok_or_else(|| Fail::from("is given a length that is no number"))?;
    let text = given.text(0);
    let end = text.char_indices().enumerate().find_map(|(index, (at, _))| {
        // Exact for every length that a text can have.
        let index = u32::try_from(index).map_or(f64::INFINITY, f64::from);
        (index >= count.floor()).then_some(at)
    });
    let Some(end) = end else {
        return made(text.into_owned());
    };
    let mut short = text.get(..end).unwrap_or_default().to_owned();
    short.push_str(&given.text_if_given(2).unwrap_or_default());
    made(short)
}

/// A part of the first value's text.
fn part<'e>(given: &Arguments<'e>, choose: fn(&str) -> &str) -> Outcome<'e> {
    made(match given.text(0) {
        Cow::Borrowed(text) => choose(text).to_owned(),
        Cow::Owned(text) => choose(&text).to_owned(),
    })
}
