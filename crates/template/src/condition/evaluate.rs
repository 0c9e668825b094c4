//! From a tree and a context to a value.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use super::parse::{Binary, Call, Expression};
use super::{ConditionError, MAX_TEXT};
use crate::Env;
use crate::value::{child, compare, equal, holds, number, same, text, truthy};

type Evaluated<'a> = Result<Cow<'a, Value>, ConditionError>;

/// The value of an expression. Members are borrowed from the context, never copied.
pub(super) fn evaluate<'a>(expression: &'a Expression, env: &'a Env<'_>) -> Evaluated<'a> {
    Ok(match expression {
        Expression::Literal(value) => Cow::Borrowed(value),
        Expression::Root => Cow::Borrowed(env.context().root()),
        Expression::Member(of, key) => {
            let key = evaluate(key, env)?;
            match &**of {
                Expression::Root => env.top(&text(&key)).unwrap_or(Cow::Owned(Value::Null)),
                of => member(evaluate(of, env)?, &key),
            }
        }
        Expression::Not(operand) => owned(!truthy(evaluate(operand, env)?.as_ref())),
        Expression::Negate(operand) => owned(number(&*evaluate(operand, env)?).map(|number| -number)),
        Expression::Choice(test, yes, no) => {
            return evaluate(if truthy(evaluate(test, env)?.as_ref()) { yes } else { no }, env);
        }
        Expression::Call(call, on, argument) => owned(run(*call, &*evaluate(on, env)?, &*evaluate(argument, env)?)),
        Expression::Binary(operator, left, right) => return binary(*operator, left, right, env),
    })
}

fn owned<'a>(value: impl Into<Value>) -> Cow<'a, Value> {
    Cow::Owned(value.into())
}

fn binary<'a>(operator: Binary, left: &'a Expression, right: &'a Expression, env: &'a Env<'_>) -> Evaluated<'a> {
    let left = evaluate(left, env)?;
    match operator {
        Binary::Or if truthy(&left) => return Ok(left),
        Binary::And if !truthy(&left) => return Ok(left),
        _ => {}
    }
    let right = evaluate(right, env)?;
    let (l, r) = (&*left, &*right);
    Ok(match operator {
        Binary::Or | Binary::And => right,
        Binary::Equal => owned(equal(l, r)),
        Binary::NotEqual => owned(!equal(l, r)),
        Binary::Same => owned(same(l, r)),
        Binary::NotSame => owned(!same(l, r)),
        Binary::Less => owned(compare(l, r) == Some(Ordering::Less)),
        Binary::LessOrEqual => owned(compare(l, r).is_some_and(Ordering::is_le)),
        Binary::Greater => owned(compare(l, r) == Some(Ordering::Greater)),
        Binary::GreaterOrEqual => owned(compare(l, r).is_some_and(Ordering::is_ge)),
        Binary::In => owned(holds(r, l)),
        Binary::Add if l.is_string() || r.is_string() => owned(join(l, r)?),
        Binary::Add => arithmetic(l, r, |l, r| l + r),
        Binary::Subtract => arithmetic(l, r, |l, r| l - r),
        Binary::Multiply => arithmetic(l, r, |l, r| l * r),
        Binary::Divide => arithmetic(l, r, |l, r| l / r),
        Binary::Remainder => arithmetic(l, r, |l, r| l % r),
    })
}

/// What no number comes of, such as a division by zero, is null.
fn arithmetic<'a>(left: &Value, right: &Value, operation: fn(f64, f64) -> f64) -> Cow<'a, Value> {
    owned(
        number(left)
            .zip(number(right))
            .map(|(left, right)| operation(left, right)),
    )
}

fn join(left: &Value, right: &Value) -> Result<String, ConditionError> {
    let joined = text(left) + &text(right);
    if joined.len() > MAX_TEXT {
        return Err(ConditionError::TextTooLong { limit: MAX_TEXT });
    }
    Ok(joined)
}

fn run(call: Call, on: &Value, argument: &Value) -> bool {
    match call {
        Call::Includes => holds(on, argument),
        Call::StartsWith => on.as_str().is_some_and(|on| on.starts_with(&text(argument))),
        Call::EndsWith => on.as_str().is_some_and(|on| on.ends_with(&text(argument))),
    }
}

/// A member of a value; null if there is none.
fn member<'a>(of: Cow<'a, Value>, key: &Value) -> Cow<'a, Value> {
    if key.as_str() == Some("length") {
        match &*of {
            Value::Array(items) => return owned(items.len()),
            Value::String(text) => return owned(text.chars().count()),
            _ => {}
        }
    }
    let step = text(key);
    match of {
        Cow::Borrowed(value) => child(value, &step).map_or(Cow::Owned(Value::Null), Cow::Borrowed),
        Cow::Owned(value) => Cow::Owned(child(&value, &step).cloned().unwrap_or_default()),
    }
}
