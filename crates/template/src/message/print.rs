//! From pieces and values to text.

use std::borrow::Cow;

use serde_json::Value;

use super::{Case, Form, Message, Piece};
use crate::env::budget::MAX_TEXT;
use crate::helpers::Fail;
use crate::language::Language;
use crate::{print, value};

/// What a message is printed with.
pub(crate) struct Arguments<'m> {
    /// The person's language tag.
    pub(crate) locale: Option<&'m str>,
    /// The person's time zone.
    pub(crate) time_zone: Option<&'m str>,
    /// The value of a name; null if there is none.
    pub(crate) value: &'m dyn Fn(&str) -> Result<Value, Fail>,
}

impl Message {
    /// Prints it. An argument without a value stays as written, in its braces.
    pub(crate) fn print(&self, arguments: &Arguments<'_>) -> Result<String, Fail> {
        let printer = Printer {
            arguments,
            language: Language::new(arguments.locale, arguments.time_zone),
        };
        let mut out = String::new();
        printer.pieces(&self.0, 0.0, &mut out)?;
        Ok(out)
    }
}

struct Printer<'m> {
    arguments: &'m Arguments<'m>,
    language: Language,
}

impl Printer<'_> {
    /// `count` is what `#` stands for.
    fn pieces(&self, pieces: &[Piece], count: f64, out: &mut String) -> Result<(), Fail> {
        for piece in pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Number => out.push_str(&self.language.number(count)),
                Piece::Argument { name, form } => self.argument(name, *form, out)?,
                Piece::Plural {
                    name,
                    ordinal,
                    offset,
                    cases,
                } => self.plural(name, *ordinal, *offset, cases, out)?,
                Piece::Select { name, cases } => {
                    let chosen = (self.arguments.value)(name)?;
                    let chosen = print::text(&chosen);
                    let named = |wanted: &str| cases.iter().find(|(case, _)| case == wanted);
                    if let Some((_, pieces)) = named(&chosen).or_else(|| named("other")) {
                        self.pieces(pieces, count, out)?;
                    }
                }
            }
            if out.len() > MAX_TEXT {
                return Err("builds a text that is too long".into());
            }
        }
        Ok(())
    }

    fn argument(&self, name: &str, form: Form, out: &mut String) -> Result<(), Fail> {
        let value = (self.arguments.value)(name)?;
        if value.is_null() {
            out.extend(["{", name, "}"]);
            return Ok(());
        }
        let text: Cow<'_, str> = match form {
            Form::Plain if value.is_number() => Cow::Owned(self.language.number(number(name, &value)?)),
            Form::Plain => print::text(&value),
            Form::Number => Cow::Owned(self.language.number(number(name, &value)?)),
            Form::Integer => Cow::Owned(self.language.number(number(name, &value)?.trunc())),
            Form::Percent => Cow::Owned(self.language.percent(number(name, &value)?)),
            Form::Date(length) => Cow::Owned(self.language.date(&value, length)?),
            Form::Time(length) => Cow::Owned(self.language.time(&value, length)?),
        };
        out.push_str(&text);
        Ok(())
    }

    fn plural(
        &self,
        name: &str,
        ordinal: bool,
        offset: f64,
        cases: &[(Case, Vec<Piece>)],
        out: &mut String,
    ) -> Result<(), Fail> {
        let value = number(name, &(self.arguments.value)(name)?)?;
        let count = value - offset;
        let exact = cases.iter().find(|(case, _)| *case == Case::Exactly(value));
        let by_category = || {
            let category = self.language.category(count, ordinal);
            let named = |wanted: &str| {
                cases
                    .iter()
                    .find(|(case, _)| *case == Case::Category(wanted.to_owned()))
            };
            named(category).or_else(|| named("other"))
        };
        match exact.or_else(by_category) {
            Some((_, pieces)) => self.pieces(pieces, count, out),
            None => Ok(()),
        }
    }
}

fn number(name: &str, value: &Value) -> Result<f64, Fail> {
    let number = value::number(value).filter(|number| number.is_finite());
    number.ok_or_else(|| Fail::Reason(format!("needs a number for `{name}`")))
}
