//! When a message may go, given a person's quiet hours: on the wall clock of their own zone, whatever is done to it.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};
use tidings_types::Timestamp;
use tidings_types::quiet::{QuietHours, TimeOfDay};

/// The first moment, from now on, that is not within the quiet hours: `now` itself if it is not.
///
/// Quiet hours end when the wall clock first shows their end. Where the clock is set forward over that moment, they end
/// at the change; where it is set back, the repeated hour is quiet both times if it is quiet at all.
pub fn next_allowed(hours: QuietHours, zone: &TimeZone, now: Timestamp) -> Timestamp {
    let from = now.to_jiff();
    if !is_quiet_at(hours, zone, from) {
        return now;
    }
    // They end where the wall clock shows their end, or where it is changed, and nowhere else. A day has at most 26
    // hours, and yesterday may come again where clocks are set back at midnight.
    let today = zone.to_datetime(from).date();
    let first = today.yesterday().unwrap_or(today);
    let ends = first
        .series(1.day())
        .take(4)
        .flat_map(|day| moments(zone, day, hours.end));
    let horizon = from
        .checked_add(SignedDuration::from_hours(72))
        .unwrap_or(jiff::Timestamp::MAX);
    let changes = zone.following(from).map(|change| change.timestamp());
    let changes = changes.take_while(|change| *change <= horizon);
    let mut candidates: Vec<_> = ends.filter(|end| *end > from).chain(changes).collect();
    candidates.sort_unstable();
    let free = candidates.into_iter().find(|one| !is_quiet_at(hours, zone, *one));
    free.map_or(now, Timestamp::from)
}

/// Whether a moment lies within the quiet hours.
pub fn is_quiet(hours: QuietHours, zone: &TimeZone, at: Timestamp) -> bool {
    is_quiet_at(hours, zone, at.to_jiff())
}

fn is_quiet_at(hours: QuietHours, zone: &TimeZone, at: jiff::Timestamp) -> bool {
    let clock = zone.to_datetime(at).time();
    let (start, end) = (time(hours.start), time(hours.end));
    match start.cmp(&end) {
        std::cmp::Ordering::Equal => false,
        std::cmp::Ordering::Less => start <= clock && clock < end,
        std::cmp::Ordering::Greater => start <= clock || clock < end,
    }
}

fn time(of: TimeOfDay) -> Time {
    Time::new(of.hour(), of.minute(), 0, 0).unwrap_or(Time::midnight())
}

/// The moments at which a day's wall clock shows a time: two in a repeated hour. In a skipped one, those beside it.
fn moments(zone: &TimeZone, day: Date, at: TimeOfDay) -> impl Iterator<Item = jiff::Timestamp> + use<> {
    let shown = zone.to_ambiguous_timestamp(day.to_datetime(time(at)));
    [shown.earlier(), shown.later()].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::window::{parse_moment, time_zone};

    fn hours(start: &str, end: &str) -> QuietHours {
        QuietHours {
            start: start.parse().unwrap(),
            end: end.parse().unwrap(),
        }
    }

    fn next(quiet: QuietHours, zone: &str, now: &str) -> String {
        let moment = next_allowed(quiet, &time_zone(zone).unwrap(), parse_moment(now).unwrap());
        moment.to_rfc3339().replace(".000Z", "Z")
    }

    #[test]
    fn nights_end_in_the_morning_of_the_persons_own_zone() {
        let night = hours("22:00", "07:00");
        assert_eq!(
            next(night, "Asia/Tokyo", "2026-11-26T12:59:59Z"),
            "2026-11-26T12:59:59Z"
        );
        assert_eq!(next(night, "Asia/Tokyo", "2026-11-26T13:00Z"), "2026-11-26T22:00:00Z");
        assert_eq!(
            next(night, "America/New_York", "2026-11-26T05:00Z"),
            "2026-11-26T12:00:00Z"
        );
        assert_eq!(
            next(hours("12:00", "14:00"), "Asia/Kolkata", "2026-11-26T07:00Z"),
            "2026-11-26T08:30:00Z"
        );
        assert_eq!(
            next(QuietHours::NONE, "UTC", "2026-11-26T03:00Z"),
            "2026-11-26T03:00:00Z"
        );
    }

    #[test]
    fn a_clock_set_forward_over_the_end_ends_them() {
        // Berlin, 29 March 2026: 02:00 becomes 03:00 at 01:00 UTC.
        assert_eq!(
            next(hours("22:00", "02:30"), "Europe/Berlin", "2026-03-29T00:30Z"),
            "2026-03-29T01:00:00Z"
        );
        assert_eq!(
            next(hours("22:00", "07:00"), "Europe/Berlin", "2026-03-28T22:00Z"),
            "2026-03-29T05:00:00Z"
        );
    }

    #[test]
    fn a_clock_set_back_makes_the_hour_quiet_twice() {
        // Berlin, 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC.
        let quiet = hours("01:00", "02:30");
        assert_eq!(
            next(quiet, "Europe/Berlin", "2026-10-25T00:00Z"),
            "2026-10-25T00:30:00Z"
        );
        assert_eq!(
            next(quiet, "Europe/Berlin", "2026-10-25T01:05Z"),
            "2026-10-25T01:30:00Z"
        );
        assert_eq!(
            next(hours("22:00", "07:00"), "Europe/Berlin", "2026-10-24T23:00Z"),
            "2026-10-25T06:00:00Z"
        );
    }

    fn any_zone() -> impl Strategy<Value = TimeZone> {
        let names = [
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "America/Sao_Paulo",
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "Pacific/Apia",
            "Pacific/Kiritimati",
            "America/St_Johns",
            "Africa/Casablanca",
            "Asia/Tehran",
            "America/Santiago",
            "Asia/Beirut",
            "Antarctica/Troll",
        ];
        proptest::sample::select(names.to_vec()).prop_map(|name| time_zone(name).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]
        /// From ten years of moments in zones with all kinds of clock changes: what comes out is allowed, every minute
        /// before it is quiet, and it is never more than a day and the clock's change away.
        #[test]
        fn it_is_the_first_moment_that_is_not_quiet(
            zone in any_zone(),
            start in 0_u16..1440,
            end in 0_u16..1440,
            second in 1_577_836_800_i64..1_893_456_000,
        ) {
            let quiet = QuietHours {
                start: TimeOfDay::from_minutes(start).unwrap(),
                end: TimeOfDay::from_minutes(end).unwrap(),
            };
            let now = Timestamp::from_millis(second * 1000);
            let free = next_allowed(quiet, &zone, now);
            prop_assert!(free >= now);
            prop_assert!(!is_quiet(quiet, &zone, free));
            prop_assert!(free.since(now) <= 49 * 3_600_000);
            let mut at = now;
            while at < free {
                prop_assert!(is_quiet(quiet, &zone, at), "{} is allowed already", at.to_rfc3339());
                at = at.plus(60_000);
            }
            let just_before = free.minus(1);
            prop_assert!(free == now || is_quiet(quiet, &zone, just_before));
        }
    }
}
