//! Blocks: parts that show or repeat other parts.

use std::borrow::Cow;

use serde_json::Value;

use crate::argument::Argument;
use crate::env::Frame;
use crate::value::truthy;
use crate::{Env, RenderError, Template};

/// `{{#if}}..{{else}}..{{/if}}` and its like.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub(crate) flow: Flow,
    /// What it looks at.
    pub(crate) subject: Argument,
    /// Names for the item and its place: `as |item index|`.
    pub(crate) names: Vec<String>,
    pub(crate) body: Template,
    pub(crate) otherwise: Template,
}

/// What a block does with its bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Shows the body if the subject counts as true.
    If {
        /// Zero counts as true as well.
        include_zero: bool,
    },
    /// Shows the body if it does not.
    Unless {
        /// Zero counts as true as well.
        include_zero: bool,
    },
    /// Shows the body for each item or member.
    Each,
    /// Shows the body with the subject as `this`.
    With,
    /// `{{#name}}`: as `each` for an array, `with` for an object, `if` for everything else.
    Section,
}

/// A branch of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Branch {
    /// What shows when the block applies.
    Body,
    /// What shows when it does not: what follows `{{else}}`.
    Otherwise,
}

/// Something that has an environment: the environment itself, or what is built around it.
pub trait Stage<'a> {
    /// The environment.
    fn env(&mut self) -> &mut Env<'a>;
}

impl<'a> Stage<'a> for Env<'a> {
    fn env(&mut self) -> &mut Self {
        self
    }
}

impl Block {
    /// One of its two branches.
    pub fn branch(&self, branch: Branch) -> &Template {
        match branch {
            Branch::Body => &self.body,
            Branch::Otherwise => &self.otherwise,
        }
    }

    /// Shows the right branch, as often as needed.
    ///
    /// # Errors
    /// Those of `show`, of helpers in the block's tag, and of too much work or nesting.
    pub fn run<'a, S: Stage<'a>, E: From<RenderError>>(
        &self,
        stage: &mut S,
        show: &mut dyn FnMut(&mut S, Branch) -> Result<(), E>,
    ) -> Result<(), E> {
        let env = stage.env();
        env.work(1)?;
        match self.flow {
            Flow::If { include_zero } => {
                let holds = holds(&*self.subject.value(env)?, include_zero);
                self.choose(holds, stage, show)
            }
            Flow::Unless { include_zero } => {
                let holds = holds(&*self.subject.value(env)?, include_zero);
                self.choose(!holds, stage, show)
            }
            Flow::Each => {
                let subject = self.subject.apart(env)?;
                self.each(subject, stage, show)
            }
            Flow::With => {
                let subject = self.subject.apart(env)?;
                if truthy(&subject) || subject.is_number() {
                    self.with(subject, stage, show)
                } else {
                    self.choose(false, stage, show)
                }
            }
            Flow::Section => {
                let subject = self.subject.apart(env)?;
                match &*subject {
                    Value::Array(_) => self.each(subject, stage, show),
                    Value::Object(_) => self.with(subject, stage, show),
                    other => {
                        let holds = truthy(other);
                        self.choose(holds, stage, show)
                    }
                }
            }
        }
    }

    fn choose<'a, S: Stage<'a>, E: From<RenderError>>(
        &self,
        holds: bool,
        stage: &mut S,
        show: &mut dyn FnMut(&mut S, Branch) -> Result<(), E>,
    ) -> Result<(), E> {
        let branch = if holds { Branch::Body } else { Branch::Otherwise };
        if self.branch(branch).is_empty() {
            return Ok(());
        }
        stage.env().deeper()?;
        show(stage, branch)?;
        stage.env().shallower();
        Ok(())
    }

    fn with<'a, S: Stage<'a>, E: From<RenderError>>(
        &self,
        this: Cow<'a, Value>,
        stage: &mut S,
        show: &mut dyn FnMut(&mut S, Branch) -> Result<(), E>,
    ) -> Result<(), E> {
        stage.env().push(Frame::block(this, None, &self.names))?;
        show(stage, Branch::Body)?;
        stage.env().pop();
        Ok(())
    }

    fn each<'a, S: Stage<'a>, E: From<RenderError>>(
        &self,
        subject: Cow<'a, Value>,
        stage: &mut S,
        show: &mut dyn FnMut(&mut S, Branch) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut turns = Frame::turns(subject, &self.names).peekable();
        if turns.peek().is_none() {
            return self.choose(false, stage, show);
        }
        for frame in turns {
            stage.env().work(1)?;
            stage.env().push(frame)?;
            show(stage, Branch::Body)?;
            stage.env().pop();
        }
        Ok(())
    }
}

fn holds(value: &Value, include_zero: bool) -> bool {
    truthy(value) || (include_zero && value.is_number())
}
