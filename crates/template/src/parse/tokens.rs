//! From characters to text and tags.

use crate::error::shorten;
use crate::lookup::Lookup;
use crate::part::Variable;
use crate::{Scope, TemplateError};

/// A piece of the source.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Text(String),
    /// `{name}`.
    Variable(Variable),
    /// `{{ .. }}`.
    Tag(Tag),
}

/// A tag with two or more braces.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tag {
    pub(super) kind: Kind,
    /// What stands between the braces and marks.
    pub(super) inside: String,
    /// Where it begins, in bytes.
    pub(super) at: usize,
    /// `{{~`: takes the white space before it.
    pub(super) trims_before: bool,
    /// `~}}`: takes the white space after it.
    pub(super) trims_after: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `{{name}}`, raw with `{{{name}}}` and `{{&name}}`.
    Print { raw: bool },
    /// `{{#name}}`, inverted with `{{^name}}`.
    Open { inverted: bool },
    /// `{{else}}`, `{{^}}`, `{{else if x}}`.
    Else,
    /// `{{/name}}`.
    Close,
    /// `{{> name}}`.
    Snippet,
    /// `{{! .. }}`.
    Comment,
}

/// Reads all tokens.
pub(super) fn tokens(source: &str, scope: Scope) -> Result<Vec<Token>, TemplateError> {
    let mut lexer = Lexer {
        source,
        scope,
        tokens: Vec::new(),
    };
    let mut rest = source;
    while let Some(at) = rest.find('{') {
        let (before, tag) = rest.split_at(at);
        rest = if tag.starts_with("{{") {
            lexer.braces(before, tag)?
        } else {
            lexer.text(before);
            lexer.single(tag)?
        };
    }
    lexer.text(rest);
    Ok(lexer.tokens)
}

struct Lexer<'s> {
    source: &'s str,
    scope: Scope,
    tokens: Vec<Token>,
}

impl<'s> Lexer<'s> {
    fn text(&mut self, text: &str) {
        match self.tokens.last_mut() {
            Some(Token::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.tokens.push(Token::Text(text.to_owned())),
        }
    }

    /// Two braces or more, and the text before them, where a backslash takes their meaning; returns what follows.
    fn braces(&mut self, before: &'s str, tag: &'s str) -> Result<&'s str, TemplateError> {
        let Some(unescaped) = before.strip_suffix('\\') else {
            self.text(before);
            return self.tag(tag);
        };
        self.text(unescaped);
        if unescaped.ends_with('\\') {
            return self.tag(tag);
        }
        let end = tag.find("}}").map_or(tag.len(), |end| end + 2);
        let (literal, after) = tag.split_at(end);
        self.text(literal);
        Ok(after)
    }

