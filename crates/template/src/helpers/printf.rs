//! `format`: texts by the pattern language of C's `printf`.
//!
//! Flags `-`, `+`, `0`, space and `'c` (pad with c), width, precision, places (`%2$s`), and the conversions
//! `% s d i u f F e E g G x X o b c j t`.

use serde_json::Value;

use super::{Arguments, Fail, Outcome, made};
use crate::argument::Argument;
use crate::env::budget::MAX_TEXT;
use crate::{print, value};

/// The widest field and the finest precision.
const MAX_WIDTH: usize = 1_000;
const MAX_PRECISION: usize = 100;

const UNREADABLE: &str = "is given a pattern that cannot be read";

/// A conversion: everything from `%` to its letter.
struct Conversion {
    place: Option<usize>,
    left: bool,
    plus: bool,
    space: bool,
    pad: char,
    width: usize,
    precision: Option<usize>,
    letter: char,
}

/// `pattern values...`.
pub(super) fn format<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let pattern = given.text(0);
    let mut out = String::new();
    let mut next = 1;
    let mut rest = &*pattern;
    while let Some((text, after)) = rest.split_once('%') {
        out.push_str(text);
        if let Some(after) = after.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let (conversion, after) = conversion(after).ok_or_else(|| Fail::from(UNREADABLE))?;
        let index = conversion.place.unwrap_or_else(|| {
            next += 1;
            next - 1
        });
        conversion.print(&mut out, given.at(index))?;
        if out.len() > MAX_TEXT {
            return Err("builds a text that is too long".into());
        }
        rest = after;
    }
    out.push_str(rest);
    made(out)
}

pub(super) fn refuse(given: &[Argument]) -> Option<&'static str> {
    let mut rest = given.first()?.literal_text()?;
    while let Some((_, after)) = rest.split_once('%') {
        rest = match after.strip_prefix('%') {
            Some(after) => after,
            None => match conversion(after) {
                Some((_, after)) => after,
                None => return Some(UNREADABLE),
            },
        };
    }
    None
}

/// Reads what follows a `%`.
fn conversion(text: &str) -> Option<(Conversion, &str)> {
    let mut rest = text;
    let mut conversion = Conversion {
        place: None,
        left: false,
        plus: false,
        space: false,
        pad: ' ',
        width: 0,
        precision: None,
        letter: 's',
    };
    if let (Some(place), after) = digits(rest)
        && let Some(after) = after.strip_prefix('$')
    {
        conversion.place = Some(place);
        rest = after;
    }
    loop {
        let mut chars = rest.chars();
        match chars.next()? {
            '-' => conversion.left = true,
            '+' => conversion.plus = true,
            ' ' => conversion.space = true,
            '0' => conversion.pad = '0',
            '\'' => conversion.pad = chars.next()?,
            _ => break,
        }
        rest = chars.as_str();
    }
    let (width, after) = digits(rest);
    conversion.width = width.unwrap_or(0);
    rest = after;
    if let Some(after) = rest.strip_prefix('.') {
        let (precision, after) = digits(after);
        conversion.precision = Some(precision.unwrap_or(0));
        rest = after;
    }
    let mut chars = rest.chars();
    conversion.letter = chars.next()?;
    let is_known = "sdiufFeEgGxXobcjt".contains(conversion.letter);
    let is_sane = conversion.width <= MAX_WIDTH && conversion.precision.is_none_or(|one| one <= MAX_PRECISION);
    (is_known && is_sane).then_some((conversion, chars.as_str()))
}

fn digits(text: &str) -> (Option<usize>, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (digits.parse().ok(), rest)
}

