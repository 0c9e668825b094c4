//! Reading `to`.

use serde_json::Value;
use tidings_template::line;
use tidings_types::id::MAX_USER_ID;
use tidings_types::{Error, Object, Result};

use super::message::{check_name, expected};
use super::{crowd, inline};
use crate::expand::{Crowd, is_internal};

/// The public API's limit.
const MAX_RECIPIENTS: usize = 500;

/// One person a message goes to, as the caller wrote them: ids and any profile keys.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Recipient(Object);

impl Recipient {
    /// The person's id, when given.
    pub(crate) fn user_id(&self) -> Option<&str> {
        user_id(&self.0)
    }

    /// The recipient as the log names it: the id, else the address.
    pub(crate) fn log_name(&self) -> Option<&str> {
        log_name(&self.0)
    }

    /// The tenant named with the recipient.
    pub(crate) fn tenant_id(&self) -> Option<&str> {
        tenant_id(&self.0)
    }

    /// All that was written.
    pub(crate) fn as_object(&self) -> &Object {
        &self.0
    }
}

/// The person's id, when given.
pub(super) fn user_id(to: &Object) -> Option<&str> {
    text(to, "user_id")
}

/// A recipient as the log names it: the id, else the address.
pub(super) fn log_name(to: &Object) -> Option<&str> {
    user_id(to)
        .or_else(|| text(to, "email"))
        .or_else(|| text(to, "phone_number"))
}

/// The tenant named with a recipient. `account_id` is the older spelling.
pub(super) fn tenant_id(to: &Object) -> Option<&str> {
    let context = to
        .get("context")
        .and_then(|context| context.get("tenant_id"))
        .and_then(Value::as_str);
    text(to, "tenant_id").or_else(|| text(to, "account_id")).or(context)
}

fn text<'t>(to: &'t Object, name: &str) -> Option<&'t str> {
    to.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// Reads the whole of `to`: people, and crowds.
pub(super) fn parse_all(to: Option<Value>) -> Result<(Vec<Recipient>, Vec<Crowd>)> {
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
            let alone = list.len() == 1;
            let (mut people, mut crowds) = (Vec::new(), Vec::new());
            for (entry, one) in (0..).zip(list) {
                let field = format!("message.to.{entry}");
                match crowd::parse(&one, entry, alone, &field)? {
                    Some(crowd) => crowds.push(crowd),
                    None => people.push(parse(one, &field)?),
                }
            }
            Ok((people, crowds))
        }
        Some(one @ Value::Object(_)) => match crowd::parse(&one, 0, true, "message.to")? {
            Some(crowd) => Ok((Vec::new(), vec![crowd])),
            None => Ok((vec![parse(one, "message.to")?], Vec::new())),
        },
        Some(other) => Err(expected("message.to", "object or array", &other)),
    }
}

/// Reads one recipient.
pub(super) fn parse(value: Value, field: &str) -> Result<Recipient> {
    let Value::Object(mut object) = value else {
        return Err(expected(field, "object", &value));
    };
    object.retain(|name, value| !value.is_null() && !is_internal(name));
    let reaches_person = ["user_id", "email", "phone_number"]
        .iter()
        .any(|key| object.contains_key(*key));
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
    if user_id(&object).is_some_and(|id| id.len() > MAX_USER_ID) {
        return Err(Error::invalid(format!(
            "{field}.user_id: Expected at most {MAX_USER_ID} bytes"
        )));
    }
    for name in ["data", "preferences", "context"] {
        match object.get(name) {
            None | Some(Value::Object(_)) => {}
            Some(other) => return Err(expected(&format!("{field}.{name}"), "object", other)),
        }
    }
    if let Some(Value::Object(preferences)) = object.get("preferences") {
        inline::check(preferences, &format!("{field}.preferences"))?;
    }
    if !reaches_person && !has_address(&object) {
        let told = format!("{field}: Expected `user_id`, `email`, `phone_number` or another address");
        return Err(Error::invalid(told));
    }
    Ok(Recipient(object))
}

/// Refuses what is not one person's entry. Somebody who is `known` by an id beside it need not be told in it.
///
/// # Errors
/// `Invalid`, naming the field.
pub(crate) fn check(to: &Object, known: bool) -> Result<()> {
    let mut to = to.clone();
    if known {
        to.entry("user_id").or_insert_with(|| Value::from("somebody"));
    }
    let to = Value::Object(to);
    if crowd::parse(&to, 0, true, "to")?.is_some() {
        return Err(Error::invalid(
            "to: Expected one person, not a list, an audience or a tenant",
        ));
    }
    parse(to, "to").map(drop)
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
    fn a_tenant_beside_a_person_is_no_crowd() {
        let person = parse(json!({"user_id": "u", "tenant_id": "t"}), "message.to").unwrap();
        assert_eq!(person.tenant_id(), Some("t"));
    }

    #[test]
    fn what_only_an_expansion_writes_is_not_taken_from_callers() {
        let person = json!({"user_id": "u", "$entry": 0, "$list_preferences": {}, "$x": 1});
        let person = parse(person, "message.to").unwrap();
        assert_eq!(json!(person.as_object()), json!({"user_id": "u", "$x": 1}));
    }

    #[test]
    fn wrong_types_are_refused_and_strange_addresses_are_not() {
        assert!(parse(json!({"email": 5}), "to").is_err());
        assert!(parse(json!({"user_id": "a\nb"}), "to").is_err());
        assert!(parse(json!({"user_id": "a".repeat(MAX_USER_ID + 1)}), "to").is_err());
        assert!(parse(json!({"user_id": "u", "data": []}), "to").is_err());
        assert!(parse(json!({"email": "not an address\n"}), "to").is_ok());
    }
}
