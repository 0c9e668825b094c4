//! From source to parts.
//!
//! Three steps: [`tokens`] splits the source into text and tags, [`spaces`] takes away the white space that belongs to
//! tags, and this module builds the tree, reading the inside of each tag by [`expression`].

mod block;
mod expression;
mod spaces;
mod tokens;

use self::expression::Inside;
use self::tokens::{Kind, Tag, Token};
use crate::error::shorten;
use crate::lookup::Lookup;
use crate::mask::MARKS;
use crate::part::{Call, Part, Set, Snippet, Variable};
use crate::template::{MAX_SOURCE, MAX_VARIABLES, Template};
use crate::{Scope, TemplateError, env};

/// Reads a template.
pub(crate) fn parse(source: &str, scope: Scope) -> Result<Template, TemplateError> {
    if source.len() > MAX_SOURCE {
        return Err(TemplateError::TooLong { limit: MAX_SOURCE });
    }
    let cleaned;
    let source = if source.contains(MARKS) {
        cleaned = source.replace(MARKS, "");
        &cleaned
    } else {
        source
    };
    let mut tokens = tokens::tokens(source, scope)?;
    spaces::take(&mut tokens);
    let mut parser = Parser {
        tokens: tokens.into_iter().peekable(),
        scope,
        parts: 0,
        depth: 0,
    };
    let template = parser.parts()?;
    match parser.tokens.next() {
        Some(Token::Tag(tag)) => Err(TemplateError::NeverOpened {
            what: shorten(if tag.kind == Kind::Else { "else" } else { &tag.inside }),
        }),
        _ => Ok(template),
    }
}

/// Reading under way.
struct Parser<I: Iterator<Item = Token>> {
    tokens: std::iter::Peekable<I>,
    scope: Scope,
    parts: usize,
    depth: usize,
}

impl<I: Iterator<Item = Token>> Parser<I> {
    /// Parts up to the end, or up to a tag that ends them.
    fn parts(&mut self) -> Result<Template, TemplateError> {
        let mut parts = Vec::new();
        while let Some(token) = self.tokens.next_if(|token| !ends_parts(token)) {
            let part = match token {
                Token::Text(text) if text.is_empty() => None,
                Token::Text(text) => Some(Part::Literal(text)),
                Token::Variable(variable) => Some(Part::Variable(variable)),
                Token::Tag(tag) => self.tag(&tag)?,
            };
            let Some(part) = part else { continue };
            match (parts.last_mut(), part) {
                (Some(Part::Literal(last)), Part::Literal(text)) => last.push_str(&text),
                (_, Part::Literal(text)) => parts.push(Part::Literal(text)),
                (_, part) => {
                    self.count()?;
                    parts.push(part);
                }
            }
        }
        Ok(Template { parts })
    }

    fn count(&mut self) -> Result<(), TemplateError> {
        self.parts += 1;
        if self.parts > MAX_VARIABLES {
            return Err(TemplateError::TooManyVariables { limit: MAX_VARIABLES });
        }
        Ok(())
    }

    fn tag(&mut self, tag: &Tag) -> Result<Option<Part>, TemplateError> {
        Ok(match tag.kind {
            Kind::Print { raw } => Some(self.print(&tag.inside, raw)?),
            Kind::Open { inverted } => Some(Part::Block(Box::new(self.block(tag, inverted)?))),
            Kind::Snippet => Some(Part::Snippet(self.snippet(&tag.inside)?)),
            Kind::Comment | Kind::Else | Kind::Close => None,
        })
    }

    /// A variable, a helper's value, or a variable being set.
    fn print(&self, inside: &str, raw: bool) -> Result<Part, TemplateError> {
        let Inside {
            name,
            values,
            hash,
            names,
        } = expression::read(inside, self.scope)?;
        if !names.is_empty() {
            return Err(TemplateError::Unsupported { what: shorten(inside) });
        }
        if values.is_empty() && hash.is_empty() {
            let lookup = Lookup::parse(&name, self.scope, true)?;
            return Ok(Part::Variable(Variable {
                lookup: lookup.ok_or_else(|| TemplateError::Unsupported { what: shorten(inside) })?,
                name,
                otherwise: String::new(),
                raw,
            }));
        }
        if name == "set" {
            return set(values);
        }
        Ok(Part::Call(Call {
            invocation: expression::invocation(&name, values, hash)?,
            raw,
        }))
    }

    fn snippet(&self, inside: &str) -> Result<Snippet, TemplateError> {
        let mut inside = expression::read(inside, self.scope)?;
        if inside.values.len() > 1 {
            return Err(TemplateError::Unsupported {
                what: format!("> {}", shorten(&inside.name)),
            });
        }
        Ok(Snippet {
            name: inside.name,
            this: inside.values.pop(),
            names: inside.hash,
        })
    }
}

/// `{{set name value}}`.
fn set(values: Vec<crate::argument::Argument>) -> Result<Part, TemplateError> {
    let refuse = |reason| TemplateError::Arguments { name: "set", reason };
    let mut values = values.into_iter();
    let (Some(name), Some(value), None) = (values.next(), values.next(), values.next()) else {
        return Err(refuse("takes a name and a value"));
    };
    if let Some(name) = name.literal_text()
        && let Err(reason) = env::settable(name)
    {
        return Err(refuse(reason));
    }
    Ok(Part::Set(Set { name, value }))
}

/// Whether a token ends the parts before it.
fn ends_parts(token: &Token) -> bool {
    matches!(token, Token::Tag(tag) if matches!(tag.kind, Kind::Else | Kind::Close))
}
