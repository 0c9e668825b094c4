//! Routing: which channels, in which order, and how many of them.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// How the entries of a routing node are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Every usable entry.
    All,
    /// The first entry that works.
    #[default]
    Single,
}

/// A routing tree as callers write it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Routing {
    /// How its entries are used. Absent means `single`.
    #[serde(default)]
    pub method: Method,
    /// Its entries, in order of preference.
    #[serde(default)]
    pub channels: Vec<RoutingEntry>,
}

/// One entry of a routing tree.
#[derive(Clone, Debug, PartialEq)]
pub enum RoutingEntry {
    /// A channel class, a provider's key or an account's alias.
    Target(RoutingTarget),
    /// A tree of its own, which counts as one entry of its parent.
    Nested(Routing),
}

/// A leaf of a routing tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoutingTarget {
    /// A channel class (`email`), a provider's key (`sendgrid`) or an account's alias.
    pub name: String,
    /// When this is false the entry does not count.
    pub condition: Option<Value>,
    /// The providers allowed, in order; empty means all.
    pub providers: Vec<String>,
    /// Whether one of its providers is used, or all.
    pub method: Option<Method>,
}

impl RoutingTarget {
    /// A leaf with nothing but its name.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    fn is_plain(&self) -> bool {
        self.condition.is_none() && self.providers.is_empty() && self.method.is_none()
    }
}

impl RoutingEntry {
    /// A leaf with nothing but its name.
    pub fn named(name: impl Into<String>) -> Self {
        Self::Target(RoutingTarget::named(name))
    }

    fn from_value(value: Value) -> Result<Self, String> {
        let mut object = match value {
            Value::String(name) if !name.trim().is_empty() => return Ok(Self::named(name)),
            Value::String(_) => {
                return Err("Expected the name of a channel or provider, received an empty string".to_owned());
            }
            Value::Object(object) => object,
            other => return Err(format!("Expected string or object, received {}", kind_of(&other))),
        };
        let name = match object.remove("channel").or_else(|| object.remove("name")) {
            Some(Value::String(name)) if !name.trim().is_empty() => Some(name),
            None | Some(Value::Null) => None,
            Some(other) => return Err(format!("channel: Expected string, received {}", kind_of(&other))),
        };
        let method = match object.remove("method") {
            None | Some(Value::Null) => None,
            Some(value) => Some(serde_json::from_value::<Method>(value).map_err(|error| format!("method: {error}"))?),
        };
        let Some(name) = name else {
            let Some(Value::Array(channels)) = object.remove("channels") else {
                return Err("Expected `channel`, or `method` with `channels`".to_owned());
            };
            let channels = channels.into_iter().map(Self::from_value).collect::<Result<_, _>>()?;
            return Ok(Self::Nested(Routing {
                method: method.unwrap_or_default(),
                channels,
            }));
        };
        let providers = match object.remove("providers") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list
                .into_iter()
                .map(|one| match one {
                    Value::String(name) => Ok(name),
                    other => Err(format!("providers: Expected string, received {}", kind_of(&other))),
                })
                .collect::<Result<_, _>>()?,
            Some(Value::Object(map)) => map.into_iter().map(|(name, _)| name).collect(),
            Some(other) => {
                return Err(format!(
                    "providers: Expected array or object, received {}",
                    kind_of(&other)
                ));
            }
        };
        let condition = object.remove("if").filter(|value| !value.is_null());
        Ok(Self::Target(RoutingTarget {
            name,
            condition,
            providers,
            method,
        }))
    }
}

/// The name of a JSON value's type, as error messages use it.
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl<'de> Deserialize<'de> for RoutingEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Serialize for RoutingEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Entry<'a> {
            channel: &'a str,
            #[serde(rename = "if", skip_serializing_if = "Option::is_none")]
            condition: &'a Option<Value>,
            #[serde(skip_serializing_if = "<[String]>::is_empty")]
            providers: &'a [String],
            #[serde(skip_serializing_if = "Option::is_none")]
            method: Option<Method>,
        }
        match self {
            Self::Nested(routing) => routing.serialize(serializer),
            Self::Target(target) if target.is_plain() => serializer.serialize_str(&target.name),
            Self::Target(target) => Entry {
                channel: &target.name,
                condition: &target.condition,
                providers: &target.providers,
                method: target.method,
            }
            .serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_entry_is_read() {
        let routing: Routing = serde_json::from_value(serde_json::json!({
            "method": "all",
            "channels": ["inbox", {"method": "single", "channels": ["push", {"channel": "email", "if": "data.x"}]},
                         {"name": "sms", "providers": {"twilio": {}}}]
        }))
        .unwrap();
        assert_eq!(routing.method, Method::All);
        assert_eq!(routing.channels.len(), 3);
        let again: Routing = serde_json::from_value(serde_json::to_value(&routing).unwrap()).unwrap();
        assert_eq!(routing, again);
    }

    #[test]
    fn what_is_no_entry_is_refused() {
        for wrong in [
            serde_json::json!([1]),
            serde_json::json!([""]),
            serde_json::json!([{}]),
            serde_json::json!([null]),
        ] {
            let tree = serde_json::json!({"channels": wrong});
            assert!(serde_json::from_value::<Routing>(tree).is_err());
        }
    }
}
