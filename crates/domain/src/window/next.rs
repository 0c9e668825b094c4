//! When a window is open.
//!
//! Rules are about the wall clock. Where a clock is set back, the repeated hour is open twice if it is open at all.
//! Where it is set forward, what was to open in the skipped time opens at the first instant after it: a range that
//! reaches beyond the gap for its remaining time, one that lies within the gap for a minute, so that it is not lost.

use super::{Window, WindowError};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use tidings_types::Timestamp;

/// Every weekday has come by then, and today's once more.
const WEEK_DAYS: u16 = 7;

/// How far ahead windows with dates are searched.
const DATE_DAYS: u16 = 90;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

impl Window {
    /// Whether the window is open at a moment.
    pub fn is_open(&self, zone: &TimeZone, now: Timestamp) -> bool {
        self.is_open_at(zone, now.to_jiff())
    }

    /// The first moment, from now on, at which the window is open: `now` itself if it is.
    ///
    /// # Errors
    /// [`WindowError::NeverOpens`] when no opening is within the next 90 days on the zone's calendar, for windows with
    /// months or dates, or 7 days for others (which always open by then).
    pub fn next_open(&self, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, WindowError> {
        let from = now.to_jiff();
        if self.is_open_at(zone, from) {
            return Ok(now);
        }
        let days = if self.rules.iter().all(|rule| rule.dates.is_empty()) {
            WEEK_DAYS
        } else {
            DATE_DAYS
        };
        let today = zone.to_datetime(from).date();
        let last = today.checked_add(i32::from(days).days()).unwrap_or(Date::MAX);

        // A closed window opens where a range starts or where the clock is changed, and nowhere else.
        let changes = zone.following(from).map(|change| change.timestamp());
        let changes = changes.take_while(|change| zone.to_datetime(*change).date() <= last);
        // Yesterday may come again: clocks have been set back a minute after midnight.
        let first = today.yesterday().unwrap_or(today);
        let starts = first
            .series(1.day())
            .take_while(|day| *day <= last)
            .flat_map(|day| self.starts(zone, day));
        let mut openings: Vec<jiff::Timestamp> = starts.filter(|start| *start > from).chain(changes).collect();
        openings.sort_unstable();
        let opening = openings.into_iter().find(|opening| self.is_open_at(zone, *opening));
        opening.map(Timestamp::from).ok_or(WindowError::NeverOpens { days })
    }

    /// The moments at which ranges of this day start: two for a repeated hour. Those for a skipped one may be closed.
    fn starts(&self, zone: &TimeZone, day: Date) -> impl Iterator<Item = jiff::Timestamp> {
        let rules = self.rules.iter().filter(move |rule| rule.begins_on(day));
        let starts = rules
            .flat_map(|rule| &rule.times)
            .filter_map(move |range| range.start_on(day));
        starts.flat_map(|start| {
            let start = zone.to_ambiguous_timestamp(start);
            [start.earlier(), start.later()].into_iter().flatten()
        })
    }

    fn is_open_at(&self, zone: &TimeZone, moment: jiff::Timestamp) -> bool {
        let to = zone.to_datetime(moment);
        // The wall clock a minute ago, plus a minute, is the wall clock now, unless it was set in between. Then the
        // minute after stands for all that was skipped.
        let before = moment.checked_sub(MINUTE).map(|before| zone.to_datetime(before));
        let from = before
            .and_then(|before| before.checked_add(MINUTE))
            .map_or(to, |from| from.min(to));
        self.meets(from, to)
    }

    /// Whether any range shares an instant with the wall clock's `from..=to`.
    fn meets(&self, from: DateTime, to: DateTime) -> bool {
        // Yesterday's ranges may go past midnight.
        let first = from.date().yesterday().unwrap_or(from.date());
        let mut days = first.series(1.day()).take_while(|day| *day <= to.date());
        days.any(|day| {
            let mut rules = self.rules.iter().filter(|rule| rule.begins_on(day));
            rules.any(|rule| rule.times.iter().any(|range| range.meets(day, from, to)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{UTC, parse_moment, time_zone};
    use super::*;

    fn at(text: &str) -> Timestamp {
        parse_moment(text).unwrap()
    }

    /// The next opening in UTC, to the second.
    fn next(window: &str, zone: &str, now: &str) -> String {
        match Window::parse(window)
            .unwrap()
            .next_open(&time_zone(zone).unwrap(), at(now))
        {
            Ok(open) => open.to_rfc3339().replace(".000Z", "Z"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn starts_are_included_and_ends_are_not() {
        let window = Window::parse("Mo-Fr 09:00-17:00").unwrap();
        let open = |now| window.is_open(&UTC, at(now));
        assert!(!open("2026-11-23T08:59:59.999"));
        assert!(open("2026-11-23T09:00"));
        assert!(open("2026-11-23T16:59:59.999"));
        assert!(!open("2026-11-23T17:00"));
        assert!(!open("2026-11-22T12:00"), "a Sunday");
    }

    #[test]
    fn an_open_window_opens_now() {
        assert_eq!(
            next("Mo-Fr 09:00-17:00", "UTC", "2026-11-23T12:34:56.789Z"),
            "2026-11-23T12:34:56.789Z"
        );
    }

    #[test]
    fn weekdays_are_those_of_the_zone() {
        let window = "Mo-Fr 09:00-17:00";
        assert_eq!(next(window, "UTC", "2026-11-20T17:00Z"), "2026-11-23T09:00:00Z");
        assert_eq!(
            next(window, "Pacific/Kiritimati", "2026-11-22T18:00Z"),
            "2026-11-22T19:00:00Z",
            "Monday there"
        );
        assert_eq!(
            next(window, "Pacific/Honolulu", "2026-11-21T03:00Z"),
            "2026-11-23T19:00:00Z",
            "Friday there"
        );
        assert_eq!(next(window, "UTC+05:30", "2026-11-23T00:00Z"), "2026-11-23T03:30:00Z");
    }

    #[test]
    fn several_ranges_and_rules() {
        let window = "Mo-Fr 09:00-12:00,14:00-18:00; Sa 10:00-14:00";
        assert_eq!(next(window, "UTC", "2026-11-20T12:00Z"), "2026-11-20T14:00:00Z");
        assert_eq!(next(window, "UTC", "2026-11-20T18:00Z"), "2026-11-21T10:00:00Z");
        assert_eq!(next(window, "UTC", "2026-11-21T14:00Z"), "2026-11-23T09:00:00Z");
    }

    #[test]
    fn nights_belong_to_the_day_they_began() {
        let window = "Fr-Mo 17:00-09:00";
        assert_eq!(
            next(window, "UTC", "2026-11-24T08:59Z"),
            "2026-11-24T08:59:00Z",
            "Monday's night"
        );
        assert_eq!(next(window, "UTC", "2026-11-24T09:00Z"), "2026-11-27T17:00:00Z");
        assert_eq!(
            next(window, "UTC", "2026-11-27T08:59Z"),
            "2026-11-27T17:00:00Z",
            "no Thursday's night"
        );
        assert_eq!(next(window, "UTC", "2026-11-28T12:00Z"), "2026-11-28T17:00:00Z");
    }

    #[test]
    fn an_instant_is_open_for_its_minute() {
        let window = "Su-Mo 11:00-11:00";
        assert_eq!(next(window, "UTC", "2026-11-23T11:00:59Z"), "2026-11-23T11:00:59Z");
        assert_eq!(next(window, "UTC", "2026-11-23T11:01Z"), "2026-11-29T11:00:00Z");
        assert_eq!(
            next("Mo 11:00-11:00", "UTC", "2026-11-23T11:01Z"),
            "2026-11-30T11:00:00Z"
        );
    }

    #[test]
    fn dates_are_searched_for_ninety_days() {
        assert_eq!(
            next("Oct 31: Su-Sa 09:00-17:00", "UTC", "2026-09-01T00:00Z"),
            "2026-10-31T09:00:00Z"
        );
        assert_eq!(
            next("Oct 31: 09:00-17:00", "UTC", "2026-08-02T23:59Z"),
            "2026-10-31T09:00:00Z",
            "day 90"
        );
        let never = "the opening hours do not open within 90 days";
        assert_eq!(next("Oct 31: 09:00-17:00", "UTC", "2026-08-01T23:59Z"), never);
        assert_eq!(next("Jun-Aug: 09:00-17:00", "UTC", "2026-11-23T00:00Z"), never);
        assert_eq!(next("Feb 29", "UTC", "2027-01-15T00:00Z"), never);
        assert_eq!(next("Feb 29", "UTC", "2028-01-15T00:00Z"), "2028-02-29T00:00:00Z");
        assert_eq!(
            next("Dec 31: 22:00-02:00", "UTC", "2027-01-01T01:59Z"),
            "2027-01-01T01:59:00Z"
        );
    }

    #[test]
    fn what_opens_in_skipped_time_opens_after_it() {
        // Berlin, 2026-03-29: 02:00 becomes 03:00 at 01:00 UTC.
        let before = "2026-03-29T00:10Z";
        assert_eq!(next("Su 02:30-05:00", "Europe/Berlin", before), "2026-03-29T01:00:00Z");
        assert_eq!(next("Su 02:30-02:30", "Europe/Berlin", before), "2026-03-29T01:00:00Z");
        assert_eq!(
            next("Su 02:15-02:45", "Europe/Berlin", "2026-03-29T01:00:59Z"),
            "2026-03-29T01:00:59Z"
        );
        assert_eq!(
            next("Su 02:15-02:45", "Europe/Berlin", "2026-03-29T01:01Z"),
            "2026-04-05T00:15:00Z"
        );
        assert_eq!(
            next("Su 01:00-02:00", "Europe/Berlin", "2026-03-29T01:00Z"),
            "2026-04-04T23:00:00Z"
        );
        assert_eq!(next("Su 03:10-04:00", "Europe/Berlin", before), "2026-03-29T01:10:00Z");
    }

    #[test]
    fn repeated_time_opens_twice() {
        // New York, 2026-11-01: 02:00 becomes 01:00 at 06:00 UTC.
        let window = "Su 01:15-01:30";
        assert_eq!(
            next(window, "America/New_York", "2026-11-01T04:00Z"),
            "2026-11-01T05:15:00Z"
        );
        assert_eq!(
            next(window, "America/New_York", "2026-11-01T05:30Z"),
            "2026-11-01T06:15:00Z"
        );
        assert_eq!(
            next(window, "America/New_York", "2026-11-01T06:30Z"),
            "2026-11-08T06:15:00Z"
        );
        assert_eq!(
            next("Su 00:30-01:30", "America/New_York", "2026-11-01T05:40Z"),
            "2026-11-01T06:00:00Z"
        );
    }

    #[test]
    fn an_evening_that_is_repeated_after_midnight_opens_again() {
        // Newfoundland, 2010-11-07: 00:01 became 23:01 of the day before at 02:31 UTC.
        let window = "Sa 23:30-23:40";
        assert_eq!(
            next(window, "America/St_Johns", "2010-11-07T02:30:30Z"),
            "2010-11-07T03:00:00Z"
        );
    }

    #[test]
    fn a_skipped_day_is_not_lost() {
        // Samoa had no Friday, 2011-12-30.
        assert_eq!(
            next("Fr 09:00-17:00", "Pacific/Apia", "2011-12-30T09:00Z"),
            "2011-12-30T10:00:00Z"
        );
    }

    #[test]
    fn the_ends_of_time_are_only_far_away() {
        let zones = ["UTC", "Pacific/Kiritimati", "Pacific/Honolulu"].map(|name| time_zone(name).unwrap());
        for window in ["24/7", "12:00-12:00", "23:00-01:00"].map(|text| Window::parse(text).unwrap()) {
            for zone in &zones {
                let first = Timestamp::from_millis(i64::MIN);
                assert!(
                    window
                        .next_open(zone, first)
                        .is_ok_and(|open| window.is_open(zone, open))
                );
                let last = Timestamp::from_millis(i64::MAX);
                let never = WindowError::NeverOpens { days: 7 };
                assert!([Ok(last), Err(never)].contains(&window.next_open(zone, last)));
            }
        }
    }
}
