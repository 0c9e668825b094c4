//! When a rhythm comes round next, on its own wall clock.

use jiff::ToSpan as _;
use jiff::civil::{Date, Time, Weekday as Day};
use jiff::tz::TimeZone;
use tidings_types::Timestamp;
use tidings_types::digest::{Frequency, Schedule, Weekday};

use crate::window::time_zone;

/// No rhythm is longer: a month's day and the longest month after it.
const HORIZON_DAYS: usize = 64;

/// The first moment after `after` at which a rhythm comes round; none where nothing is gathered, or what it needs is
/// missing. A time that a clock change skips comes at the change; a repeated one comes once, the first time.
pub fn next_release(schedule: &Schedule, after: Timestamp) -> Option<Timestamp> {
    let at = schedule.time?;
    let time = Time::new(at.hour(), at.minute(), 0, 0).ok()?;
    let zone = match &schedule.timezone {
        Some(name) => time_zone(name).ok()?,
        None => TimeZone::UTC,
    };
    let from = after.to_jiff();
    let today = zone.to_datetime(from).date();
    let days = today
        .series(1.day())
        .take(HORIZON_DAYS)
        .filter(|day| falls_on(schedule, *day));
    for day in days {
        let moment = first_shown(&zone, day, time)?;
        if moment > from {
            return Some(moment.into());
        }
    }
    None
}

/// When the wall clock first shows a time, or passes it.
fn first_shown(zone: &TimeZone, day: Date, time: Time) -> Option<jiff::Timestamp> {
    let shown = zone.to_ambiguous_timestamp(day.to_datetime(time));
    if !shown.is_ambiguous() {
        return shown.unambiguous().ok();
    }
    let earlier = shown.earlier().ok()?;
    let later = shown.later().ok()?;
    let first = earlier.min(later);
    // In a gap, the change itself lies between the two; in a repeated hour, the first is the one.
    let change = zone.following(first).next().map(|change| change.timestamp());
    match change {
        Some(change) if change <= earlier.max(later) && zone.to_datetime(first).time() != time => Some(change),
        _ => Some(first),
    }
}

fn falls_on(schedule: &Schedule, day: Date) -> bool {
    let is = |wanted: Weekday| wanted == weekday(day.weekday());
    match schedule.frequency {
        Frequency::Instant => false,
        Frequency::Daily => true,
        Frequency::Weekdays => !is(Weekday::Saturday) && !is(Weekday::Sunday),
        Frequency::Weekly => schedule.day_of_week.is_some_and(is),
        Frequency::CustomDays => schedule.days_of_week.iter().copied().any(is),
        Frequency::Monthly => schedule.day_of_month.is_some_and(|wanted| {
            let wanted = i8::try_from(wanted).unwrap_or(31);
            day.day() == wanted.min(day.days_in_month())
        }),
    }
}

const fn weekday(day: Day) -> Weekday {
    match day {
        Day::Monday => Weekday::Monday,
        Day::Tuesday => Weekday::Tuesday,
        Day::Wednesday => Weekday::Wednesday,
        Day::Thursday => Weekday::Thursday,
        Day::Friday => Weekday::Friday,
        Day::Saturday => Weekday::Saturday,
        Day::Sunday => Weekday::Sunday,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::window::parse_moment;

    fn next(schedule: Value, after: &str) -> String {
        let mut full = json!({"schedule_id": "s", "time": "09:00"});
        let Value::Object(schedule) = schedule else {
            panic!("{schedule} is no object");
        };
        full.as_object_mut().unwrap().extend(schedule);
        let schedule: Schedule = serde_json::from_value(full).unwrap();
        let moment = next_release(&schedule, parse_moment(after).unwrap());
        moment.map_or_else(|| "never".to_owned(), |at| at.to_rfc3339().replace(":00.000Z", "Z"))
    }

    #[test]
    fn each_rhythm_comes_round() {
        let daily = json!({"frequency": "daily"});
        assert_eq!(next(daily.clone(), "2026-11-26T08:59Z"), "2026-11-26T09:00Z");
        assert_eq!(
            next(daily, "2026-11-26T09:00Z"),
            "2026-11-27T09:00Z",
            "not the same again"
        );
        assert_eq!(
            next(json!({"frequency": "weekdays"}), "2026-11-27T09:00Z"),
            "2026-11-30T09:00Z"
        );
        let weekly = json!({"frequency": "weekly", "day_of_week": "sunday"});
        assert_eq!(next(weekly, "2026-11-26T00:00Z"), "2026-11-29T09:00Z");
        let custom = json!({"frequency": "custom_days", "days_of_week": ["monday", "thursday"]});
        assert_eq!(next(custom, "2026-11-26T10:00Z"), "2026-11-30T09:00Z");
        let monthly = json!({"frequency": "monthly", "day_of_month": 31});
        assert_eq!(
            next(monthly.clone(), "2026-11-26T00:00Z"),
            "2026-11-30T09:00Z",
            "the last day"
        );
        assert_eq!(next(monthly, "2027-01-31T10:00Z"), "2027-02-28T09:00Z");
        assert_eq!(next(json!({"frequency": "instant"}), "2026-11-26T00:00Z"), "never");
    }

    #[test]
    fn the_wall_clock_counts() {
        let berlin = json!({"frequency": "daily", "timezone": "Europe/Berlin"});
        assert_eq!(
            next(berlin.clone(), "2026-10-24T08:00Z"),
            "2026-10-25T08:00Z",
            "winter time began"
        );
        assert_eq!(
            next(berlin, "2026-03-28T09:00Z"),
            "2026-03-29T07:00Z",
            "summer time began"
        );
        let skipped = json!({"frequency": "daily", "timezone": "Europe/Berlin", "time": "02:30"});
        assert_eq!(
            next(skipped.clone(), "2026-03-28T12:00Z"),
            "2026-03-29T01:00Z",
            "at the change"
        );
        assert_eq!(
            next(skipped.clone(), "2026-10-24T12:00Z"),
            "2026-10-25T00:30Z",
            "the first of two"
        );
        assert_eq!(next(skipped, "2026-10-25T00:30Z"), "2026-10-26T01:30Z", "and only that");
    }

    proptest! {
        #[test]
        fn a_daily_rhythm_comes_each_day_once(second in 1_577_836_800_i64..1_893_456_000, minute in 0_u16..1440) {
            let schedule = Schedule {
                schedule_id: "s".to_owned(),
                frequency: Frequency::Daily,
                time: tidings_types::quiet::TimeOfDay::from_minutes(minute),
                day_of_week: None,
                days_of_week: Vec::new(),
                day_of_month: None,
                timezone: Some("America/New_York".to_owned()),
                is_default: false,
                disabled: false,
            };
            let zone = time_zone("America/New_York").unwrap();
            let mut at = Timestamp::from_millis(second * 1000);
            let mut last: Option<Date> = None;
            for _ in 0..30 {
                let next = next_release(&schedule, at).unwrap();
                prop_assert!(next > at && next.since(at) <= 26 * 3_600_000);
                let day = zone.to_datetime(next.to_jiff()).date();
                if let Some(last) = last {
                    prop_assert_eq!(day, last.tomorrow().unwrap());
                }
                (last, at) = (Some(day), next);
            }
        }
    }
}
