//! Arithmetic. What reads as a number is one; anything else fails the rendering.

use serde_json::{Number, Value};

use super::{Arguments, Fail, Outcome, made};
use crate::value;

fn operand(given: &Arguments<'_>, index: usize) -> Result<f64, Fail> {
    let value = given.at(index);
    let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
    value::number(value)
        .filter(|_| !is_blank)
        .ok_or_else(|| "is given something that is no number".into())
}

fn one<'e>(given: &Arguments<'e>, operation: fn(f64) -> f64) -> Outcome<'e> {
    number(operation(operand(given, 0)?))
}

fn two<'e>(given: &Arguments<'e>, operation: fn(f64, f64) -> f64) -> Outcome<'e> {
    number(operation(operand(given, 0)?, operand(given, 1)?))
}

fn number<'e>(value: f64) -> Outcome<'e> {
    let number = Number::from_f64(value).ok_or_else(|| Fail::from("comes to no number"))?;
    made(Value::Number(number))
}

pub(super) fn abs<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    one(given, f64::abs)
}

pub(super) fn ceil<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    one(given, f64::ceil)
}

pub(super) fn floor<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    one(given, f64::floor)
}

/// Half goes away from zero: `-1.5` becomes `-2`.
pub(super) fn round<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    one(given, f64::round)
}

pub(super) fn inc<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    one(given, |value| value + 1.0)
}

pub(super) fn add<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    two(given, |left, right| left + right)
}

pub(super) fn subtract<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    two(given, |left, right| left - right)
}

pub(super) fn multiply<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    two(given, |left, right| left * right)
}

pub(super) fn divide<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    not_by_zero(given)?;
    two(given, |left, right| left / right)
}

/// The remainder has the sign of what is divided.
pub(super) fn modulo<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    not_by_zero(given)?;
    two(given, |left, right| left % right)
}

fn not_by_zero(given: &Arguments<'_>) -> Result<(), Fail> {
    if operand(given, 1)? == 0.0 {
        return Err("divides by zero".into());
    }
    Ok(())
}
