//! Windows against a plain reference that steps through the minutes, in every zone, around clock changes.

use super::{Window, WindowError, parse_moment, time_zone};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use std::fmt::Write;
use tidings_types::Timestamp;

const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: usize = 24 * 60;
const WEEKDAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// One rule as it is drawn: whole months (or none), weekdays, and ranges in minutes.
#[derive(Clone, Debug)]
struct Drawn {
    months: Vec<usize>,
    weekdays: Vec<usize>,
    times: Vec<(usize, usize)>,
}

impl Drawn {
    fn write(&self) -> String {
        let names = |all: &[&str], some: &[usize]| some.iter().map(|it| all[*it]).collect::<Vec<_>>().join(",");
        let clock = |minute: &usize| format!("{:02}:{:02}", minute / 60, minute % 60);
        let times: Vec<String> = self
            .times
            .iter()
            .map(|(from, to)| format!("{}-{}", clock(from), clock(to)))
            .collect();
        let mut text = String::new();
        if !self.months.is_empty() {
            write!(text, "{}: ", names(&MONTHS, &self.months)).unwrap();
        }
        write!(text, "{} {}", names(&WEEKDAYS, &self.weekdays), times.join(",")).unwrap();
        text
    }

    fn begins_on(&self, day: Date) -> bool {
        let month = usize::try_from(day.month() - 1).unwrap();
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap();
        self.weekdays.contains(&weekday) && (self.months.is_empty() || self.months.contains(&month))
    }
}

/// Each minute of the wall clock for some days, open or not.
struct Table {
    base: DateTime,
    open: Vec<bool>,
}

impl Table {
    fn new(rules: &[Drawn], first: Date, days: usize) -> Self {
        let mut open = vec![false; (days + 2) * DAY_MINUTES];
        for (index, day) in first.series(1.day()).take(days).enumerate() {
            for (from, to) in rules
                .iter()
                .filter(|rule| rule.begins_on(day))
                .flat_map(|rule| rule.times.clone())
            {
                let length = if from == to {
                    1
                } else {
                    (to + DAY_MINUTES - from) % DAY_MINUTES
                };
                for minute in from..from + length {
                    open[index * DAY_MINUTES + minute] = true;
                }
            }
        }
        Self {
            base: first.at(0, 0, 0, 0),
            open,
        }
    }

    /// Whether the whole minute that begins at this moment is open, or any minute that the clock skipped before it.
    fn is_open(&self, zone: &TimeZone, minute: i64) -> bool {
        let index = |millis: i64| {
            let wall = zone.to_datetime(Timestamp::from_millis(millis).to_jiff());
            usize::try_from(wall.duration_since(self.base).as_mins()).unwrap()
        };
        let (before, now) = (index(minute - MINUTE_MS), index(minute));
        if now > before {
            self.open[before + 1..=now].contains(&true)
        } else {
            self.open[now]
        }
    }
}

fn rules() -> impl Strategy<Value = Vec<Drawn>> {
    let time = prop_oneof![
        0..DAY_MINUTES,
        0..4 * 60_usize,
        (0..48_usize).prop_map(|half| half * 30)
    ];
    let range = prop_oneof![
        3 => (time.clone(), time.clone()),
        1 => time.prop_map(|time| (time, time)),
    ];
    let months = prop_oneof![
        3 => Just(Vec::new()),
        1 => prop::sample::subsequence((0..12).collect::<Vec<_>>(), 1..=3),
    ];
    let weekdays = prop::sample::subsequence((0..7).collect::<Vec<_>>(), 1..=7);
    let rule = (months, weekdays, prop::collection::vec(range, 1..=3));
    prop::collection::vec(
        rule.prop_map(|(months, weekdays, times)| Drawn {
            months,
            weekdays,
            times,
        }),
        1..=2,
    )
}

/// Any zone, and a moment from 1975 (since when all offsets are whole minutes) to 2100, as often as not just before or
/// after a change of the clock.
fn zone_and_moment() -> impl Strategy<Value = (String, Timestamp)> {
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let names: Vec<String> = names.into_iter().filter(|name| time_zone(name).is_ok()).collect();
    assert!(names.len() > 400, "the zones are there");
    let moment = parse_moment("1975-01-01").unwrap().as_millis()..parse_moment("2100-01-01").unwrap().as_millis();
    let near = prop::option::of(-3 * 60 * MINUTE_MS..3 * 60 * MINUTE_MS);
    let whole_minute = any::<bool>();
    (prop::sample::select(names), moment, near, whole_minute).prop_map(|(name, moment, near, whole_minute)| {
        let zone = time_zone(&name).unwrap();
        let change = zone.following(Timestamp::from_millis(moment).to_jiff()).next();
        let moment = match (near, change) {
            (Some(near), Some(change)) => change.timestamp().as_millisecond() + near,
            _ => moment,
        };
        let moment = if whole_minute {
            moment - moment.rem_euclid(MINUTE_MS)
        } else {
            moment
        };
        (name, Timestamp::from_millis(moment))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_next_opening_is_the_first_open_minute(rules in rules(), (zone, now) in zone_and_moment()) {
        let text = rules.iter().map(Drawn::write).collect::<Vec<_>>().join("; ");
        prop_assert_eq!(parse_moment(&text), None);
        let (window, zone) = (Window::parse(&text).unwrap(), time_zone(&zone).unwrap());
        let dated = rules.iter().all(|rule| !rule.months.is_empty());
        let days = if dated { 92 } else { 9 };

        let today = zone.to_datetime(now.to_jiff()).date();
        let table = Table::new(&rules, today.checked_sub(3.days()).unwrap(), days + 4);
        let minute = now.as_millis() - now.as_millis().rem_euclid(MINUTE_MS);
        prop_assert_eq!(window.is_open(&zone, now), table.is_open(&zone, minute), "{}", text);

        let last = today.checked_add(if dated { 90.days() } else { 7.days() }).unwrap();
        let minutes = (0..).map(|step| minute + step * MINUTE_MS);
        let mut minutes = minutes.take_while(|at| zone.to_datetime(Timestamp::from_millis(*at).to_jiff()).date() <= last);
        let expected = minutes.find(|at| table.is_open(&zone, *at)).map(|at| Timestamp::from_millis(at).max(now));
        let found = window.next_open(&zone, now);
        prop_assert_eq!(found.clone().ok(), expected, "{}", text);
        match found {
            Ok(open) => {
                prop_assert!(open >= now && window.is_open(&zone, open));
                prop_assert_eq!(window.next_open(&zone, open), Ok(open));
            }
            Err(error) => prop_assert_eq!(error, WindowError::NeverOpens { days: 90 }),
        }
    }

    #[test]
    fn any_moment_at_all_is_answered_and_never_goes_back(rules in rules(), (zone, _) in zone_and_moment(), now in any::<i64>()) {
        let (zone, now) = (time_zone(&zone).unwrap(), Timestamp::from_millis(now));
        let text = rules.iter().map(Drawn::write).collect::<Vec<_>>().join(";");
        if let Ok(open) = Window::parse(&text).unwrap().next_open(&zone, now) {
            prop_assert!(open >= now && Window::parse(&text).unwrap().is_open(&zone, open));
        }
    }
}
