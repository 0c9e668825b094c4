//! Conditions: the expressions of `if`, and their structured form.

mod evaluate;
mod group;
mod lex;
mod parse;

use serde_json::Value;

use self::group::Group;
use self::parse::Expression;
use crate::{Env, value};

/// The longest expression, in bytes.
pub const MAX_LENGTH: usize = 4_096;
/// How deep parentheses and the like may nest.
pub const MAX_DEPTH: usize = 32;
/// How many operators, names and values an expression may hold.
pub const MAX_PARTS: usize = 400;
/// The longest text an expression may build, in bytes.
pub const MAX_TEXT: usize = 64 << 10;

/// When something applies.
///
/// Written as an expression (`data.plan == 'pro' && profile.age >= 18`), optionally inside `{{ }}`, or as an array of
/// groups, of which one must hold.
///
/// The language is a small part of JavaScript: `== === != !== < <= > >= && || ! + - * / % in`, `a ? b : c`,
/// parentheses, numbers, strings in either quotes, `true`, `false`, `null`, `undefined`, members (`a.b`, `a["b"]`,
/// `a[0]`, `.length`), and the calls `includes`, `startsWith` and `endsWith`. Names begin at the roots of the
/// [context](crate::Context), or at `$`, the context itself; inside a loop `$.item` and `$.index` are its turn. What is
/// not there is null, at any depth.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition(Kind);

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Constant(bool),
    /// An expression and the number of its parts.
    Expression(Expression, u32),
    AnyOf(Vec<Group>),
}

/// A condition that cannot be read or evaluated. Never holds a value of the context.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// It is no string and no array of groups.
    #[error("must be a string or an array of groups")]
    Form,
    /// A field of the structured form is missing or wrong.
    #[error("{field} {reason}")]
    Field {
        /// Where: `0.conditions.1.operator`.
        field: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// Longer than [`MAX_LENGTH`].
    #[error("is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nests deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// More than [`MAX_PARTS`] operators, names and values.
    #[error("has more than {limit} parts")]
    TooManyParts {
        /// The limit.
        limit: usize,
    },
    /// While being evaluated, a text grew beyond [`MAX_TEXT`].
    #[error("builds a text of more than {limit} bytes")]
    TextTooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The rendering it is part of has used up its steps.
    #[error("comes after too much work")]
    TooMuchWork,
    /// It breaks off, or has something that cannot stand there.
    #[error("cannot be read at byte {at}: {reason}")]
    Syntax {
        /// Where, in bytes.
        at: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// A name that is no root.
    #[error("names `{name}`, which is not known; begin with data, profile, tenant, brand or refs")]
    UnknownName {
        /// The name as written.
        name: String,
    },
    /// A call that is not offered.
    #[error("calls `{name}`, which is not offered")]
    UnknownCall {
        /// The name as written.
        name: String,
    },
}

impl Condition {
    /// Reads a condition: a string, an array of groups, or a plain boolean.
    pub fn parse(value: &Value) -> Result<Self, ConditionError> {
        match value {
            Value::Bool(constant) => Ok(Self(Kind::Constant(*constant))),
            Value::String(text) => Self::parse_expression(text),
            Value::Array(groups) => Ok(Self(Kind::AnyOf(group::parse(groups)?))),
            _ => Err(ConditionError::Form),
        }
    }

    /// Reads an expression.
    pub fn parse_expression(text: &str) -> Result<Self, ConditionError> {
        if text.len() > MAX_LENGTH {
            return Err(ConditionError::TooLong { limit: MAX_LENGTH });
        }
        let inside = text.trim();
        let inside = inside
            .strip_prefix("{{")
            .and_then(|inside| inside.strip_suffix("}}"))
            .unwrap_or(inside);
        let (expression, parts) = parse::parse(inside)?;
        Ok(Self(Kind::Expression(expression, parts)))
    }

    /// Whether it holds.
    pub fn evaluate(&self, env: &Env<'_>) -> Result<bool, ConditionError> {
        match &self.0 {
            Kind::Constant(constant) => Ok(*constant),
            Kind::Expression(expression, parts) => {
                env.work(*parts).map_err(|_| ConditionError::TooMuchWork)?;
                Ok(value::truthy(evaluate::evaluate(expression, env)?.as_ref()))
            }
            Kind::AnyOf(groups) => {
                for group in groups {
                    if group.holds(env)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }
}
