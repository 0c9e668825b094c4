//! ISO 8601 durations.

use jiff::fmt::temporal::SpanParser;

const PARSER: SpanParser = SpanParser::new();
const SECOND_MS: i64 = 1000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Reads an ISO 8601 duration (`PT1H30M`, `P1D`, `P2W`) to milliseconds; parts of a millisecond are dropped.
///
/// A duration is a length of time here, not a step in a calendar: a day is 24 hours, a week 7 days, a month 30 days and
/// a year 365 days. Nothing for negative durations and for text of any other form.
pub fn parse_duration(text: &str) -> Option<u64> {
    let span = PARSER.parse_span(text.trim()).ok()?;
    let parts = [
        (span.get_years().into(), 365 * DAY_MS),
        (span.get_months().into(), 30 * DAY_MS),
        (span.get_weeks().into(), 7 * DAY_MS),
        (span.get_days().into(), DAY_MS),
        (span.get_hours().into(), HOUR_MS),
        (span.get_minutes(), MINUTE_MS),
        (span.get_seconds(), SECOND_MS),
        (span.get_milliseconds(), 1),
    ];
    let millis = parts
        .into_iter()
        .try_fold(0_i64, |sum, (count, unit)| sum.checked_add(count.checked_mul(unit)?))?;
    // A span of nothing but negative microseconds sums to zero.
    u64::try_from(millis).ok().filter(|_| !span.is_negative())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_unit_counts() {
        let cases = [
            ("PT0S", 0),
            ("PT1S", 1000),
            ("PT1.5S", 1500),
            ("PT1,25S", 1250),
            ("PT0.0009S", 0),
            ("PT90M", 5_400_000),
            ("PT1H30M", 5_400_000),
            ("PT0.5H", 1_800_000),
            ("P1D", 86_400_000),
            ("P1DT12H", 129_600_000),
            ("P1W", 604_800_000),
            ("P1M", 2_592_000_000),
            ("PT1M", 60_000),
            ("P1Y", 31_536_000_000),
            (
                "P1Y2M10DT2H30M",
                31_536_000_000 + 2 * 2_592_000_000 + 10 * 86_400_000 + 9_000_000,
            ),
            (" pt1h ", 3_600_000),
        ];
        for (text, millis) in cases {
            assert_eq!(parse_duration(text), Some(millis), "{text}");
        }
    }

    #[test]
    fn other_text_is_no_duration() {
        for text in [
            "",
            "P",
            "PT",
            "1h",
            "90",
            "P1",
            "1D",
            "-PT1H",
            "-PT0.0001S",
            "P1H",
            "PT1D",
            "PT1H P1D",
            "P99999999999Y",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn hours_minutes_and_seconds_add_up(h in 0_u32..100_000, m in 0_u32..100_000, s in 0_u32..100_000) {
            let expected = (u64::from(h) * 3600 + u64::from(m) * 60 + u64::from(s)) * 1000;
            prop_assert_eq!(parse_duration(&format!("PT{h}H{m}M{s}S")), Some(expected));
        }

        #[test]
        fn never_panics(text in "\\PC*", likely in "-?P[0-9YMWDTHS.,-]{0,40}") {
            let _ = (parse_duration(&text), parse_duration(&likely));
        }
    }
}
