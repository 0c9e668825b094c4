//! Dates: `datetime-format` and its Sendwithus-compatible siblings.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned, civil};
use serde_json::{Number, Value};

use super::{Arguments, Fail, Outcome, made};
use crate::env::budget::MAX_TEXT;
use crate::language::{Language, Length, zone_or_utc};

const NO_DATE: &str = "is given something that is no date";

/// `value pattern [zone]`: milliseconds or an ISO text, by a pattern of `%` letters, in the zone that is named, else the
/// person's, else UTC.
pub(super) fn format<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let moment = moment(given.at(0))?;
    let zone = match given.text_if_given(2) {
        Some(name) if !name.is_empty() => zone(&name)?,
        _ => zone_or_utc(given.env.options().time_zone),
    };
    let mut out = String::new();
    print(
        &mut out,
        &given.text(1),
        &moment.to_zoned(zone),
        given.env.options().locale,
    );
    if out.len() > MAX_TEXT {
        return Err("builds a text that is too long".into());
    }
    made(out)
}

/// ISO text to milliseconds.
pub(super) fn from_iso<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    made(moment(given.at(0))?.as_millisecond())
}

/// Seconds to milliseconds.
pub(super) fn from_seconds<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let seconds = crate::value::number(given.at(0)).filter(|_| !given.at(0).is_boolean());
    let seconds = seconds.ok_or_else(|| Fail::from(NO_DATE))?;
    let number = Number::from_f64(seconds * 1_000.0).ok_or_else(|| Fail::from(NO_DATE))?;
    made(Value::Number(number))
}

/// A time zone by its name in the IANA database.
fn zone(name: &str) -> Result<TimeZone, Fail> {
    TimeZone::get(name.trim()).map_err(|_| "is given a time zone that is not known".into())
}

/// A moment: milliseconds since 1970, as a number or its digits, or an ISO 8601 text. Without an offset it is UTC.
pub(crate) fn moment(value: &Value) -> Result<Timestamp, Fail> {
    let no_date = || Fail::from(NO_DATE);
    let from_number = |milliseconds: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "casts from floats saturate, and jiff refuses the extremes"
        )]
        let milliseconds = milliseconds as i64;
        Timestamp::from_millisecond(milliseconds).map_err(|_| no_date())
    };
    match value {
        Value::Number(number) => from_number(number.as_f64().ok_or_else(no_date)?),
        Value::String(text) => {
            let text = text.trim();
            if let Ok(moment) = text.parse::<Timestamp>() {
                return Ok(moment);
            }
            if let Ok(local) = text.parse::<civil::DateTime>() {
                let zoned = local.to_zoned(TimeZone::UTC).map_err(|_| no_date())?;
                return Ok(zoned.timestamp());
            }
            match text.parse::<f64>() {
                Ok(milliseconds) if milliseconds.is_finite() => from_number(milliseconds),
                _ => jiff::fmt::rfc2822::DateTimeParser::new()
                    .parse_timestamp(text)
                    .map_err(|_| no_date()),
            }
        }
        _ => Err(no_date()),
    }
}

/// Writes a date by a pattern: the letters of `strftime` that are documented and a few more, each also as `%-d` without
/// leading zeros. `%I` has none in any case, and `%p` is in lower case. Other letters stay as they are.
fn print(out: &mut String, pattern: &str, at: &Zoned, locale: Option<&str>) {
    let mut rest = pattern;
    while let Some((text, after)) = rest.split_once('%') {
        out.push_str(text);
        let (after, bare) = match after.strip_prefix('-') {
            Some(after) => (after, true),
            None => (after, false),
        };
        let mut chars = after.chars();
        let Some(letter) = chars.next() else {
            out.push('%');
            rest = after;
            continue;
        };
        rest = chars.as_str();
        directive(out, letter, bare, at, locale);
    }
    out.push_str(rest);
}

fn directive(out: &mut String, letter: char, bare: bool, at: &Zoned, locale: Option<&str>) {
    let padded = |out: &mut String, value: i16, width: usize| {
        let width = if bare { 0 } else { width };
        // Writing to a string cannot fail.
        let _ = write!(out, "{value:0width$}");
    };
    let hour12 = i16::from(at.hour()).rem_euclid(12);
    let hour12 = if hour12 == 0 { 12 } else { hour12 };
    let sunday = i16::from(at.weekday().to_sunday_zero_offset());
    let monday = i16::from(at.weekday().to_monday_zero_offset());
    let week = |first: i16| (at.day_of_year() + 6 - first) / 7;
    match letter {
        '%' => out.push('%'),
        'd' => padded(out, at.day().into(), 2),
        'e' if bare => padded(out, at.day().into(), 0),
        'e' => {
            let _ = write!(out, "{:2}", at.day());
        }
        'H' => padded(out, at.hour().into(), 2),
        'I' => padded(out, hour12, 0),
        'j' => padded(out, at.day_of_year(), 3),
        'm' => padded(out, at.month().into(), 2),
        'M' => padded(out, at.minute().into(), 2),
        'S' => padded(out, at.second().into(), 2),
        'p' => out.push_str(if at.hour() < 12 { "am" } else { "pm" }),
        'w' => padded(out, sunday, 0),
        'U' => padded(out, week(sunday), 2),
        'W' => padded(out, week(monday), 2),
        'y' => padded(out, at.year().rem_euclid(100), 2),
        'Y' => padded(out, at.year(), 4),
        'L' => padded(out, at.millisecond(), 3),
        'a' | 'A' | 'b' | 'B' => out.push_str(&name(letter, at, locale)),
        'Z' | 'z' | 'F' | 'T' => out.push_str(&at.strftime(&format!("%{letter}")).to_string()),
        other => {
            out.push('%');
            out.push(other);
        }
    }
}

/// The name of a day or month, in the person's language.
fn name(letter: char, at: &Zoned, locale: Option<&str>) -> String {
    let is_english = locale.is_none_or(|locale| locale == "en" || locale.starts_with("en-"));
    let translated = || {
        let language = Language::new(locale, None);
        match letter {
            'a' => language.weekday(at, Length::Short),
            'A' => language.weekday(at, Length::Long),
            'b' => language.month(at, Length::Short),
            _ => language.month(at, Length::Long),
        }
    };
    let name = if is_english { None } else { translated() };
    name.unwrap_or_else(|| at.strftime(&format!("%{letter}")).to_string())
}
