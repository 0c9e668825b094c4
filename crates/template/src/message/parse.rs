//! From text to pieces.

use super::{Case, Form, MAX_DEPTH, MAX_PIECES, Piece};
use crate::language::Length;

/// Reads a whole message.
pub(super) fn parse(text: &str) -> Option<Vec<Piece>> {
    let mut reader = Reader {
        rest: text,
        depth: 0,
        pieces: 0,
        in_plural: false,
    };
    let pieces = reader.pieces()?;
    reader.rest.is_empty().then_some(pieces)
}

struct Reader<'s> {
    rest: &'s str,
    depth: usize,
    pieces: usize,
    /// Whether `#` means something here.
    in_plural: bool,
}

impl<'s> Reader<'s> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next()?;
        self.rest = chars.as_str();
        Some(c)
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, c: char) -> bool {
        self.skip_blanks();
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Pieces up to the end, or up to a closing brace, which stays.
    fn pieces(&mut self) -> Option<Vec<Piece>> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        while let Some(c) = self.rest.chars().next() {
            let piece = match c {
                '}' if self.depth == 0 => return None,
                '}' => break,
                '\'' => {
                    self.next();
                    self.quoted(&mut text);
                    continue;
                }
                '{' => self.argument()?,
                '#' if self.in_plural => {
                    self.next();
                    Piece::Number
                }
                c => {
                    text.push(c);
                    self.next();
                    continue;
                }
            };
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            pieces.push(piece);
            self.pieces += 1;
            if self.pieces > MAX_PIECES {
                return None;
            }
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Some(pieces)
    }

    /// What follows an apostrophe: another one, quoted text, or nothing special.
    fn quoted(&mut self, text: &mut String) {
        match self.rest.chars().next() {
            Some('\'') => {
                self.next();
                text.push('\'');
            }
            Some('{' | '}') => self.quote(text),
            Some('#') if self.in_plural => self.quote(text),
            _ => text.push('\''),
        }
    }

    fn quote(&mut self, text: &mut String) {
        while let Some(c) = self.next() {
            if c != '\'' {
                text.push(c);
            } else if self.rest.starts_with('\'') {
                self.next();
                text.push('\'');
            } else {
                return;
            }
        }
    }

    fn word(&mut self) -> Option<&'s str> {
        self.skip_blanks();
        let end = self
            .rest
            .find(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | '\''))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    /// `{name}` and everything else in braces.
    fn argument(&mut self) -> Option<Piece> {
        self.next();
        let name = self.word()?.to_owned();
        if self.take('}') {
            return Some(Piece::Argument {
                name,
                form: Form::Plain,
            });
        }
        if !self.take(',') {
            return None;
        }
        let kind = self.word()?;
        if matches!(kind, "plural" | "selectordinal" | "select") {
            return self.choice(name, kind);
        }
        let style = if self.take(',') { self.word()? } else { "" };
        if !self.take('}') {
            return None;
        }
        let form = match (kind, style) {
            ("number", "") => Form::Number,
            ("number", "integer") => Form::Integer,
            ("number", "percent") => Form::Percent,
            ("date", style) => Form::Date(length(style)?),
            ("time", style) => Form::Time(length(style)?),
            _ => return None,
        };
        Some(Piece::Argument { name, form })
    }

    /// The cases of `plural`, `selectordinal` or `select`.
    fn choice(&mut self, name: String, kind: &str) -> Option<Piece> {
        if !self.take(',') {
            return None;
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let is_plural = kind != "select";
        let outer = self.in_plural;
        self.in_plural |= is_plural;
        let mut offset = 0.0;
        let mut cases = Vec::new();
        while !self.take('}') {
            let word = self.word()?;
            if let Some(number) = word.strip_prefix("offset:").filter(|_| is_plural && cases.is_empty()) {
                let number = if number.is_empty() { self.word()? } else { number };
                offset = number.parse().ok()?;
                continue;
            }
            if !self.take('{') {
                return None;
            }
            let pieces = self.pieces()?;
            if !self.take('}') {
                return None;
            }
            cases.push((word.to_owned(), pieces));
        }
        self.depth -= 1;
        self.in_plural = outer;
        if !cases.iter().any(|(case, _)| case == "other") {
            return None;
        }
        if !is_plural {
            return Some(Piece::Select { name, cases });
        }
        let cases = cases.into_iter().map(|(case, pieces)| {
            let case = match case.strip_prefix('=') {
                Some(number) => Case::Exactly(number.parse().ok()?),
                None => Case::Category(case),
            };
            Some((case, pieces))
        });
        Some(Piece::Plural {
            name,
            ordinal: kind == "selectordinal",
            offset,
            cases: cases.collect::<Option<_>>()?,
        })
    }
}

fn length(style: &str) -> Option<Length> {
    Some(match style {
        "short" => Length::Short,
        "" | "medium" => Length::Medium,
        "long" => Length::Long,
        "full" => Length::Full,
        _ => return None,
    })
}
