//! Moments in ISO 8601.

use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{OffsetConflict, TimeZone};
use std::borrow::Cow;
use tidings_types::Timestamp;

/// Longer than any moment with any zone's name; a bound for what is copied.
const MAX_BYTES: usize = 128;

const PARSER: DateTimeParser = DateTimeParser::new().offset_conflict(OffsetConflict::AlwaysOffset);

/// Reads an ISO 8601 moment: a date (midnight), or a date and a time (`2024-04-08T08:09:10.123`, also with a space for
/// the `T`), extended or compact (`20240408T080910.123`), then `Z`, an offset (`+07:00`, `+0700`, `+7:00`), or nothing
/// for UTC. A zone in brackets (RFC 9557, `[Europe/Berlin]`) is used where no offset is given.
///
/// Parts of a millisecond are dropped. Nothing for text of any other form; opening hours never read as a moment.
pub fn parse_moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    // Each form begins with a year, and a window with a weekday, a month or an hour.
    if text.len() > MAX_BYTES || !text.bytes().take(4).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (moment, zone) = text.split_at(text.find('[').unwrap_or(text.len()));
    let (moment, has_offset) = spell_offset(moment);
    let moment = match (zone.is_empty(), has_offset) {
        (false, _) => PARSER.parse_zoned(format!("{moment}{zone}")).ok()?.timestamp(),
        (true, true) => PARSER.parse_timestamp(moment.as_ref()).ok()?,
        (true, false) => TimeZone::UTC
            .to_timestamp(PARSER.parse_datetime(moment.as_ref()).ok()?)
            .ok()?,
    };
    Some(moment.into())
}

/// Reads a date and time without offset, as a clock in this zone shows it. What the clock never shows, because it was put
/// forward, is as much later; what it shows twice is the first. Nothing for text of any other form.
pub fn wall_clock(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    let (_, has_offset) = spell_offset(text);
    if text.len() > MAX_BYTES || has_offset || text.contains('[') {
        return None;
    }
    let shown = PARSER.parse_datetime(text).ok()?;
    Some(zone.to_timestamp(shown).ok()?.into())
}

/// Writes an offset as the parser wants it, without a space before it and with two digits for its hour. Says whether
/// there is one (or `Z`).
fn spell_offset(moment: &str) -> (Cow<'_, str>, bool) {
    // The hyphens of the date are no signs of an offset.
    let (date, time) = moment.split_at(moment.find(['T', 't', ' ']).unwrap_or(moment.len()));
    let Some(sign) = time.rfind(['+', '-']) else {
        return (moment.into(), time.ends_with(['Z', 'z']));
    };
    let (time, offset) = time.split_at(sign);
    let (sign, offset) = offset.split_at(1);
    let zero = if offset.split(':').next().is_some_and(|hour| hour.len() == 1) {
        "0"
    } else {
        ""
    };
    (format!("{date}{}{sign}{zero}{offset}", time.trim_end()).into(), true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_wall_clock_is_read_in_its_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let read = |text| wall_clock(text, &berlin).map(Timestamp::to_rfc3339);
        assert_eq!(read("2026-05-01T09:00:00").as_deref(), Some("2026-05-01T07:00:00.000Z"));
        assert_eq!(read("2026-01-01 09:00").as_deref(), Some("2026-01-01T08:00:00.000Z"));
        // The clock goes from two to three.
        assert_eq!(read("2026-03-29T02:30:00").as_deref(), Some("2026-03-29T01:30:00.000Z"));
        for wrong in ["2026-05-01T09:00:00Z", "2026-05-01T09:00:00+02:00", "tomorrow", ""] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    fn read(text: &str) -> Option<String> {
        parse_moment(text).map(Timestamp::to_rfc3339)
    }

    #[test]
    fn every_form_is_read() {
        let cases = [
            ("2024-04-08", "2024-04-08T00:00:00.000Z"),
            ("20240408", "2024-04-08T00:00:00.000Z"),
            ("2024-04-08T08:09", "2024-04-08T08:09:00.000Z"),
            ("2024-04-08T08:09:10.123", "2024-04-08T08:09:10.123Z"),
            ("2024-04-08T08:09:10.123Z", "2024-04-08T08:09:10.123Z"),
            ("2024-04-08t08:09:10.123456789z", "2024-04-08T08:09:10.123Z"),
            ("2024-04-08 08:09:10", "2024-04-08T08:09:10.000Z"),
            ("2024-04-08 08:09:10Z", "2024-04-08T08:09:10.000Z"),
            ("20240408T080910.123", "2024-04-08T08:09:10.123Z"),
            ("20240408T080910Z", "2024-04-08T08:09:10.000Z"),
            ("20240408T080910-0330", "2024-04-08T11:39:10.000Z"),
            ("2024-04-08T08:09:10+07:00", "2024-04-08T01:09:10.000Z"),
            ("2024-04-08T08:09:10+7:00", "2024-04-08T01:09:10.000Z"),
            ("2024-04-08T08:09:10+0700", "2024-04-08T01:09:10.000Z"),
            ("2024-04-08T08:09:10+07", "2024-04-08T01:09:10.000Z"),
            ("2024-04-08T08:09:10-7", "2024-04-08T15:09:10.000Z"),
            ("2024-04-08 08:09:10 +0700", "2024-04-08T01:09:10.000Z"),
            ("2024-04-08T08:09:10[Europe/Berlin]", "2024-04-08T06:09:10.000Z"),
            ("2024-04-08T08:09:10+2:00[Europe/Berlin]", "2024-04-08T06:09:10.000Z"),
            ("2024-04-08T08:09:10+01:00[Europe/Berlin]", "2024-04-08T07:09:10.000Z"),
            ("2024-04-08T08:09:10Z[Europe/Berlin]", "2024-04-08T08:09:10.000Z"),
            ("2024-03-31T02:30[Europe/Berlin]", "2024-03-31T01:30:00.000Z"),
            ("  2024-04-08  ", "2024-04-08T00:00:00.000Z"),
        ];
        for (text, moment) in cases {
            assert_eq!(read(text).unwrap_or_default(), moment, "{text}");
        }
    }

    #[test]
    fn other_text_is_no_moment() {
        let wrong = [
            "",
            "2024",
            "2024-04",
            "2024-13-01",
            "2024-02-30",
            "2024-04-08T25:00",
            "2024-04-08T08:09+",
            "2024-04-08T08:09+99:00",
            "2024-04-08T08:09+07:",
            "2024-04-08T08:09 tomorrow",
            "2024-04-08[Nowhere/Atall]",
            "2024-04-08T08:00[",
            "1712563750123",
            "tomorrow",
            "P1D",
            "08:09",
        ];
        for text in wrong {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn opening_hours_are_no_moments() {
        for text in [
            "Mo-Fr 09:00-17:00",
            "09:00-17:00",
            "0900-1700",
            "24/7",
            "Oct 31: Su-Sa 09:00-17:00",
            "Jun-Aug: 09:00-17:00",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(millis in -62_135_596_800_000_i64..253_402_300_799_999) {
            let moment = Timestamp::from_millis(millis);
            let written = moment.to_rfc3339();
            prop_assert_eq!(parse_moment(&written), Some(moment));
            prop_assert_eq!(parse_moment(written.trim_end_matches('Z')), Some(moment));
            prop_assert_eq!(parse_moment(&written.replace(['-', ':'], "")), Some(moment));
        }

        #[test]
        fn never_panics(text in "\\PC*", likely in "[0-9]{4}[-0-9T:+. Zé\\[\\]a-z/]{0,40}") {
            let _ = (parse_moment(&text), parse_moment(&likely));
        }
    }
}
