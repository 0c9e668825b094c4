//! What a template is made of.

use crate::argument::{Argument, Invocation};
use crate::block::Block;
use crate::env::Frame;
use crate::lookup::Lookup;
use crate::{Env, Escape, RenderError, print};

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    /// Text as it stands.
    Literal(String),
    /// A place to be filled in with a value.
    Variable(Variable),
    /// A place to be filled in with what a helper makes.
    Call(Call),
    /// `{{set name value}}`.
    Set(Set),
    /// `{{> name}}`.
    Snippet(Snippet),
    /// `{{#if}}..{{/if}}` and its like.
    Block(Box<Block>),
}

/// A place to be filled in with a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variable {
    /// Where the value is.
    pub(crate) lookup: Lookup,
    /// What the tag holds: the name by which people know it.
    pub(crate) name: String,
    /// Printed when there is no value.
    pub(crate) otherwise: String,
    /// Whether the value is never escaped.
    pub(crate) raw: bool,
}

/// A place to be filled in with what a helper makes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) invocation: Invocation,
    /// Whether the value is never escaped.
    pub(crate) raw: bool,
}

/// A variable being set; prints nothing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Set {
    pub(crate) name: Argument,
    pub(crate) value: Argument,
}

/// A brand's snippet, printed in place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Snippet {
    pub(crate) name: String,
    /// What `this` is inside, if not what it is outside.
    pub(crate) this: Option<Argument>,
    /// Names that hold inside.
    pub(crate) names: Vec<(String, Argument)>,
}

impl Part {
    /// Prints it.
    pub(crate) fn render(&self, env: &mut Env<'_>, escape: Escape, out: &mut String) -> Result<(), RenderError> {
        let before = out.len();
        match self {
            Self::Literal(text) if escape == Escape::HtmlText => Escape::Html.push(out, text),
            Self::Literal(text) => out.push_str(text),
            Self::Variable(variable) => variable.render(env, escape, out)?,
            Self::Call(call) => call.render(env, escape, out)?,
            Self::Set(set) => set.run(env)?,
            // Those count their own parts.
            Self::Snippet(snippet) => return snippet.render(env, escape, out),
            Self::Block(block) => {
                return block.run(env, &mut |env, branch| block.branch(branch).render_in(env, escape, out));
            }
        }
        env.wrote(out.len().saturating_sub(before))
    }
}

impl Variable {
    fn render(&self, env: &mut Env<'_>, escape: Escape, out: &mut String) -> Result<(), RenderError> {
        if let Some(value) = env.find(&self.lookup)? {
            print::push(out, if self.raw { Escape::None } else { escape }, &value);
            return Ok(());
        }
        escape.push(out, &self.otherwise);
        env.note_missing(&self.name, self.lookup.is_url())
    }
}

impl Call {
    fn render(&self, env: &mut Env<'_>, escape: Escape, out: &mut String) -> Result<(), RenderError> {
        let escape = if self.raw { Escape::None } else { escape };
        print::push(out, escape, &*self.invocation.value(env)?);
        match self.invocation.missing_name(env)? {
            Some(name) => env.note_missing(&name, false),
            None => Ok(()),
        }
    }
}

impl Set {
    fn run(&self, env: &mut Env<'_>) -> Result<(), RenderError> {
        let value = self.value.value(env)?.into_owned();
        let name = print::text(&*self.name.value(env)?).into_owned();
        env.set(&name, value)
    }
}

impl Snippet {
    fn render(&self, env: &mut Env<'_>, escape: Escape, out: &mut String) -> Result<(), RenderError> {
        let failed = |reason: String| RenderError::Snippet {
            name: self.name.clone(),
            reason,
        };
        let template = match env.options().snippets.and_then(|snippets| snippets.get(&self.name)) {
            Some(Ok(template)) => template,
            Some(Err(error)) => return Err(failed(error.to_string())),
            None => return Err(failed("is not there".to_owned())),
        };
        let this = self.this.as_ref().map(|this| this.apart(env)).transpose()?;
        let names = self
            .names
            .iter()
            .map(|(name, argument)| Ok((name.clone(), argument.apart(env)?)));
        let frame = Frame::snippet(this, names.collect::<Result<_, RenderError>>()?);
        env.push(frame)?;
        template.render_in(env, escape, out)?;
        env.leave();
        Ok(())
    }
}
