//! Configured providers: an account at a vendor, with its settings.

use std::fmt;

use serde_json::Value;

use crate::{Object, Timestamp};

/// Settings of a provider account in the clear. Printing shows the names only.
#[derive(Clone, Default, PartialEq)]
pub struct Settings(Object);

impl Settings {
    /// Wraps a JSON object.
    pub fn new(values: Object) -> Self {
        Self(values)
    }

    /// A setting's raw value; JSON null counts as absent.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text setting. Numbers are read as their digits, since people type them both ways.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A boolean setting; `"true"` and `"false"` are read as such.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A whole-number setting.
    pub fn number(&self, name: &str) -> Option<u64> {
        match self.get(name)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// All of them.
    pub fn as_object(&self) -> &Object {
        &self.0
    }

    /// Sets one, replacing what was there.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.0.insert(name.into(), value);
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// One configured account of a provider, in one environment.
#[derive(Clone, Debug)]
pub struct ProviderAccount {
    /// The configuration's id.
    pub id: String,
    /// The provider's key in the catalog, such as `sendgrid`.
    pub provider: String,
    /// A second name by which routing may pin this account.
    pub alias: Option<String>,
    /// Its settings, secrets included.
    pub settings: Settings,
    /// When it was configured; the oldest account of a provider is its default.
    pub created: Timestamp,
}