    fn tag(&mut self, tag: &'s str) -> Result<&'s str, TemplateError> {
        let at = self.source.len() - tag.len();
        let unclosed = || TemplateError::Unclosed { at };
        if let Some(raw) = tag.strip_prefix("{{{{") {
            let (name, rest) = raw.split_once("}}}}").ok_or_else(unclosed)?;
            let end = format!("{{{{{{{{/{}}}}}}}}}", name.trim());
            let (text, after) = rest.split_once(end.as_str()).ok_or_else(unclosed)?;
            self.text(text);
            return Ok(after);
        }
        let inside = tag.strip_prefix("{{").unwrap_or_default();
        let (inside, trims_before) = strip_mark(inside);
        if let Some(comment) = inside.strip_prefix("!--") {
            let ends = [("--}}", false), ("--~}}", true)];
            let ends = ends.map(|(mark, trims)| comment.find(mark).map(|at| (at, mark.len(), trims)));
            let (end_at, length, trims_after) = ends.into_iter().flatten().min().ok_or_else(unclosed)?;
            self.push(Kind::Comment, "", at, trims_before, trims_after);
            return Ok(comment.get(end_at + length..).unwrap_or_default());
        }
        let (inside, raw) = match inside.strip_prefix('{') {
            Some(inside) => (inside, true),
            None => (inside, false),
        };
        let is_comment = inside.trim_start().starts_with('!');
        let end = end_of(inside, raw, is_comment).ok_or_else(unclosed)?;
        let (inside, after) = inside.split_at(end);
        let after = if raw {
            after.strip_prefix('}').unwrap_or(after)
        } else {
            after
        };
        let (after, trims_after) = if raw {
            strip_mark(after)
        } else {
            (after, inside.ends_with('~'))
        };
        let after = after.strip_prefix("}}").ok_or_else(unclosed)?;
        let inside = if raw {
            inside
        } else {
            inside.strip_suffix('~').unwrap_or(inside)
        };
        let (kind, inside) = kind(inside.trim(), raw);
        self.push(kind, inside, at, trims_before, trims_after);
        Ok(after)
    }

    fn push(&mut self, kind: Kind, inside: &str, at: usize, trims_before: bool, trims_after: bool) {
        self.tokens.push(Token::Tag(Tag {
            kind,
            inside: inside.to_owned(),
            at,
            trims_before,
            trims_after,
        }));
    }

    /// `{name}`, or just a brace; returns what follows.
    fn single(&mut self, tag: &'s str) -> Result<&'s str, TemplateError> {
        let inside = tag.strip_prefix('{').unwrap_or_default();
        if let Some(end) = closing(inside) {
            let (name, after) = inside.split_at(end);
            let after = after.strip_prefix('}').unwrap_or_default();
            if let Some(lookup) = Lookup::parse(name, self.scope, false)? {
                let is_url = lookup.is_url() || name.starts_with("$.urls");
                let otherwise = if is_url { String::new() } else { format!("{{{name}}}") };
                self.tokens.push(Token::Variable(Variable {
                    lookup,
                    name: name.to_owned(),
                    otherwise,
                    raw: false,
                }));
                return Ok(after);
            }
            if is_dashed(name) {
                return Err(TemplateError::Name { name: shorten(name) });
            }
        }
        self.text("{");
        Ok(inside)
    }
}

/// Takes a `~` off the front.
fn strip_mark(text: &str) -> (&str, bool) {
    match text.strip_prefix('~') {
        Some(rest) => (rest, true),
        None => (text, false),
    }
}

/// What kind of tag this is, and what stands in it beside the marks of its kind.
fn kind(inside: &str, raw: bool) -> (Kind, &str) {
    if raw {
        return (Kind::Print { raw: true }, inside);
    }
    let after = |mark: char| inside.strip_prefix(mark).map(str::trim);
    if inside.starts_with('!') {
        (Kind::Comment, "")
    } else if let Some(name) = after('&') {
        (Kind::Print { raw: true }, name)
    } else if let Some(rest) = after('#') {
        (Kind::Open { inverted: false }, rest)
    } else if let Some(rest) = after('/') {
        (Kind::Close, rest)
    } else if let Some(rest) = after('>') {
        (Kind::Snippet, rest)
    } else if let Some(rest) = after('^') {
        if rest.is_empty() {
            (Kind::Else, rest)
        } else {
            (Kind::Open { inverted: true }, rest)
        }
    } else if let Some(rest) = inside
        .strip_prefix("else")
        .filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
    {
        (Kind::Else, rest.trim())
    } else {
        (Kind::Print { raw: false }, inside)
    }
}

/// Where the tag ends: at the first closing braces outside of quotes.
fn end_of(inside: &str, raw: bool, is_comment: bool) -> Option<usize> {
    let closes = |at: usize| {
        let rest = inside.get(at..).unwrap_or_default();
        if raw {
            rest.starts_with("}}}") || rest.starts_with("}~}}")
        } else {
            rest.starts_with("}}")
        }
    };
    let first = || inside.match_indices('}').map(|(at, _)| at).find(|at| closes(*at));
    if is_comment {
        return first();
    }
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in inside.char_indices() {
        let may_open = before.is_whitespace() || "([=,".contains(before);
        if quote.is_some() {
            if quote == Some(c) && before != '\\' {
                quote = None;
            }
        } else if matches!(c, '"' | '\'') && may_open {
            // An apostrophe inside a word opens nothing.
            quote = Some(c);
        } else if c == '}' && closes(at) {
            return Some(at);
        }
        before = c;
    }
    first()
}

/// Where a single-brace tag's closing brace is, if a name can begin here and no other brace comes first.
fn closing(inside: &str) -> Option<usize> {
    let first = inside.chars().next()?;
    if !(first.is_alphabetic() || matches!(first, '_' | '$' | '@')) {
        return None;
    }
    let end = inside.find(['{', '}', '\n', '\r'])?;
    inside.get(end..)?.starts_with('}').then_some(end)
}

/// Whether this would be a name if names could hold dashes: a mistake worth telling, where `{a: b}` is just text.
fn is_dashed(name: &str) -> bool {
    name.contains('-')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
