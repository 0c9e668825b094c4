//! Which time is asked for, in whole buckets, UTC.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{RoundMode, Span, SpanRelativeTo, Unit, Zoned, ZonedRound};
use tidings_types::{Error, Result, Timestamp};

use crate::query::Query;

/// A day, in milliseconds.
pub(super) const DAY: u64 = 24 * 60 * 60 * 1000;
/// The most buckets of one answer.
const MAX_BUCKETS: usize = 1000;
/// What `HOUR` and `DAY` reach over at most, in milliseconds.
const MAX_HOURS: u64 = 7 * DAY;
const MAX_DAYS: u64 = 90 * DAY;

/// How long a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Granularity {
    Hour,
    Day,
    Week,
    Month,
}

/// A window of whole buckets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    granularity: Granularity,
    /// Where each bucket begins, and where the last one ends.
    edges: Vec<Timestamp>,
}

/// A moment as metrics show it: to the second.
pub(super) fn spelled(moment: Timestamp) -> String {
    moment.to_jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl Window {
    /// Reads what a query asks for.
    ///
    /// # Errors
    /// `Invalid` (`invalid_params`), naming the parameter.
    pub(super) fn read(query: &Query, now: Timestamp) -> Result<Self> {
        let granularity = match query.text("granularity") {
            None | Some("DAY") => Granularity::Day,
            Some("HOUR") => Granularity::Hour,
            Some("WEEK") => Granularity::Week,
            Some("MONTH") => Granularity::Month,
            Some(_) => {
                return Err(refused(
                    "granularity: Invalid value. Expected 'HOUR', 'DAY', 'WEEK' or 'MONTH'",
                ));
            }
        };
        let (start, end) = match (query.text("start"), query.text("end")) {
            (Some(start), Some(end)) => (moment("start", start)?, moment("end", end)?),
            (None, None) => (before(now, query.text("lookback").unwrap_or("P30D"))?, now),
            _ => return Err(refused("start and end must be given together")),
        };
        if start >= end {
            return Err(refused("start: Must be before end"));
        }
        let span = end.since(start);
        let (most, name) = match granularity {
            Granularity::Hour => (MAX_HOURS, "HOUR spans 7 days"),
            Granularity::Day => (MAX_DAYS, "DAY spans 90 days"),
            Granularity::Week | Granularity::Month => (u64::MAX, ""),
        };
        if span > most {
            return Err(refused(format!("granularity: {name} at most; ask for a coarser one")));
        }
        let mut edges = vec![];
        let mut edge = floor(granularity, &utc(start)?)?;
        let end = utc(end)?;
        loop {
            edges.push(Timestamp::from_millis(edge.timestamp().as_millisecond()));
            if edge >= end {
                break;
            }
            if edges.len() > MAX_BUCKETS {
                return Err(refused(format!("The window has more than {MAX_BUCKETS} buckets")));
            }
            edge = edge.checked_add(granularity.span()).map_err(|_| beyond())?;
        }
        Ok(Self { granularity, edges })
    }

    /// Its buckets: from and until, oldest first.
    pub(super) fn buckets(&self) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        self.edges.iter().copied().zip(self.edges.iter().copied().skip(1))
    }

    /// Where it begins.
    pub(super) fn start(&self) -> Timestamp {
        self.edges.first().copied().unwrap_or_default()
    }

    /// Where it ends.
    pub(super) fn end(&self) -> Timestamp {
        self.edges.last().copied().unwrap_or_default()
    }

    /// How long its buckets are, as the API spells it.
    pub(super) fn granularity(&self) -> &'static str {
        match self.granularity {
            Granularity::Hour => "HOUR",
            Granularity::Day => "DAY",
            Granularity::Week => "WEEK",
            Granularity::Month => "MONTH",
        }
    }
}

impl Granularity {
    fn span(self) -> Span {
        match self {
            Self::Hour => Span::new().hours(1),
            Self::Day => Span::new().days(1),
            Self::Week => Span::new().weeks(1),
            Self::Month => Span::new().months(1),
        }
    }
}

/// The beginning of the bucket that holds a moment.
fn floor(granularity: Granularity, moment: &Zoned) -> Result<Zoned> {
    let unit = match granularity {
        Granularity::Hour => Unit::Hour,
        _ => Unit::Day,
    };
    let rounded = moment
        .round(ZonedRound::new().smallest(unit).mode(RoundMode::Trunc))
        .map_err(|_| beyond())?;
    let back = match granularity {
        Granularity::Hour | Granularity::Day => return Ok(rounded),
        Granularity::Week => rounded.weekday().since(Weekday::Sunday),
        Granularity::Month => rounded.day() - 1,
    };
    rounded.checked_sub(Span::new().days(back)).map_err(|_| beyond())
}

