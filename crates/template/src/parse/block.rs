//! Building blocks: what stands between a tag and the one that closes it.

use super::Parser;
use super::expression::{self, Inside};
use super::tokens::{Kind, Tag, Token};
use crate::argument::Argument;
use crate::block::{Block, Flow};
use crate::error::shorten;
use crate::lookup::Lookup;
use crate::part::Part;
use crate::{Template, TemplateError, helpers};

/// How deep blocks may nest, each `{{else if}}` counting as one more.
const MAX_DEPTH: usize = 48;

impl<I: Iterator<Item = Token>> Parser<I> {
    /// A whole block, from its opening tag on.
    pub(super) fn block(&mut self, open: &Tag, inverted: bool) -> Result<Block, TemplateError> {
        let inside = expression::read(&open.inside, self.scope)?;
        let name = inside.name.clone();
        let mut block = self.opened(inside)?;
        match self.tokens.next() {
            Some(Token::Tag(close)) if close.kind == Kind::Close && close.inside == name => {}
            Some(Token::Tag(close)) => {
                return Err(TemplateError::WrongClose {
                    open: shorten(&name),
                    close: shorten(&close.inside),
                });
            }
            _ => return Err(TemplateError::NeverClosed { name: shorten(&name) }),
        }
        if inverted {
            std::mem::swap(&mut block.body, &mut block.otherwise);
        }
        Ok(block)
    }

    /// A block whose opening tag is read, up to but without its closing tag.
    fn opened(&mut self, inside: Inside) -> Result<Block, TemplateError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(TemplateError::TooDeep { limit: MAX_DEPTH });
        }
        let names = inside.names.clone();
        let (flow, subject) = self.flow(inside)?;
        let body = self.parts()?;
        let otherwise = match self.tokens.peek() {
            Some(Token::Tag(tag)) if tag.kind == Kind::Else => self.otherwise()?,
            _ => Template::default(),
        };
        self.depth -= 1;
        Ok(Block {
            flow,
            subject,
            names,
            body,
            otherwise,
        })
    }

    /// What follows `{{else}}`, or the block that `{{else if x}}` opens.
    fn otherwise(&mut self) -> Result<Template, TemplateError> {
        let inside = match self.tokens.next() {
            Some(Token::Tag(tag)) => tag.inside,
            _ => String::new(),
        };
        if inside.is_empty() {
            return self.parts();
        }
        self.count()?;
        let block = self.opened(expression::read(&inside, self.scope)?)?;
        Ok(Template {
            parts: vec![Part::Block(Box::new(block))],
        })
    }

    /// What a block does, and with what.
    fn flow(&self, inside: Inside) -> Result<(Flow, Argument), TemplateError> {
        let Inside { name, values, hash, .. } = inside;
        let include_zero = hash
            .iter()
            .any(|(key, value)| key == "includeZero" && *value == Argument::Literal(true.into()));
        let flow = match name.as_str() {
            "if" => Flow::If { include_zero },
            "unless" => Flow::Unless { include_zero },
            "each" => Flow::Each,
            "with" => Flow::With,
            name if helpers::get(name).is_some() && !(values.is_empty() && hash.is_empty()) => {
                let call = expression::invocation(name, values, hash)?;
                let include_zero = false;
                return Ok((Flow::If { include_zero }, Argument::Call(Box::new(call))));
            }
            name if values.is_empty() => {
                let lookup = Lookup::parse(name, self.scope, true)?;
                let lookup = lookup.ok_or_else(|| TemplateError::Unsupported { what: shorten(name) })?;
                return Ok((Flow::Section, Argument::Lookup(lookup)));
            }
            name => {
                return Err(TemplateError::Unsupported {
                    what: format!("#{}", shorten(name)),
                });
            }
        };
        let mut values = values.into_iter();
        match (values.next(), values.next()) {
            (Some(subject), None) => Ok((flow, subject)),
            _ => Err(TemplateError::Block { name }),
        }
    }
}
