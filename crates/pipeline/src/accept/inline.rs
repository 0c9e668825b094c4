//! What a send says of its recipient's preferences, checked when it is accepted: a word that cannot be understood must not
//! be passed over, since it may be an opt-out.

use serde_json::Value;
use tidings_domain::window::parse_moment;
use tidings_types::{Error, Object, Result};

use crate::preferences::{check_channels, list};

/// Refuses `preferences` of a recipient that are no preferences.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn check(preferences: &Object, field: &str) -> Result<()> {
    for kind in ["categories", "notifications"] {
        let field = format!("{field}.{kind}");
        for (id, said) in object(preferences.get(kind), &field)?.into_iter().flatten() {
            let field = format!("{field}.{id}");
            if let Some(said) = object(Some(said), &field)? {
                one(said, &field)?;
            }
        }
    }
    Ok(())
}

fn one(said: &Object, field: &str) -> Result<()> {
    match said.get("status") {
        None | Some(Value::Null) => {}
        Some(Value::String(status)) if ["OPTED_IN", "OPTED_OUT", "REQUIRED"].contains(&status.as_str()) => {}
        Some(_) => {
            return Err(Error::invalid(format!(
                "{field}.status: Invalid value. Expected 'OPTED_IN', 'OPTED_OUT' or 'REQUIRED'"
            )));
        }
    }
    for (index, rule) in list(field, said, "rules")?.iter().enumerate() {
        let field = format!("{field}.rules.{index}");
        let moment = |name: &str| {
            let text = rule.get(name).filter(|value| !value.is_null());
            let read = |value: &Value| value.as_str().and_then(parse_moment).is_some();
            match text {
                Some(value) if !read(value) => {
                    Err(Error::invalid(format!("{field}.{name}: Expected an ISO 8601 moment")))
                }
                given => Ok(given.is_some()),
            }
        };
        moment("start")?;
        if !moment("until")? {
            return Err(Error::invalid(format!("{field}.until: Required")));
        }
    }
    check_channels(field, said)
}

fn object<'v>(value: Option<&'v Value>, field: &str) -> Result<Option<&'v Object>> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(Error::invalid(format!("{field}: Expected an object"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_understood_is_refused_by_name() {
        let told = |preferences: Value| {
            let outcome = check(preferences.as_object().unwrap(), "to.preferences");
            outcome.map_err(|error| error.message().to_owned())
        };
        let of_topic = |said: Value| told(json!({"categories": {"t": said}}));
        assert_eq!(told(json!({})), Ok(()));
        assert_eq!(of_topic(Value::Null), Ok(()));
        assert_eq!(
            of_topic(json!({
                "status": "OPTED_OUT", "rules": [{"until": "2030-01-01T00:00:00Z", "start": null}],
                "channel_preferences": [{"channel": "sms"}],
            })),
            Ok(())
        );
        for (said, field) in [
            (json!("OPTED_OUT"), ""),
            (json!({"status": "FOO"}), ".status"),
            (json!({"status": true}), ".status"),
            (json!({"rules": {}}), ".rules"),
            (json!({"rules": [{}]}), ".rules.0.until"),
            (json!({"rules": [{"until": "xx"}]}), ".rules.0.until"),
            (
                json!({"rules": [{"until": "2030-01-01", "start": 7}]}),
                ".rules.0.start",
            ),
            (
                json!({"channel_preferences": [{"channel": "pigeon"}]}),
                ".channel_preferences.0.channel",
            ),
        ] {
            let told = of_topic(said.clone()).unwrap_err();
            assert!(
                told.starts_with(&format!("to.preferences.categories.t{field}: ")),
                "{said}: {told}"
            );
        }
        assert!(told(json!({"notifications": {"n": {"status": "x"}}})).is_err());
    }
}
