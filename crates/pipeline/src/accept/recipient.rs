//! Reading `to`.

use serde_json::Value;
use tidings_template::line;
use tidings_types::{Error, Object, Result};

use super::message::{check_name, expected};

/// The public API's limit.
const MAX_RECIPIENTS: usize = 500;

/// One person a message goes to, as the caller wrote them: ids and any profile keys.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Recipient(Object);

impl Recipient {
    /// The person's id, when given.
    pub(crate) fn user_id(&self) -> Option<&str> {
        self.text("user_id")
    }

    /// The recipient as the log names it: the id, else the address.
    pub(crate) fn log_name(&self) -> Option<&str> {
        self.user_id()
            .or_else(|| self.text("email"))
            .or_else(|| self.text("phone_number"))
    }

    /// The tenant named with the recipient. `account_id` is the older spelling.
    pub(crate) fn tenant_id(&self) -> Option<&str> {
        let context = self
            .0
            .get("context")
            .and_then(|context| context.get("tenant_id"))
            .and_then(Value::as_str);
        self.text("tenant_id").or_else(|| self.text("account_id")).or(context)
    }

    /// All that was written.
    pub(crate) fn as_object(&self) -> &Object {
        &self.0
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }
}

/// Reads the whole of `to`.
pub(super) fn parse_all(to: Option<Value>) -> Result<Vec<Recipient>> {
    match to {
        None | Some(Value::Null) => Err(Error::invalid("message.to: Required")),
        Some(Value::Array(list)) => {
            if list.is_empty() {
                return Err(Error::invalid("message.to: Expected at least one recipient"));
            }
            if list.len() > MAX_RECIPIENTS {
                let told = format!("message.to has {} recipients. Max is {MAX_RECIPIENTS}", list.len());
                return Err(Error::invalid(told));
            }
            list.into_iter()
                .enumerate()
                .map(|(index, one)| parse(one, &format!("message.to.{index}")))
                .collect()
        }
        Some(one @ Value::Object(_)) => Ok(vec![parse(one, "message.to")?]),
        Some(other) => Err(expected("message.to", "object or array", &other)),
    }
}

/// Reads one recipient.
pub(super) fn parse(value: Value, field: &str) -> Result<Recipient> {
    let Value::Object(mut object) = value else {
        return Err(expected(field, "object", &value));
    };
    object.retain(|_, value| !value.is_null());
    let reaches_person = ["user_id", "email", "phone_number"]
        .iter()
        .any(|key| object.contains_key(*key));
    for crowd in ["audience_id", "list_id", "list_pattern", "tenant_id", "account_id"] {
        let is_context =
            matches!(crowd, "tenant_id" | "account_id" | "list_id") && (reaches_person || has_address(&object));
        if object.contains_key(crowd) && !is_context {
            let told = format!("{field}.{crowd}: Sending to lists, audiences and tenants is not supported yet");
            return Err(Error::invalid(told));
        }
    }
    for name in [
        "user_id",
        "email",
        "phone_number",
        "locale",
        "tenant_id",
        "account_id",
        "list_id",
    ] {
        match object.get(name) {
            None => {}
            // An address that cannot be one closes its channel, not the send; what is no text at all is a mistake.
            Some(Value::String(text)) if matches!(name, "email" | "phone_number") && !line::has_control(text) => {}
            Some(Value::String(text)) => check_name(&format!("{field}.{name}"), text)?,
            Some(other) => return Err(expected(&format!("{field}.{name}"), "string", other)),
        }
    }
    for name in ["data", "preferences", "context"] {
        match object.get(name) {
            None | Some(Value::Object(_)) => {}
            Some(other) => return Err(expected(&format!("{field}.{name}"), "object", other)),
        }
    }
    if !reaches_person && !has_address(&object) {
        let told = format!("{field}: Expected `user_id`, `email`, `phone_number` or another address");
        return Err(Error::invalid(told));
    }
    Ok(Recipient(object))
}

/// Whether the object holds anything but the keys that only describe: a provider's key, such as `slack`.
fn has_address(object: &Object) -> bool {
    const DESCRIBING: [&str; 13] = [
        "data",
        "preferences",
        "context",
        "locale",
        "timezone",
        "zoneinfo",
        "tenant_id",
        "account_id",
        "list_id",
        "audience_id",
        "list_pattern",
        "filters",
        "include_children",
    ];
    object.keys().any(|key| !DESCRIBING.contains(&key.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn people_are_named_by_id_then_address() {
        let name = |value| parse(value, "message.to").unwrap().log_name().map(str::to_owned);
        assert_eq!(name(json!({"user_id": "u", "email": "e@x.y"})).as_deref(), Some("u"));
        assert_eq!(
            name(json!({"phone_number": "+1", "email": "e@x.y"})).as_deref(),
            Some("e@x.y")
        );
        assert_eq!(name(json!({"slack": {"channel": "C1"}})), None);
    }

    #[test]
    fn crowds_are_refused_by_name() {
        for crowd in ["list_id", "audience_id", "list_pattern", "tenant_id"] {
            let told = parse(json!({ crowd: "x" }), "message.to").unwrap_err();
            assert!(told.message().starts_with(&format!("message.to.{crowd}: ")), "{told}");
        }
        let person = parse(json!({"user_id": "u", "tenant_id": "t"}), "message.to").unwrap();
        assert_eq!(person.tenant_id(), Some("t"));
    }

    #[test]
    fn wrong_types_are_refused_and_strange_addresses_are_not() {
        assert!(parse(json!({"email": 5}), "to").is_err());
        assert!(parse(json!({"user_id": "a\nb"}), "to").is_err());
        assert!(parse(json!({"user_id": "u", "data": []}), "to").is_err());
        assert!(parse(json!({"email": "not an address\n"}), "to").is_ok());
    }
}
