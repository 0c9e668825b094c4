//! What helpers and blocks are given.

use std::borrow::Cow;

use serde_json::Value;

use crate::helpers::{Arguments, Fail, Helper};
use crate::lookup::Lookup;
use crate::{Env, RenderError, query};

/// A value that is given to a helper or block.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Argument {
    /// As written.
    Literal(Value),
    /// What a name stands for.
    Lookup(Lookup),
    /// What a helper makes: `(add 1 2)`.
    Call(Box<Invocation>),
}

/// A helper with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Invocation {
    pub(crate) helper: &'static Helper,
    pub(crate) values: Vec<Argument>,
    /// `name=value`.
    pub(crate) hash: Vec<(String, Argument)>,
}

impl Argument {
    /// The value; null if there is none.
    pub(crate) fn value<'e>(&'e self, env: &'e Env<'_>) -> Result<Cow<'e, Value>, RenderError> {
        match self {
            Self::Literal(value) => Ok(Cow::Borrowed(value)),
            Self::Lookup(lookup) => Ok(env.find(lookup)?.unwrap_or(Cow::Owned(Value::Null))),
            Self::Call(invocation) => invocation.value(env),
        }
    }

    /// The same, independent of the environment.
    pub(crate) fn apart<'a>(&self, env: &Env<'a>) -> Result<Cow<'a, Value>, RenderError> {
        match self {
            Self::Lookup(lookup) => Ok(env.find_apart(lookup)?.unwrap_or(Cow::Owned(Value::Null))),
            other => Ok(Cow::Owned(other.value(env)?.into_owned())),
        }
    }

    /// The text, if it is one as written.
    pub(crate) fn literal_text(&self) -> Option<&str> {
        match self {
            Self::Literal(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

impl Invocation {
    /// What the helper makes.
    pub(crate) fn value<'e>(&'e self, env: &'e Env<'_>) -> Result<Cow<'e, Value>, RenderError> {
        env.work(self.helper.steps)?;
        let values = self.values.iter().map(|argument| argument.value(env));
        let hash = self
            .hash
            .iter()
            .map(|(name, value)| Ok((name.as_str(), value.value(env)?)));
        let mut arguments = Arguments {
            env,
            values: values.collect::<Result<_, _>>()?,
            hash: hash.collect::<Result<_, RenderError>>()?,
        };
        let made = (self.helper.run)(&mut arguments).map_err(|fail| match fail {
            Fail::Reason(reason) => RenderError::Helper {
                name: self.helper.name,
                reason,
            },
            Fail::Render(error) => error,
        })?;
        if let Cow::Owned(value) = &made {
            env.work(query::cost(value))?;
        }
        Ok(made)
    }

    /// The name of the variable that [`Self::value`] did not find, where the helper prints one.
    pub(crate) fn missing_name(&self, env: &Env<'_>) -> Result<Option<String>, RenderError> {
        match self.values.first() {
            Some(path) if self.helper.prints_variable => {
                let path = path.value(env)?;
                let path = path.as_str().unwrap_or_default();
                let is_missing = crate::helpers::find(env, path)
                    .map_err(|fail| fail.named(self.helper.name))?
                    .is_none();
                Ok(is_missing.then(|| path.to_owned()))
            }
            _ => Ok(None),
        }
    }
}
