//! White space that belongs to tags.
//!
//! `~` takes all of it on its side. A tag that prints nothing and stands alone on its line takes the whole line, as in
//! the Mustache specification and handlebars.js 4.

use super::tokens::{Kind, Tag, Token};

/// What a tag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Taken {
    before: bool,
    after: bool,
    line: bool,
}

/// Takes it away.
pub(super) fn take(tokens: &mut [Token]) {
    let taken = |(index, token): (usize, &Token)| match token {
        Token::Tag(tag) => Some(Taken {
            before: tag.trims_before,
            after: tag.trims_after,
            line: is_alone(tokens, index),
        }),
        _ => None,
    };
    let tags: Vec<Option<Taken>> = tokens.iter().enumerate().map(taken).collect();
    let tag_at = |index: usize| tags.get(index).copied().flatten();
    for (index, token) in tokens.iter_mut().enumerate() {
        let Token::Text(text) = token else { continue };
        let mut rest = text.as_str();
        match index.checked_sub(1).and_then(tag_at) {
            Some(Taken { after: true, .. }) => rest = rest.trim_start(),
            Some(Taken { line: true, .. }) => rest = without_line_end(rest),
            _ => {}
        }
        match tag_at(index + 1) {
            Some(Taken { before: true, .. }) => rest = rest.trim_end(),
            Some(Taken { line: true, .. }) => rest = rest.trim_end_matches([' ', '\t']),
            _ => {}
        }
        if rest.len() < text.len() {
            *text = rest.to_owned();
        }
    }
}

/// Whether a tag that prints nothing is the only thing on its line.
fn is_alone(tokens: &[Token], index: usize) -> bool {
    let Some(Token::Tag(Tag { kind, .. })) = tokens.get(index) else {
        return false;
    };
    if matches!(kind, Kind::Print { .. }) {
        return false;
    }
    let before = match index.checked_sub(1) {
        None => true,
        Some(previous) => match tokens.get(previous) {
            Some(Token::Text(text)) => ends_line(text, previous == 0),
            _ => false,
        },
    };
    before
        && match tokens.get(index + 1) {
            None => true,
            Some(Token::Text(text)) => begins_line(text, index + 2 == tokens.len()),
            Some(_) => false,
        }
}

/// Whether only blanks follow the last line end.
fn ends_line(text: &str, is_first: bool) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default();
    (text.contains('\n') || is_first) && line.trim().is_empty()
}

/// Whether only blanks come before the first line end.
fn begins_line(text: &str, is_last: bool) -> bool {
    let line = text.split('\n').next().unwrap_or_default();
    (text.contains('\n') || is_last) && line.trim().is_empty()
}

/// Blanks and one line end taken off the front.
fn without_line_end(text: &str) -> &str {
    let rest = text.trim_start_matches([' ', '\t']);
    let rest = rest
        .strip_prefix('\r')
        .filter(|rest| rest.starts_with('\n'))
        .unwrap_or(rest);
    rest.strip_prefix('\n').unwrap_or(rest)
}
