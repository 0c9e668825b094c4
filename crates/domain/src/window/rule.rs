//! What a delivery window says, apart from how it is written.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Weekday};

/// A delivery window: opening hours on the wall clock of a zone that is named when it is asked.
///
/// It is open when any of its rules is. Ranges include their start and exclude their end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    pub(super) rules: Vec<Rule>,
}

/// Ranges of the day, on some weekdays of some dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// None means each date.
    pub(super) dates: Vec<DateRange>,
    pub(super) weekdays: Weekdays,
    pub(super) times: Vec<TimeRange>,
}

impl Rule {
    /// Whether ranges begin on this day. A range that goes past midnight belongs to the day on which it began.
    pub(super) fn begins_on(&self, day: Date) -> bool {
        self.weekdays.contains(day.weekday()) && (self.dates.is_empty() || self.dates.iter().any(|it| it.contains(day)))
    }
}

/// A day of any year. It need not be in every year, and the 31st stands for the end of any month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MonthDay {
    pub(super) month: i8,
    pub(super) day: i8,
}

/// Days of the year, both ends included; from December into January when the end comes before the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DateRange {
    pub(super) first: MonthDay,
    pub(super) last: MonthDay,
}

impl DateRange {
    fn contains(self, date: Date) -> bool {
        let day = MonthDay {
            month: date.month(),
            day: date.day(),
        };
        if self.first <= self.last {
            self.first <= day && day <= self.last
        } else {
            self.first <= day || day <= self.last
        }
    }
}

/// A set of weekdays, one bit each, Monday lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weekdays(u8);

impl Weekdays {
    pub(super) const ALL: Self = Self(0b111_1111);

    /// Adds the days from one to another, over the week's end if need be.
    pub(super) fn insert_range(&mut self, first: Weekday, last: Weekday) {
        for day in first.cycle_forward().take(7) {
            self.0 |= bit(day);
            if day == last {
                break;
            }
        }
    }

    pub(super) fn contains(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }
}

fn bit(day: Weekday) -> u8 {
    1 << day.to_monday_zero_offset()
}

const DAY_MINUTES: u16 = 24 * 60;

/// A range of the wall clock in minutes after midnight. The end is later than the start and may lie on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TimeRange {
    start: u16,
    end: u16,
}

impl TimeRange {
    pub(super) const WHOLE_DAY: Self = Self {
        start: 0,
        end: DAY_MINUTES,
    };

    /// An end before the start is on the next day. An end at the start makes an instant, which is open for its minute.
    pub(super) fn new(start: u16, end: u16) -> Self {
        let end = match end.cmp(&start) {
            std::cmp::Ordering::Less => end + DAY_MINUTES,
            std::cmp::Ordering::Equal => start + 1,
            std::cmp::Ordering::Greater => end,
        };
        Self { start, end }
    }

    /// When the range of this day begins; none at the calendar's end.
    pub(super) fn start_on(self, day: Date) -> Option<DateTime> {
        minutes_after_midnight(day, self.start)
    }

    /// Whether the range of this day shares an instant with the wall clock's `from..=to`.
    pub(super) fn meets(self, day: Date, from: DateTime, to: DateTime) -> bool {
        self.start_on(day).is_some_and(|start| start <= to)
            && minutes_after_midnight(day, self.end).is_none_or(|end| from < end)
    }
}

fn minutes_after_midnight(day: Date, minutes: u16) -> Option<DateTime> {
    day.at(0, 0, 0, 0)
        .checked_add(SignedDuration::from_mins(minutes.into()))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weekdays_wrap() {
        let mut days = Weekdays::default();
        days.insert_range(Weekday::Friday, Weekday::Monday);
        let open: Vec<Weekday> = Weekday::Monday
            .cycle_forward()
            .take(7)
            .filter(|day| days.contains(*day))
            .collect();
        assert_eq!(
            open,
            [Weekday::Monday, Weekday::Friday, Weekday::Saturday, Weekday::Sunday]
        );
        days.insert_range(Weekday::Tuesday, Weekday::Thursday);
        assert_eq!(days, Weekdays::ALL);
    }

    #[test]
    fn dates_wrap_over_the_new_year() {
        let range = |first: (i8, i8), last: (i8, i8)| DateRange {
            first: MonthDay {
                month: first.0,
                day: first.1,
            },
            last: MonthDay {
                month: last.0,
                day: last.1,
            },
        };
        let holidays = range((12, 24), (1, 2));
        assert!(holidays.contains(date(2026, 12, 24)) && holidays.contains(date(2027, 1, 2)));
        assert!(!holidays.contains(date(2026, 12, 23)) && !holidays.contains(date(2027, 1, 3)));
        let february = range((2, 1), (2, 31));
        assert!(february.contains(date(2028, 2, 29)) && !february.contains(date(2028, 3, 1)));
    }
}
