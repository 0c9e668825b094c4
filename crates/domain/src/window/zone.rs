//! Time zones by name.

use super::WindowError;
use jiff::tz::{Offset, TimeZone};

/// The zone of a window when neither the message nor the person names one.
pub const UTC: TimeZone = TimeZone::UTC;

/// No place on earth is further from UTC.
const FURTHEST_HOURS: i32 = 14;

/// Reads an IANA name (`Europe/Berlin`) or an offset from UTC (`UTC+2`, `UTC-03:30`, `GMT+2`). As in ISO 8601, plus is
/// east of Greenwich; the IANA names `Etc/GMT+2` keep their own, opposite meaning.
///
/// # Errors
/// [`WindowError::UnknownZone`], naming the value.
pub fn time_zone(name: &str) -> Result<TimeZone, WindowError> {
    let trimmed = name.trim();
    TimeZone::get(trimmed)
        .ok()
        // The name that ISO 8601 writers use for "not known" is in the database, but is no zone.
        .filter(|zone| !zone.is_unknown())
        .or_else(|| fixed(trimmed))
        .ok_or_else(|| WindowError::unknown_zone(name))
}

/// `UTC` or `GMT`, a sign, and `h`, `hh`, `h:mm`, `hh:mm` or `hhmm`.
fn fixed(name: &str) -> Option<TimeZone> {
    let (prefix, rest) = name.split_at_checked(3)?;
    if !["UTC", "GMT"].iter().any(|known| prefix.eq_ignore_ascii_case(known)) {
        return None;
    }
    let (sign, digits) = match rest.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, rest.strip_prefix('-')?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours, Some(minutes)),
        None if digits.len() == 4 => digits
            .split_at_checked(2)
            .map(|(hours, minutes)| (hours, Some(minutes)))?,
        None => (digits, None),
    };
    if hours.len() > 2 || minutes.is_some_and(|minutes| minutes.len() != 2) {
        return None;
    }
    let minutes = number(hours)? * 60 + minutes.map_or(Some(0), |text| number(text).filter(|minutes| *minutes < 60))?;
    if minutes > FURTHEST_HOURS * 60 {
        return None;
    }
    Offset::from_seconds(sign * minutes * 60).ok().map(TimeZone::fixed)
}

/// Digits alone: the standard parser would also take a sign.
fn number(text: &str) -> Option<i32> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn offset(name: &str) -> Option<i32> {
        let zone = time_zone(name).ok()?;
        Some(zone.to_offset(jiff::Timestamp::UNIX_EPOCH).seconds() / 60)
    }

    #[test]
    fn iana_names_are_known() {
        let known = [
            "Europe/Berlin",
            "America/Argentina/Buenos_Aires",
            "Asia/Kolkata",
            "US/Pacific",
            "UTC",
            "GMT",
        ];
        for name in known {
            assert!(time_zone(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn offsets_count_eastwards() {
        assert_eq!(offset("UTC+2"), Some(120));
        assert_eq!(offset("GMT+2"), Some(120));
        assert_eq!(offset("UTC-03"), Some(-180));
        assert_eq!(offset("UTC+05:30"), Some(330));
        assert_eq!(offset("utc-9:30"), Some(-570));
        assert_eq!(offset("UTC+0545"), Some(345));
        assert_eq!(offset(" UTC+14 "), Some(840));
        assert_eq!(offset("UTC-0"), Some(0));
        assert_eq!(offset("Etc/GMT+2"), Some(-120), "an IANA name, counted westwards");
    }

    #[test]
    fn other_values_are_named_in_the_error() {
        let wrong = [
            "",
            "Berlin",
            "Europe/Nowhere",
            "Etc/Unknown",
            "UTC+",
            "UTC+15",
            "UTC+14:01",
            "UTC+1:60",
            "UTC+1:5",
            "UTC++1",
            "UTC+123",
            "UTC+2h",
            "+02:00",
            "../../etc/passwd",
            "ÄÖÜ+1",
            "UTC+:30x",
        ];
        for name in wrong {
            let error = time_zone(name).unwrap_err();
            assert!(error.to_string().contains(&format!("{name:?}")), "{error}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC*", likely in "(UTC|GMT)[+-][0-9:é]{0,6}") {
            let _ = (time_zone(&text), time_zone(&likely));
        }
    }
}
