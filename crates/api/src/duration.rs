//! Durations as people write them: `2 hours`, `1d`, `2.5 hrs`.
//!
//! The grammar is that of the npm package `ms`, which the published API's documentation follows: a decimal number, an
//! optional space, a unit. <https://github.com/vercel/ms>

const SECOND: f64 = 1000.0;
const MINUTE: f64 = 60.0 * SECOND;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// The longest duration that is understood, in milliseconds: a hundred years.
const LONGEST: f64 = 36_525.0 * DAY;

/// The number of milliseconds a text stands for; none when it has no unit or is otherwise no duration.
pub(crate) fn parse_millis(text: &str) -> Option<u64> {
    let text = text.trim();
    let split = text.find(|one: char| one.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at_checked(split)?;
    let number = number.trim_end();
    if !number.chars().all(|one| one.is_ascii_digit() || one == '.') {
        return None;
    }
    let number: f64 = number.parse().ok()?;
    let unit = match unit.to_ascii_lowercase().as_str() {
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 1.0,
        "s" | "sec" | "secs" | "second" | "seconds" => SECOND,
        "m" | "min" | "mins" | "minute" | "minutes" => MINUTE,
        "h" | "hr" | "hrs" | "hour" | "hours" => HOUR,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => 7.0 * DAY,
        "y" | "yr" | "yrs" | "year" | "years" => 365.25 * DAY,
        _ => return None,
    };
    whole(number * unit)
}

/// A number of milliseconds without its fraction; none when it is negative or too long.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range was just checked"
)]
pub(crate) fn whole(millis: f64) -> Option<u64> {
    (0.0..=LONGEST).contains(&millis).then(|| millis.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_examples_are_read() {
        for (text, millis) in [
            ("2 hours", 7_200_000),
            ("1d", 86_400_000),
            ("3 days", 259_200_000),
            ("2.5 hrs", 9_000_000),
            ("1m", 60_000),
            ("5s", 5_000),
            ("1y", 31_557_600_000),
            ("1 Day", 86_400_000),
            ("10ms", 10),
        ] {
            assert_eq!(parse_millis(text), Some(millis), "{text}");
        }
    }

    #[test]
    fn a_unit_is_needed() {
        for text in [
            "",
            "5",
            "-1d",
            "1 fortnight",
            "d",
            "1e3s",
            "9999999 years",
            "1.2.3s",
            "infs",
            "nans",
        ] {
            assert_eq!(parse_millis(text), None, "{text}");
        }
    }
}