impl Conversion {
    fn print(&self, out: &mut String, value: &Value) -> Result<(), Fail> {
        let number = || value::number(value).ok_or_else(|| Fail::from("is given something that is no number"));
        let precision = self.precision.unwrap_or(6);
        let text = match self.letter {
            'd' | 'i' => self.signed(number()?.trunc(), |magnitude| format!("{magnitude:.0}")),
            'u' => format!("{:.0}", number()?.trunc().abs()),
            'f' | 'F' => self.signed(number()?, |magnitude| format!("{magnitude:.precision$}")),
            'e' => self.signed(number()?, |magnitude| self.exponent(magnitude)),
            'E' => self.signed(number()?, |magnitude| self.exponent(magnitude).to_uppercase()),
            'g' => self.signed(number()?, |magnitude| self.shortest(magnitude)),
            'G' => self.signed(number()?, |magnitude| self.shortest(magnitude).to_uppercase()),
            'x' => format!("{:x}", whole(number()?)),
            'X' => format!("{:X}", whole(number()?)),
            'o' => format!("{:o}", whole(number()?)),
            'b' => format!("{:b}", whole(number()?)),
            'c' => char::from_u32(u32::try_from(whole(number()?)).unwrap_or(0))
                .unwrap_or('\u{FFFD}')
                .to_string(),
            'j' => value.to_string(),
            't' => value::truthy(value).to_string(),
            _ => {
                let text = print::text(value);
                match self.precision {
                    Some(count) => text.chars().take(count).collect(),
                    None => text.into_owned(),
                }
            }
        };
        self.pad(out, &text);
        Ok(())
    }

    fn signed(&self, value: f64, magnitude: impl Fn(f64) -> String) -> String {
        let digits = magnitude(value.abs());
        let is_zero = digits.chars().all(|c| matches!(c, '0' | '.'));
        let sign = match value {
            value if value < 0.0 && !is_zero => "-",
            _ if self.plus => "+",
            _ if self.space => " ",
            _ => "",
        };
        format!("{sign}{digits}")
    }

    /// `1.5e+3`: with a precision as many digits, else as many as there are.
    fn exponent(&self, value: f64) -> String {
        let text = match self.precision {
            Some(precision) => format!("{value:.precision$e}"),
            None => format!("{value:e}"),
        };
        with_plus(&text)
    }

    /// As many digits as the precision says, in the shorter form.
    fn shortest(&self, value: f64) -> String {
        let Some(precision) = self.precision else {
            return value.to_string();
        };
        let digits = precision.max(1);
        let scientific = format!("{value:.*e}", digits - 1);
        let exponent: i32 = scientific
            .split_once('e')
            .and_then(|(_, exponent)| exponent.parse().ok())
            .unwrap_or(0);
        let limit = i32::try_from(digits).unwrap_or(i32::MAX);
        if exponent < -6 || exponent >= limit {
            return with_plus(&scientific);
        }
        let decimals = usize::try_from(limit - 1 - exponent).unwrap_or(0);
        format!("{value:.decimals$}")
    }

    fn pad(&self, out: &mut String, text: &str) {
        let missing = self.width.saturating_sub(text.chars().count());
        if self.left {
            out.push_str(text);
            out.extend(std::iter::repeat_n(' ', missing));
            return;
        }
        // Zeroes go between the sign and the digits.
        let is_sign = |c: char| matches!(c, '-' | '+' | ' ');
        let (sign, digits) = match text.strip_prefix(is_sign) {
            Some(digits) if self.pad == '0' && self.letter != 's' => text.split_at(text.len() - digits.len()),
            _ => ("", text),
        };
        out.push_str(sign);
        out.extend(std::iter::repeat_n(self.pad, missing));
        out.push_str(digits);
    }
}

/// `1.5e3` as C writes it: `1.5e+3`.
fn with_plus(text: &str) -> String {
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text.to_owned(),
    }
}

/// A number without its fraction; negative ones as the 32 bits that stand for them, as sprintf in JavaScript does.
fn whole(value: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "casts from floats saturate, and nothing else is wanted"
    )]
    let whole = value.trunc() as i64;
    if whole >= 0 {
        whole.unsigned_abs()
    } else {
        let low = whole.rem_euclid(1 << 32);
        low.unsigned_abs()
    }
}
