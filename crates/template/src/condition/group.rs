//! The structured form: groups of simple comparisons.

use std::cmp::Ordering;

use serde_json::Value;

use super::ConditionError;
use crate::lookup::Lookup;
use crate::value::{compare, equal, holds, is_empty, number};
use crate::{Env, Scope};

/// How many groups, and conditions in each, there may be.
const MAX_ITEMS: usize = 100;

/// Comparisons joined by "and" or "or".
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    all: bool,
    tests: Vec<Test>,
}

#[derive(Clone, Debug, PartialEq)]
struct Test {
    property: Lookup,
    operator: Operator,
    value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equals,
    NotEquals,
    GreaterThan,
    LessThan,
    GreaterThanOrEquals,
    LessThanOrEquals,
    Contains,
    NotContains,
    IsEmpty,
    IsNotEmpty,
}

const OPERATORS: &[(&str, Operator)] = &[
    ("equals", Operator::Equals),
    ("not_equals", Operator::NotEquals),
    ("greater_than", Operator::GreaterThan),
    ("less_than", Operator::LessThan),
    ("greater_than_or_equals", Operator::GreaterThanOrEquals),
    ("less_than_or_equals", Operator::LessThanOrEquals),
    ("contains", Operator::Contains),
    ("not_contains", Operator::NotContains),
    ("is_empty", Operator::IsEmpty),
    ("is_not_empty", Operator::IsNotEmpty),
];

/// Reads the groups.
pub(super) fn parse(groups: &[Value]) -> Result<Vec<Group>, ConditionError> {
    if groups.len() > MAX_ITEMS {
        return Err(wrong(String::new(), "has too many groups"));
    }
    groups
        .iter()
        .enumerate()
        .map(|(index, group)| parse_group(group, index))
        .collect()
}

fn wrong(field: String, reason: &'static str) -> ConditionError {
    ConditionError::Field { field, reason }
}

fn parse_group(group: &Value, index: usize) -> Result<Group, ConditionError> {
    let all = match group.get("logical_operator").map(Value::as_str) {
        None | Some(Some("and")) => true,
        Some(Some("or")) => false,
        Some(_) => return Err(wrong(format!("{index}.logical_operator"), "must be and or or")),
    };
    let tests = group
        .get("conditions")
        .and_then(Value::as_array)
        .filter(|tests| tests.len() <= MAX_ITEMS);
    let tests = tests.ok_or_else(|| wrong(format!("{index}.conditions"), "must be an array of at most 100"))?;
    let tests = tests
        .iter()
        .enumerate()
        .map(|(at, test)| parse_test(test, &format!("{index}.conditions.{at}")));
    Ok(Group {
        all,
        tests: tests.collect::<Result<_, _>>()?,
    })
}

fn parse_test(test: &Value, field: &str) -> Result<Test, ConditionError> {
    let property = test.get("property").and_then(Value::as_str);
    let property = property.and_then(|text| Lookup::parse(text.trim(), Scope::Default, true).ok().flatten());
    let operator = test.get("operator").and_then(Value::as_str);
    let operator = operator.and_then(|name| OPERATORS.iter().find(|(text, _)| *text == name));
    Ok(Test {
        property: property.ok_or_else(|| wrong(format!("{field}.property"), "must be a path such as data.plan"))?,
        operator: operator
            .ok_or_else(|| wrong(format!("{field}.operator"), "is not known"))?
            .1,
        value: test.get("value").cloned().unwrap_or_default(),
    })
}

impl Group {
    /// Whether the group holds; an empty one does.
    pub(super) fn holds(&self, env: &Env<'_>) -> Result<bool, ConditionError> {
        for test in &self.tests {
            if test.holds(env)? != self.all {
                return Ok(!self.all);
            }
        }
        Ok(self.all || self.tests.is_empty())
    }
}

impl Test {
    fn holds(&self, env: &Env<'_>) -> Result<bool, ConditionError> {
        let value = env.find(&self.property).map_err(|_| ConditionError::TooMuchWork)?;
        let value = value.unwrap_or_default();
        let order = || match number(&value).zip(number(&self.value)) {
            Some((left, right)) => left.partial_cmp(&right),
            None => compare(&value, &self.value),
        };
        let equals = || equal(&value, &self.value) || order() == Some(Ordering::Equal);
        Ok(match self.operator {
            Operator::Equals => equals(),
            Operator::NotEquals => !equals(),
            Operator::GreaterThan => order() == Some(Ordering::Greater),
            Operator::LessThan => order() == Some(Ordering::Less),
            Operator::GreaterThanOrEquals => order().is_some_and(Ordering::is_ge),
            Operator::LessThanOrEquals => order().is_some_and(Ordering::is_le),
            Operator::Contains => holds(&value, &self.value),
            Operator::NotContains => !holds(&value, &self.value),
            Operator::IsEmpty => is_empty(&value),
            Operator::IsNotEmpty => !is_empty(&value),
        })
    }
}
