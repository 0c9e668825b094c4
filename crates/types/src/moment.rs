//! Moments as callers write them.

use crate::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Reads an ISO 8601 moment or date, or epoch milliseconds. Without a zone it is UTC.
pub fn parse(text: &str) -> Option<Timestamp> {
    if let Ok(millis) = text.parse::<i64>() {
        return Some(Timestamp::from_millis(millis));
    }
    // An unescaped `+` of a zone arrives as a space.
    let text = text.replace(' ', "+");
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(moment.into());
    }
    let civil = text.parse::<DateTime>().or_else(|_| {
        text.parse::<Date>()
            .map(|date| date.to_datetime(jiff::civil::Time::midnight()))
    });
    let moment = civil.ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(moment.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_spelling_is_read() {
        let expected = Some(Timestamp::from_millis(1_767_225_600_000));
        for text in [
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.000Z",
            "2026-01-01T01:00:00+01:00",
            "2026-01-01T01:00:00 01:00",
            "2026-01-01T00:00:00",
            "2026-01-01",
            "1767225600000",
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        for text in ["", "soon", "2026-13-01", "01/01/2026"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
