//! One condition on a profile.

use serde_json::Value;

use super::TENANTS_KEY;

/// What a condition asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Equal; as numbers when both are.
    Eq,
    /// There, and not equal.
    Neq,
    /// Greater; as numbers when both are, else as texts.
    Gt,
    /// Greater or equal.
    Gte,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// There, whatever it is.
    Exists,
    /// Does not include the value; what is not there includes nothing.
    Omit,
    /// Includes the value, or any of several.
    Includes,
    /// A text that begins so.
    StartsWith,
    /// A text that ends so.
    EndsWith,
    /// A moment before.
    IsBefore,
    /// A moment after.
    IsAfter,
    /// Belongs to this tenant.
    MemberOf,
}

impl Operator {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Eq,
        Self::Neq,
        Self::Gt,
        Self::Gte,
        Self::Lt,
        Self::Lte,
        Self::Exists,
        Self::Omit,
        Self::Includes,
        Self::StartsWith,
        Self::EndsWith,
        Self::IsBefore,
        Self::IsAfter,
        Self::MemberOf,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "EQ",
            Self::Neq => "NEQ",
            Self::Gt => "GT",
            Self::Gte => "GTE",
            Self::Lt => "LT",
            Self::Lte => "LTE",
            Self::Exists => "EXISTS",
            Self::Omit => "OMIT",
            Self::Includes => "INCLUDES",
            Self::StartsWith => "STARTS_WITH",
            Self::EndsWith => "ENDS_WITH",
            Self::IsBefore => "IS_BEFORE",
            Self::IsAfter => "IS_AFTER",
            Self::MemberOf => "MEMBER_OF",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// One condition: an operator, where it looks, and what it looks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub(super) operator: Operator,
    pub(super) path: String,
    pub(super) value: Value,
}

impl Condition {
    /// The key at the root of the profile that it looks at.
    pub fn root(&self) -> &str {
        if self.operator == Operator::MemberOf {
            return TENANTS_KEY;
        }
        self.path.split('.').next().unwrap_or_default()
    }

    /// What stands at its path in a profile. Numbers count in arrays from zero.
    pub fn find<'p>(&self, profile: &'p serde_json::Map<String, Value>) -> Option<&'p Value> {
        let mut parts = self.path.split('.');
        let mut found = profile.get(parts.next()?)?;
        for part in parts {
            found = match found {
                Value::Object(object) => object.get(part)?,
                Value::Array(list) => list.get(part.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(found)
    }
}
