//! The subset of opening hours that windows are written in:
//!
//! ```text
//! window = rule { ";" rule }
//! rule   = "24/7" | [ dates [":"] ] [ days [":"] ] [ times ]      at least one of them
//! dates  = month [day] [ "-" ( [month] day | month ) ] { "," ... }
//! days   = weekday [ "-" weekday ] { "," ... }
//! times  = hh:mm "-" hh:mm { "," ... }
//! ```
//!
//! It follows OpenStreetMap's `opening_hours` (<https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification>),
//! except that rules add to each other and never take away: there are no holidays (`PH`) and no `off`.

use super::WindowError;
use super::lex::{Lexer, Token};
use super::rule::{DateRange, MonthDay, Rule, TimeRange, Weekdays, Window};
use jiff::civil::Weekday;

/// The longest expression that is read, in bytes.
const MAX_BYTES: usize = 256;

/// Months with the days of their longest year.
const MONTHS: [(&str, i8); 12] = [
    ("Jan", 31),
    ("Feb", 29),
    ("Mar", 31),
    ("Apr", 30),
    ("May", 31),
    ("Jun", 30),
    ("Jul", 31),
    ("Aug", 31),
    ("Sep", 30),
    ("Oct", 31),
    ("Nov", 30),
    ("Dec", 31),
];

const WEEKDAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

impl Window {
    /// Reads opening hours such as `Mo-Fr 09:00-12:00,14:00-18:00; Sa 10:00-14:00`, `Fr-Mo 17:00-09:00` (into the next
    /// morning), `Su 11:00-11:00` (that minute) or `Dec 24-26: 09:00-17:00`. Days without times are open all day.
    ///
    /// # Errors
    /// What was expected and what was found.
    pub fn parse(text: &str) -> Result<Self, WindowError> {
        if text.len() > MAX_BYTES {
            return Err(WindowError::TooLong(MAX_BYTES));
        }
        let mut lexer = Lexer::new(text)?;
        if lexer.peek().is_none() {
            return Err(WindowError::Empty);
        }
        let mut rules = vec![rule(&mut lexer)?];
        while lexer.eat(Token::Semicolon)? && lexer.peek().is_some() {
            rules.push(rule(&mut lexer)?);
        }
        if lexer.peek().is_some() {
            Err(lexer.expected("`;` or the end"))
        } else {
            Ok(Self { rules })
        }
    }
}

fn rule(lexer: &mut Lexer<'_>) -> Result<Rule, WindowError> {
    let mut rule = Rule {
        dates: Vec::new(),
        weekdays: Weekdays::ALL,
        times: vec![TimeRange::WHOLE_DAY],
    };
    if lexer.eat(Token::Always)? {
        return Ok(rule);
    }
    let (has_dates, mut has_days) = (month(lexer.peek()).is_some(), false);
    if has_dates {
        rule.dates = dates(lexer)?;
        lexer.eat(Token::Colon)?;
    }
    if weekday(lexer.peek()).is_some() {
        has_days = true;
        rule.weekdays = weekdays(lexer)?;
        lexer.eat(Token::Colon)?;
    }
    if let Some(Token::Time(_)) = lexer.peek() {
        rule.times = times(lexer)?;
    } else if !has_dates && !has_days {
        return Err(lexer.expected("a month, a weekday or a time such as 09:00"));
    }
    Ok(rule)
}

fn dates(lexer: &mut Lexer<'_>) -> Result<Vec<DateRange>, WindowError> {
    let mut dates = Vec::new();
    let mut current = take_month(lexer, None)?;
    loop {
        let first_day = take_day(lexer, current)?;
        let mut last = (current, first_day);
        if lexer.eat(Token::Dash)? {
            let month = take_month(lexer, first_day.map(|_| current))?;
            last = (month, take_day(lexer, month)?);
            if first_day.is_some() != last.1.is_some() {
                return Err(lexer.expected("a day on both sides of the range, or on none"));
            }
        }
        dates.push(DateRange {
            first: MonthDay {
                month: current.number,
                day: first_day.unwrap_or(1),
            },
            last: MonthDay {
                month: last.0.number,
                day: last.1.unwrap_or(31),
            },
        });
        if !lexer.eat(Token::Comma)? {
            return Ok(dates);
        }
        current = take_month(lexer, last.1.map(|_| last.0))?;
    }
}

#[derive(Clone, Copy)]
struct Month {
    name: &'static str,
    number: i8,
    days: i8,
}

fn month(token: Option<Token<'_>>) -> Option<Month> {
    let Some(Token::Word(word)) = token else { return None };
    let months = (1..)
        .zip(MONTHS)
        .map(|(number, (name, days))| Month { name, number, days });
    months.into_iter().find(|month| month.name.eq_ignore_ascii_case(word))
}

/// A month, or the one before where only a day is written: `Dec 24-26,31`.
fn take_month(lexer: &mut Lexer<'_>, before: Option<Month>) -> Result<Month, WindowError> {
    match (month(lexer.peek()), lexer.peek(), before) {
        (Some(month), ..) => lexer.advance().map(|()| month),
        (None, Some(Token::Number(_)), Some(before)) => Ok(before),
        _ => Err(lexer.expected("a month such as Jan")),
    }
}

fn take_day(lexer: &mut Lexer<'_>, month: Month) -> Result<Option<i8>, WindowError> {
    let Some(Token::Number(day)) = lexer.peek() else {
        return Ok(None);
    };
    let number = day.parse().ok().filter(|number| (1..=month.days).contains(number));
    let no_such_date = || WindowError::NoSuchDate {
        month: month.name.to_owned(),
        day: day.to_owned(),
    };
    let number = number.ok_or_else(no_such_date)?;
    lexer.advance()?;
    Ok(Some(number))
}

