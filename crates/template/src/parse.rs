//! From source to parts, in one pass.

use crate::error::shorten;
use crate::lookup::Lookup;
use crate::template::{MAX_SOURCE, MAX_VARIABLES, Part, Template, Variable};
use crate::{Scope, TemplateError};

/// Reads a template.
pub(crate) fn parse(source: &str, scope: Scope) -> Result<Template, TemplateError> {
    if source.len() > MAX_SOURCE {
        return Err(TemplateError::TooLong { limit: MAX_SOURCE });
    }
    let mut parts = Parts::default();
    let mut rest = source;
    while let Some(at) = rest.find('{') {
        let (text, tag) = rest.split_at(at);
        parts.literal(text);
        let at = source.len() - tag.len();
        rest = if tag.starts_with("{{{") {
            triple(tag, at, scope, &mut parts)?
        } else if tag.starts_with("{{") {
            double(tag, at, scope, &mut parts)?
        } else {
            single(tag, scope, &mut parts)?
        };
    }
    parts.literal(rest);
    Ok(Template { parts: parts.done })
}

/// `{{{name}}}`; returns what follows it.
fn triple<'a>(tag: &'a str, at: usize, scope: Scope, parts: &mut Parts) -> Result<&'a str, TemplateError> {
    let (inside, after) = tag
        .strip_prefix("{{{")
        .and_then(|inside| inside.split_once("}}}"))
        .ok_or(TemplateError::Unclosed { at })?;
    parts.variable(inside.trim(), require(inside.trim(), scope)?, String::new(), true)?;
    Ok(after)
}

/// `{{name}}` and the other two-brace tags; returns what follows.
fn double<'a>(tag: &'a str, at: usize, scope: Scope, parts: &mut Parts) -> Result<&'a str, TemplateError> {
    let unclosed = TemplateError::Unclosed { at };
    let inside = tag.strip_prefix("{{").unwrap_or_default();
    if let Some(comment) = inside.strip_prefix("!--") {
        return comment.split_once("--}}").map(|(_, after)| after).ok_or(unclosed);
    }
    let (inside, after) = inside.split_once("}}").ok_or(unclosed)?;
    let name = inside.trim();
    if name.starts_with('!') {
        return Ok(after);
    }
    let (name, raw) = name
        .strip_prefix('&')
        .map_or((name, false), |name| (name.trim_start(), true));
    if name == "else" {
        return Err(TemplateError::Unsupported { what: name.to_owned() });
    }
    parts.variable(name, require(name, scope)?, String::new(), raw)?;
    Ok(after)
}

/// `{name}`, or just a brace; returns what follows.
fn single<'a>(tag: &'a str, scope: Scope, parts: &mut Parts) -> Result<&'a str, TemplateError> {
    let inside = tag.strip_prefix('{').unwrap_or_default();
    let name = closing(inside).map(|end| inside.split_at(end));
    if let Some((name, after)) = name {
        let after = after.strip_prefix('}').unwrap_or_default();
        if let Some(lookup) = Lookup::parse(name, scope, false)? {
            let otherwise = if is_url(name, &lookup) {
                String::new()
            } else {
                format!("{{{name}}}")
            };
            parts.variable(name, lookup, otherwise, false)?;
            return Ok(after);
        }
        if is_dashed(name) {
            return Err(TemplateError::Name { name: shorten(name) });
        }
    }
    parts.literal("{");
    Ok(inside)
}

/// Reads the inside of a tag that must be a variable.
fn require(text: &str, scope: Scope) -> Result<Lookup, TemplateError> {
    Lookup::parse(text, scope, true)?.ok_or_else(|| TemplateError::Unsupported { what: shorten(text) })
}

/// Where the tag's closing brace is, if a name can begin here and no other brace comes first.
fn closing(inside: &str) -> Option<usize> {
    let first = inside.chars().next()?;
    if !(first.is_alphabetic() || matches!(first, '_' | '$' | '@')) {
        return None;
    }
    let end = inside.find(['{', '}', '\n', '\r'])?;
    inside.get(end..)?.starts_with('}').then_some(end)
}

/// Whether a missing value prints nothing although the tag has one brace.
fn is_url(name: &str, lookup: &Lookup) -> bool {
    lookup.is_url() || name.starts_with("$.urls")
}

/// Whether this would be a name if names could hold dashes: a mistake worth telling, where `{a: b}` is just text.
fn is_dashed(name: &str) -> bool {
    name.contains('-')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// The parts so far, with neighbouring literals joined.
#[derive(Default)]
struct Parts {
    done: Vec<Part>,
    variables: usize,
}

impl Parts {
    fn literal(&mut self, text: &str) {
        match self.done.last_mut() {
            Some(Part::Literal(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.done.push(Part::Literal(text.to_owned())),
        }
    }

    fn variable(&mut self, name: &str, lookup: Lookup, otherwise: String, raw: bool) -> Result<(), TemplateError> {
        self.variables += 1;
        if self.variables > MAX_VARIABLES {
            return Err(TemplateError::TooManyVariables { limit: MAX_VARIABLES });
        }
        self.done.push(Part::Variable(Variable {
            lookup,
            name: name.to_owned(),
            otherwise,
            raw,
        }));
        Ok(())
    }
}