fn utc(moment: Timestamp) -> Result<Zoned> {
    let moment = jiff::Timestamp::from_millisecond(moment.as_millis()).map_err(|_| beyond())?;
    Ok(moment.to_zoned(TimeZone::UTC))
}

fn moment(field: &str, text: &str) -> Result<Timestamp> {
    let read: jiff::Timestamp = text
        .parse()
        .map_err(|_| refused(format!("{field}: Expected an ISO 8601 moment with an offset")))?;
    Ok(Timestamp::from_millis(read.as_millisecond()))
}

fn before(now: Timestamp, lookback: &str) -> Result<Timestamp> {
    let malformed = || refused("lookback: Expected an ISO 8601 duration above zero, such as P30D");
    let span: Span = lookback.parse().map_err(|_| malformed())?;
    let now = utc(now)?;
    let length = span
        .total((Unit::Second, SpanRelativeTo::from(&now)))
        .map_err(|_| malformed())?;
    if length <= 0.0 || !lookback.starts_with('P') {
        return Err(malformed());
    }
    let start = now.checked_sub(span).map_err(|_| beyond())?;
    Ok(Timestamp::from_millis(start.timestamp().as_millisecond()))
}

fn beyond() -> Error {
    refused("The window reaches beyond the calendar")
}

fn refused(told: impl Into<String>) -> Error {
    Error::invalid(told).with_code("invalid_params")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(query: &str) -> Result<Window> {
        let now = "2026-11-26T13:30:00Z".parse::<jiff::Timestamp>().unwrap();
        Window::read(
            &Query::parse(query).unwrap(),
            Timestamp::from_millis(now.as_millisecond()),
        )
    }

    fn edges(query: &str) -> (String, String, usize) {
        let window = window(query).unwrap();
        (spelled(window.start()), spelled(window.end()), window.buckets().count())
    }

    #[test]
    fn windows_grow_to_whole_buckets() {
        for (query, start, end, count) in [
            ("", "2026-10-27T00:00:00Z", "2026-11-27T00:00:00Z", 31),
            (
                "granularity=HOUR&lookback=PT2H",
                "2026-11-26T11:00:00Z",
                "2026-11-26T14:00:00Z",
                3,
            ),
            (
                "granularity=WEEK&lookback=P1D",
                "2026-11-22T00:00:00Z",
                "2026-11-29T00:00:00Z",
                1,
            ),
            (
                "granularity=MONTH&lookback=P1Y",
                "2025-11-01T00:00:00Z",
                "2026-12-01T00:00:00Z",
                13,
            ),
            (
                "start=2026-01-01T00:00:00Z&end=2026-01-03T00:00:00%2B01:00",
                "2026-01-01T00:00:00Z",
                "2026-01-03T00:00:00Z",
                2,
            ),
        ] {
            assert_eq!(edges(query), (start.to_owned(), end.to_owned(), count), "{query}");
        }
    }

    #[test]
    fn what_cannot_be_a_window_is_refused_by_name() {
        for (query, told) in [
            (
                "granularity=YEAR",
                "granularity: Invalid value. Expected 'HOUR', 'DAY', 'WEEK' or 'MONTH'",
            ),
            ("start=2026-01-01T00:00:00Z", "start and end must be given together"),
            (
                "start=2026-01-01&end=2026-01-02",
                "start: Expected an ISO 8601 moment with an offset",
            ),
            (
                "start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z",
                "start: Must be before end",
            ),
            (
                "lookback=30",
                "lookback: Expected an ISO 8601 duration above zero, such as P30D",
            ),
            (
                "lookback=-P1D",
                "lookback: Expected an ISO 8601 duration above zero, such as P30D",
            ),
            (
                "lookback=P0D",
                "lookback: Expected an ISO 8601 duration above zero, such as P30D",
            ),
            (
                "granularity=HOUR&lookback=P8D",
                "granularity: HOUR spans 7 days at most; ask for a coarser one",
            ),
            (
                "lookback=P91D",
                "granularity: DAY spans 90 days at most; ask for a coarser one",
            ),
            (
                "granularity=WEEK&lookback=P30Y",
                "The window has more than 1000 buckets",
            ),
            (
                "granularity=MONTH&lookback=P19000Y",
                "lookback: Expected an ISO 8601 duration above zero, such as P30D",
            ),
        ] {
            let error = window(query).unwrap_err();
            assert_eq!(
                (error.message(), error.code()),
                (told, Some("invalid_params")),
                "{query}"
            );
        }
    }
}
