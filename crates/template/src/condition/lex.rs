//! From characters to tokens.

use crate::ConditionError;

/// A token of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A number, without sign.
    Number(f64),
    /// A string in either quotes.
    Text(String),
    /// A name or keyword.
    Name(String),
    /// An operator or bracket.
    Mark(&'static str),
}

/// A token and where it begins, in bytes.
pub(super) type Placed = (usize, Token);

/// Operators and brackets, longest first so that the first match is the right one.
const MARKS: &[&str] = &[
    "===", "!==", "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(", ")", "[",
    "]", ".", ",",
];

/// Reads all tokens.
pub(super) fn tokens(source: &str) -> Result<Vec<Placed>, ConditionError> {
    let mut tokens = Vec::new();
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        let at = source.len() - rest.len();
        let (token, after) = if first.is_ascii_digit() {
            number(rest, at)?
        } else if matches!(first, '"' | '\'') {
            text(rest, first, at)?
        } else if is_name(first) {
            let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            (Token::Name(name.to_owned()), after)
        } else {
            let mark = MARKS.iter().find(|mark| rest.starts_with(**mark));
            let mark = mark.ok_or(ConditionError::Syntax {
                at,
                reason: "this character has no meaning here",
            })?;
            (Token::Mark(mark), rest.get(mark.len()..).unwrap_or_default())
        };
        tokens.push((at, token));
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

fn number(source: &str, at: usize) -> Result<(Token, &str), ConditionError> {
    let digits = source.find(|c: char| !c.is_ascii_digit()).unwrap_or(source.len());
    let fraction = source
        .get(digits..)
        .and_then(|rest| rest.strip_prefix('.'))
        .map_or(0, |rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            if end == 0 { 0 } else { end + 1 }
        });
    let (text, after) = source.split_at(digits + fraction);
    let number = text.parse().map_err(|_| ConditionError::Syntax {
        at,
        reason: "this is no number",
    })?;
    Ok((Token::Number(number), after))
}

fn text(source: &str, quote: char, at: usize) -> Result<(Token, &str), ConditionError> {
    let mut text = String::new();
    let mut chars = source.chars();
    chars.next();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(other) => text.push(other),
                None => break,
            },
            c if c == quote => return Ok((Token::Text(text), chars.as_str())),
            c => text.push(c),
        }
    }
    Err(ConditionError::Syntax {
        at,
        reason: "the string is not closed",
    })
}
