//! Numbers, plurals and dates as a language writes them, by CLDR's rules.

use icu_calendar::{Date, Gregorian};
use icu_datetime::fieldsets::{E, M, T, YMD, YMDE};
use icu_datetime::{FixedCalendarDateTimeFormatter, NoCalendarFormatter};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::{Locale, locale};
use icu_plurals::{PluralCategory, PluralRuleType, PluralRules};
use icu_time::Time;
use jiff::Zoned;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::helpers::{Fail, moment};

/// How many digits after the point a number keeps, as in ICU.
const FRACTION_DIGITS: i16 = 3;

/// Languages that set a blank before the percent sign (CLDR, `percentFormats`).
const SPACED_PERCENT: &[&str] = &[
    "be", "bg", "ca", "cs", "da", "de", "es", "fi", "fr", "gl", "hr", "lt", "nb", "nn", "no", "ro", "ru", "sk", "sl",
    "sr", "sv", "uk",
];

/// How much of a date is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    Short,
    Medium,
    Long,
    Full,
}

/// A language and a time zone.
pub(crate) struct Language {
    locale: Locale,
    zone: TimeZone,
}

/// A person's time zone by its name in the IANA database; UTC if it is not there or not known.
pub(crate) fn zone_or_utc(name: Option<&str>) -> TimeZone {
    name.and_then(|name| TimeZone::get(name.trim()).ok())
        .unwrap_or(TimeZone::UTC)
}

impl Language {
    /// By a language tag and the name of a time zone; English and UTC where they cannot be read.
    pub(crate) fn new(tag: Option<&str>, time_zone: Option<&str>) -> Self {
        let locale = tag.and_then(|tag| tag.replace('_', "-").parse().ok());
        Self {
            locale: locale.unwrap_or(locale!("en")),
            zone: zone_or_utc(time_zone),
        }
    }

    /// The name of a day of the week.
    pub(crate) fn weekday(&self, at: &Zoned, length: Length) -> Option<String> {
        let fields = if length == Length::Short { E::short() } else { E::long() };
        let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new((&self.locale).into(), fields).ok()?;
        Some(formatter.format(&date(at)?).to_string())
    }

    /// The name of a month, standing alone.
    pub(crate) fn month(&self, at: &Zoned, length: Length) -> Option<String> {
        let fields = if length == Length::Short {
            M::medium()
        } else {
            M::long()
        };
        let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new((&self.locale).into(), fields).ok()?;
        Some(formatter.format(&date(at)?).to_string())
    }

    /// A number with its separators.
    pub(crate) fn number(&self, value: f64) -> String {
        let decimal = decimal(value);
        let formatter = DecimalFormatter::try_new(
            (&self.locale).into(),
            icu_decimal::options::DecimalFormatterOptions::default(),
        );
        match (formatter, decimal) {
            (Ok(formatter), Some(decimal)) => formatter.format(&decimal).to_string(),
            _ => value.to_string(),
        }
    }

    /// A share of one, in per cent.
    pub(crate) fn percent(&self, value: f64) -> String {
        let mut number = self.number((value * 100.0).round());
        if SPACED_PERCENT.contains(&self.locale.id.language.as_str()) {
            number.push('\u{a0}');
        }
        number.push('%');
        number
    }

    /// The plural category of a number: `one`, `few`, `other`.
    pub(crate) fn category(&self, value: f64, ordinal: bool) -> &'static str {
        let kind = if ordinal {
            PluralRuleType::Ordinal
        } else {
            PluralRuleType::Cardinal
        };
        let rules = PluralRules::try_new((&self.locale).into(), kind.into());
        let (Ok(rules), Some(decimal)) = (rules, decimal(value)) else {
            return "other";
        };
        match rules.category_for(&decimal) {
            PluralCategory::Zero => "zero",
            PluralCategory::One => "one",
            PluralCategory::Two => "two",
            PluralCategory::Few => "few",
            PluralCategory::Many => "many",
            PluralCategory::Other => "other",
        }
    }

    /// A date, in the person's time zone.
    pub(crate) fn date(&self, value: &Value, length: Length) -> Result<String, Fail> {
        let at = self.at(value)?;
        let date = date(&at).ok_or_else(|| Fail::from("is given something that is no date"))?;
        let fields = match length {
            Length::Short => YMD::short(),
            Length::Medium => YMD::medium(),
            Length::Long | Length::Full => YMD::long(),
        };
        let locale = || (&self.locale).into();
        let text = if length == Length::Full {
            FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(locale(), YMDE::long())
                .map(|formatter| formatter.format(&date).to_string())
        } else {
            FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(locale(), fields)
                .map(|formatter| formatter.format(&date).to_string())
        };
        text.map_err(|_| Fail::from("has no dates in this language"))
    }

    /// A time of day, in the person's time zone; `medium` and longer with seconds.
    pub(crate) fn time(&self, value: &Value, length: Length) -> Result<String, Fail> {
        let at = self.at(value)?;
        let time = Time::try_new(
            at.hour().unsigned_abs(),
            at.minute().unsigned_abs(),
            at.second().unsigned_abs(),
            0,
        );
        let time = time.map_err(|_| Fail::from("is given something that is no time"))?;
        let fields = if length == Length::Short { T::hm() } else { T::hms() };
        NoCalendarFormatter::try_new((&self.locale).into(), fields)
            .map(|formatter| formatter.format(&time).to_string())
            .map_err(|_| "has no times in this language".into())
    }

    fn at(&self, value: &Value) -> Result<Zoned, Fail> {
        Ok(moment(value)?.to_zoned(self.zone.clone()))
    }
}

fn date(at: &Zoned) -> Option<Date<Gregorian>> {
    Date::try_new_gregorian(at.year().into(), at.month().unsigned_abs(), at.day().unsigned_abs()).ok()
}

/// A number to so many digits.
fn decimal(value: f64) -> Option<Decimal> {
    // A negative zero is a zero.
    let value = if value == 0.0 { 0.0 } else { value };
    let mut decimal: Decimal = value.to_string().parse().ok()?;
    decimal.round(-FRACTION_DIGITS);
    decimal.absolute.trim_end();
    Some(decimal)
}
