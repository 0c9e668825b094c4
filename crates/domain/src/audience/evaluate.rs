//! Whether a person passes a filter, and why.

use std::cmp::Ordering;

use serde_json::Value;
use tidings_types::Object;

use super::{Condition, Filter, Operator};
use crate::window::parse_moment;

/// Who is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The stored profile.
    pub profile: &'a Object,
    /// The tenants the person belongs to.
    pub tenants: &'a [String],
}

/// Why a person passed: the conditions that held, in the public API's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// `EQ('title', 'Software Engineer') => true`, several joined by `, `.
    pub reason: String,
}

impl Filter {
    /// Whether a person passes.
    pub fn evaluate(&self, subject: &Subject<'_>) -> Option<Match> {
        let mut held = Vec::new();
        self.holds(subject, &mut held).then(|| Match {
            reason: held.join(", "),
        })
    }

    /// Whether anything the filter looks at differs between two profiles.
    pub fn differs(&self, before: &Object, after: &Object) -> bool {
        let mut differs = false;
        self.each(&mut |condition| {
            differs |= condition.operator != Operator::MemberOf && condition.find(before) != condition.find(after);
        });
        differs
    }

    /// Whether somebody may pass whose profile has nothing of what the filter looks at: it asks what is not there, or for
    /// tenants alone.
    pub(super) fn may_hold_on_nothing(&self) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(Self::may_hold_on_nothing),
            Self::Any(filters) => filters.iter().any(Self::may_hold_on_nothing),
            Self::One(condition) => matches!(condition.operator, Operator::Omit | Operator::MemberOf),
        }
    }

    fn holds(&self, subject: &Subject<'_>, held: &mut Vec<String>) -> bool {
        let mark = held.len();
        let holds = match self {
            Self::All(filters) => filters.iter().all(|filter| filter.holds(subject, held)),
            Self::Any(filters) => filters.iter().any(|filter| filter.holds(subject, held)),
            Self::One(condition) => {
                let holds = condition.holds(subject);
                if holds {
                    held.push(condition.told());
                }
                holds
            }
        };
        if !holds {
            held.truncate(mark);
        }
        holds
    }
}

impl Condition {
    fn holds(&self, subject: &Subject<'_>) -> bool {
        if self.operator == Operator::MemberOf {
            return subject
                .tenants
                .iter()
                .any(|tenant| Some(tenant.as_str()) == self.value.as_str());
        }
        // Null counts as absent, as everywhere.
        let found = self.find(subject.profile).filter(|found| !found.is_null());
        let Some(found) = found else {
            return self.operator == Operator::Omit;
        };
        match self.operator {
            Operator::Eq => equal(found, &self.value),
            Operator::Neq => !equal(found, &self.value),
            Operator::Gt => compare(found, &self.value) == Some(Ordering::Greater),
            Operator::Gte => compare(found, &self.value).is_some_and(Ordering::is_ge),
            Operator::Lt => compare(found, &self.value) == Some(Ordering::Less),
            Operator::Lte => compare(found, &self.value).is_some_and(Ordering::is_le),
            Operator::Exists => true,
            Operator::Includes => includes(found, &self.value),
            Operator::Omit => !includes(found, &self.value),
            Operator::StartsWith => text(found)
                .zip(self.value.as_str())
                .is_some_and(|(found, value)| found.starts_with(value)),
            Operator::EndsWith => text(found)
                .zip(self.value.as_str())
                .is_some_and(|(found, value)| found.ends_with(value)),
            Operator::IsBefore => moments(found, &self.value).is_some_and(|(found, value)| found < value),
            Operator::IsAfter => moments(found, &self.value).is_some_and(|(found, value)| found > value),
            Operator::MemberOf => false,
        }
    }

    fn told(&self) -> String {
        let value = match &self.value {
            Value::String(text) => format!("'{text}'"),
            other => other.to_string(),
        };
        format!("{}('{}', {value}) => true", self.operator.as_str(), self.path)
    }
}

/// A scalar as text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A scalar as a number. Only what looks like one: `"100"` and `"1.5"`, not `"nan"`.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse::<f64>().ok().filter(|number| number.is_finite()),
        _ => None,
    }
}

/// A scalar as a whole number, which ids of many digits are: they differ where numbers with a fraction no longer do.
fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => number.as_i64().map(i128::from).or(number.as_u64().map(i128::from)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// How two scalars stand to each other: as numbers when both are, else as texts, case by case.
fn compare(found: &Value, value: &Value) -> Option<Ordering> {
    if let (Some(found), Some(value)) = (whole(found), whole(value)) {
        return Some(found.cmp(&value));
    }
    match (number(found), number(value)) {
        (Some(found), Some(value)) => found.partial_cmp(&value),
        _ => Some(text(found)?.cmp(&text(value)?)),
    }
}

fn equal(found: &Value, value: &Value) -> bool {
    compare(found, value) == Some(Ordering::Equal)
}

/// Whether an array has the value as an element, or a text as a part; any of several will do.
fn includes(found: &Value, value: &Value) -> bool {
    let one = |wanted: &Value| match found {
        Value::Array(list) => list.iter().any(|element| equal(element, wanted)),
        other => text(other)
            .zip(text(wanted))
            .is_some_and(|(found, wanted)| found.contains(&wanted)),
    };
    match value {
        Value::Array(list) => list.iter().any(one),
        wanted => one(wanted),
    }
}

fn moments(found: &Value, value: &Value) -> Option<(tidings_types::Timestamp, tidings_types::Timestamp)> {
    Some((parse_moment(found.as_str()?)?, parse_moment(value.as_str()?)?))
}