fn weekdays(lexer: &mut Lexer<'_>) -> Result<Weekdays, WindowError> {
    let mut days = Weekdays::default();
    loop {
        let first = take_weekday(lexer)?;
        let last = if lexer.eat(Token::Dash)? {
            take_weekday(lexer)?
        } else {
            first
        };
        days.insert_range(first, last);
        if !lexer.eat(Token::Comma)? {
            return Ok(days);
        }
    }
}

fn weekday(token: Option<Token<'_>>) -> Option<Weekday> {
    let Some(Token::Word(word)) = token else { return None };
    let position = WEEKDAYS.iter().position(|name| name.eq_ignore_ascii_case(word))?;
    Weekday::from_monday_zero_offset(i8::try_from(position).ok()?).ok()
}

fn take_weekday(lexer: &mut Lexer<'_>) -> Result<Weekday, WindowError> {
    let day = weekday(lexer.peek()).ok_or_else(|| lexer.expected("a weekday such as Mo"))?;
    lexer.advance()?;
    Ok(day)
}

fn times(lexer: &mut Lexer<'_>) -> Result<Vec<TimeRange>, WindowError> {
    let mut times = Vec::new();
    loop {
        let start = take_time(lexer, 24 * 60 - 1, "a time from 00:00 to 23:59")?;
        if !lexer.eat(Token::Dash)? {
            return Err(lexer.expected("`-` and the end of the range"));
        }
        let end = take_time(lexer, 24 * 60, "a time from 00:00 to 24:00")?;
        times.push(TimeRange::new(start, end));
        if !lexer.eat(Token::Comma)? {
            return Ok(times);
        }
    }
}

fn take_time(lexer: &mut Lexer<'_>, latest: u16, expected: &'static str) -> Result<u16, WindowError> {
    match lexer.peek() {
        Some(Token::Time(time)) if time <= latest => lexer.advance().map(|()| time),
        _ => Err(lexer.expected(expected)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(text: &str) -> String {
        Window::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn different_spellings_are_the_same_window() {
        let same = [
            ("Mo-Fr 09:00-17:00", " mo-fr:9:00 – 17:00 ;"),
            ("Mo-Fr 09:00-17:00", "Mo,Tu,We,Th-Fr 09:00-17:00"),
            ("24/7", "Mo-Su"),
            ("24/7", "00:00-24:00"),
            ("Su-Sa 09:00-17:00", "09:00-17:00"),
            ("Oct 31: Su-Sa 09:00-17:00", "oct 31 09:00-17:00"),
            ("Dec 24-26,31: 09:00-17:00", "Dec 24-Dec 26,Dec 31 09:00-17:00"),
            ("Jun-Aug", "Jun-Aug: Mo-Su 00:00-24:00"),
            ("Su 11:00-11:00", "Su 11:00-11:01"),
        ];
        for (one, other) in same {
            assert_eq!(
                Window::parse(one).unwrap(),
                Window::parse(other).unwrap(),
                "{one} | {other}"
            );
        }
    }

    #[test]
    fn parts_are_found() {
        let window = Window::parse("Mo-Fr 09:00-12:00,14:00-18:00; Dec 24-Jan 2,Mar: Sa 10:00-02:00").unwrap();
        assert_eq!(window.rules.len(), 2);
        assert_eq!(
            window.rules[0].times,
            [TimeRange::new(540, 720), TimeRange::new(840, 1080)]
        );
        assert_eq!(window.rules[1].dates.len(), 2);
        assert_eq!(window.rules[1].times, [TimeRange::new(600, 120)]);
    }

    #[test]
    fn errors_say_what_was_expected_and_found() {
        assert_eq!(error("  "), "the opening hours are empty");
        assert_eq!(
            error(&"24/7;".repeat(60)),
            "the opening hours are longer than 256 bytes"
        );
        let words = "opening hours: expected a month, a weekday or a time such as 09:00, found";
        assert_eq!(error("PH off"), format!("{words} \"PH off\""));
        assert_eq!(error(";"), format!("{words} \";\""));
        assert_eq!(error("Mo off"), "opening hours: expected `;` or the end, found \"off\"");
        assert_eq!(
            error("Mo 09:00"),
            "opening hours: expected `-` and the end of the range, found the end"
        );
        assert_eq!(
            error("Mo 24:00-24:00"),
            "opening hours: expected a time from 00:00 to 23:59, found \"24:00-24:00\""
        );
        assert_eq!(error("Feb 30: 09:00-17:00"), "opening hours: Feb has no day 30");
    }

    #[test]
    fn what_is_not_in_the_subset_is_refused() {
        let wrong = [
            "PH",
            "Mo-Fr 9-17",
            "Mon-Fri 09:00-17:00",
            "09:00",
            "09:00+",
            "09:00-25:00",
            "Mo-",
            "Mo,",
            "Jun-",
            "Jun,Mo",
            "Jun-Aug 15",
            "Jun 15-Aug",
            "Jun,15",
            "2026 Dec 24",
            "Dec 0",
            "Dec 32",
            "9am-5pm",
            "week 1-10",
            "sunrise-sunset",
            "Mo-Fr 09:00-17:00 \"by appointment\"",
            "09:00-12:00, Sa",
            "Mo 09:00-17:00 Tu 09:00-17:00",
            "24/7 off",
            ":",
            "Mo:: 09:00-10:00",
            "31 Oct",
            "Dec 999999999999",
        ];
        for text in wrong {
            assert!(Window::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC*", likely in "(Mo|Su|Oct|Feb|[0-9]{1,2}:[0-9]{2}|[0-9]{1,3}|24/7|[-,:; é–]){0,20}") {
            let _ = (Window::parse(&text), Window::parse(&likely));
        }
    }
}
