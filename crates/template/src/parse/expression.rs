//! The inside of a tag: a name or helper, values, `name=value`, `as |item index|`.

use serde_json::{Number, Value};

use crate::argument::{Argument, Invocation};
use crate::error::shorten;
use crate::lookup::Lookup;
use crate::{Scope, TemplateError, helpers};

/// How deep `( )` may nest.
const MAX_DEPTH: usize = 16;

/// A tag's inside, taken apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Inside {
    /// The first word.
    pub(super) name: String,
    /// Everything after it that has no name.
    pub(super) values: Vec<Argument>,
    /// Everything that has one.
    pub(super) hash: Vec<(String, Argument)>,
    /// What stands between `as |` and `|`.
    pub(super) names: Vec<String>,
}

/// Takes a tag's inside apart.
pub(super) fn read(inside: &str, scope: Scope) -> Result<Inside, TemplateError> {
    let mut reader = Reader {
        whole: inside,
        rest: inside,
        scope,
        depth: 0,
    };
    let Some(Word::Name(name)) = reader.word()? else {
        return Err(reader.unreadable());
    };
    let (values, hash, names) = reader.arguments(false)?;
    Ok(Inside {
        name: name.to_owned(),
        values,
        hash,
        names,
    })
}

/// A word of a tag.
enum Word<'s> {
    Open,
    Close,
    /// A string without its quotes.
    Text(String),
    /// `name=`.
    Key(&'s str),
    /// What stands between `|` and `|`.
    Names(&'s str),
    Name(&'s str),
}

struct Reader<'s> {
    whole: &'s str,
    rest: &'s str,
    scope: Scope,
    depth: usize,
}

type Parts = (Vec<Argument>, Vec<(String, Argument)>, Vec<String>);

impl<'s> Reader<'s> {
    fn unreadable(&self) -> TemplateError {
        TemplateError::Unsupported {
            what: shorten(self.whole),
        }
    }

    fn word(&mut self) -> Result<Option<Word<'s>>, TemplateError> {
        let rest = self.rest.trim_start();
        let Some(first) = rest.chars().next() else {
            self.rest = rest;
            return Ok(None);
        };
        let skip = |bytes: usize| rest.get(bytes..).unwrap_or_default();
        let (word, after) = match first {
            '(' => (Word::Open, skip(1)),
            ')' => (Word::Close, skip(1)),
            '"' | '\'' => {
                let (text, after) = quoted(skip(1), first).ok_or_else(|| self.unreadable())?;
                (Word::Text(text), after)
            }
            '|' => {
                let (names, after) = skip(1).split_once('|').ok_or_else(|| self.unreadable())?;
                (Word::Names(names), after)
            }
            _ => {
                let end = name_end(rest);
                let (name, after) = rest.split_at(end);
                if name.is_empty() {
                    return Err(self.unreadable());
                }
                match after.strip_prefix('=') {
                    Some(after) => (Word::Key(name), after),
                    None => (Word::Name(name), after),
                }
            }
        };
        self.rest = after;
        Ok(Some(word))
    }

    /// Everything up to the end, or up to `)`.
    fn arguments(&mut self, in_call: bool) -> Result<Parts, TemplateError> {
        let (mut values, mut hash, mut names) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            match self.word()? {
                None if in_call => return Err(self.unreadable()),
                None => return Ok((values, hash, names)),
                Some(Word::Close) if in_call => return Ok((values, hash, names)),
                Some(Word::Name("as")) if !in_call && self.rest.trim_start().starts_with('|') => {
                    if let Some(Word::Names(list)) = self.word()? {
                        names = list.split_whitespace().map(str::to_owned).collect();
                    }
                }
                Some(Word::Key(key)) => {
                    let word = self.word()?.ok_or_else(|| self.unreadable())?;
                    hash.push((key.to_owned(), self.argument(word)?));
                }
                Some(word) => values.push(self.argument(word)?),
            }
        }
    }

    fn argument(&mut self, word: Word<'s>) -> Result<Argument, TemplateError> {
        match word {
            Word::Text(text) => Ok(Argument::Literal(Value::String(text))),
            Word::Name(name) => self.name(name),
            Word::Open => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(TemplateError::TooDeep { limit: MAX_DEPTH });
                }
                let Some(Word::Name(name)) = self.word()? else {
                    return Err(self.unreadable());
                };
                let (values, hash, _) = self.arguments(true)?;
                self.depth -= 1;
                if values.is_empty() && hash.is_empty() && helpers::get(name).is_none() {
                    return self.name(name);
                }
                Ok(Argument::Call(Box::new(invocation(name, values, hash)?)))
            }
            Word::Close | Word::Key(_) | Word::Names(_) => Err(self.unreadable()),
        }
    }

    fn name(&self, name: &str) -> Result<Argument, TemplateError> {
        if let Some(literal) = literal(name) {
            return Ok(Argument::Literal(literal));
        }
        let lookup = Lookup::parse(name, self.scope, true)?;
        lookup.map(Argument::Lookup).ok_or_else(|| self.unreadable())
    }
}

/// A call of a helper, checked as far as it can be.
pub(super) fn invocation(
    name: &str,
    values: Vec<Argument>,
    hash: Vec<(String, Argument)>,
) -> Result<Invocation, TemplateError> {
    let helper = helpers::get(name).ok_or_else(|| TemplateError::Unsupported { what: shorten(name) })?;
    if let Some(reason) = helper.refuses(&values) {
        return Err(TemplateError::Arguments {
            name: helper.name,
            reason,
        });
    }
    Ok(Invocation { helper, values, hash })
}

/// Where a name ends. What stands between brackets belongs to it, whatever it is.
fn name_end(text: &str) -> usize {
    let mut depth = 0usize;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) => {
                if c == open {
                    quote = None;
                }
            }
            None => match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                '"' | '\'' if depth > 0 => quote = Some(c),
                _ if depth > 0 => {}
                '(' | ')' | '=' | '|' | '"' | '\'' => return at,
                c if c.is_whitespace() => return at,
                _ => {}
            },
        }
    }
    text.len()
}

/// A string up to its closing quote, and what follows.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == quote {
            return Some((out, chars.as_str()));
        }
        if c == '\\' && chars.as_str().starts_with(quote) {
            chars.next();
            out.push(quote);
        } else {
            out.push(c);
        }
    }
    None
}

/// A keyword or number.
fn literal(name: &str) -> Option<Value> {
    match name {
        "true" => return Some(Value::Bool(true)),
        "false" => return Some(Value::Bool(false)),
        "null" | "undefined" => return Some(Value::Null),
        _ => {}
    }
    let digits = name.strip_prefix('-').unwrap_or(name);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let whole = name.parse::<i64>().ok().map(Value::from);
    whole.or_else(|| Number::from_f64(name.parse().ok()?).map(Value::Number))
}
