//! What people say of lists, and lists of themselves: `{notifications, categories}`. It is kept as it was written, so what
//! would have no effect on a send is refused before it is.

use serde_json::Value;
use tidings_domain::window::parse_moment;
use tidings_types::preference::Snooze;
use tidings_types::{Channel, Error, Object, Preference, PreferenceStatus, Result};

/// Refuses preferences of a list or a subscription that say nothing a send could obey.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn check_of_list(field: &str, preferences: &Object) -> Result<()> {
    for (name, said) in preferences {
        let field = format!("{field}.{name}");
        match (name.as_str(), said) {
            // Nothing is said; or what published types have beside the two.
            (_, Value::Null) | ("templateId", _) => {}
            ("categories" | "notifications", Value::Object(said)) => {
                for (id, one) in said {
                    check_one(&format!("{field}.{id}"), one)?;
                }
            }
            ("categories" | "notifications", _) => return Err(Error::invalid(format!("{field}: Expected an object"))),
            _ => {
                let told = format!("{field}: There is no such field. Expected `categories` or `notifications`");
                return Err(Error::invalid(told));
            }
        }
    }
    Ok(())
}

fn check_one(field: &str, said: &Value) -> Result<()> {
    let said = match said {
        Value::Null => return Ok(()),
        Value::Object(said) => said,
        _ => return Err(Error::invalid(format!("{field}: Expected an object"))),
    };
    match said.get("status") {
        None | Some(Value::Null) => {}
        Some(Value::String(status)) if matches!(status.as_str(), "OPTED_IN" | "OPTED_OUT" | "REQUIRED") => {}
        Some(_) => {
            return Err(Error::invalid(format!(
                "{field}.status: Expected OPTED_IN or OPTED_OUT"
            )));
        }
    }
    check_channels(field, said)?;
    for (index, rule) in list(field, said, "rules")?.iter().enumerate() {
        let is_moment = |name: &str| {
            rule.get(name)
                .and_then(Value::as_str)
                .is_some_and(|text| parse_moment(text).is_some())
        };
        let told = |name: &str| Error::invalid(format!("{field}.rules.{index}.{name}: Expected an ISO 8601 moment"));
        if rule.get("start").is_some_and(|start| !start.is_null()) && !is_moment("start") {
            return Err(told("start"));
        }
        if !is_moment("until") {
            return Err(told("until"));
        }
    }
    Ok(())
}

/// Refuses `channel_preferences` that name no channel.
///
/// # Errors
/// `Invalid`, naming the field.
pub(crate) fn check_channels(field: &str, said: &Object) -> Result<()> {
    for (index, one) in list(field, said, "channel_preferences")?.iter().enumerate() {
        let channel = one.get("channel").and_then(Value::as_str);
        if channel.and_then(Channel::parse).is_none() {
            let told = format!("{field}.channel_preferences.{index}.channel: Expected a channel");
            return Err(Error::invalid(told));
        }
    }
    Ok(())
}

/// A field that is a list, or is not there.
///
/// # Errors
/// `Invalid`, naming the field.
pub(crate) fn list<'s>(field: &str, said: &'s Object, name: &str) -> Result<&'s [Value]> {
    match said.get(name) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(list)) => Ok(list),
        Some(_) => Err(Error::invalid(format!("{field}.{name}: Expected an array"))),
    }
}

/// What `{status, channel_preferences, rules}` says, as sending understands it.
pub fn read_of_list(said: &Value) -> Preference {
    let status = match said.get("status").and_then(Value::as_str) {
        Some("OPTED_IN") => Some(PreferenceStatus::OptedIn),
        Some("OPTED_OUT") => Some(PreferenceStatus::OptedOut),
        _ => None,
    };
    let list = |name: &str| said.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let channel = |one: Value| Channel::parse(one.get("channel")?.as_str()?);
    let moment = |rule: &Value, name: &str| parse_moment(rule.get(name)?.as_str()?);
    let snooze = |rule: Value| {
        Some(Snooze {
            start: moment(&rule, "start"),
            until: moment(&rule, "until")?,
        })
    };
    Preference {
        status,
        snooze: list("rules").into_iter().filter_map(snooze).collect(),
        channel_preferences: list("channel_preferences").into_iter().filter_map(channel).collect(),
        ..Preference::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_no_send_would_obey_is_refused_by_name() {
        let check = |value: Value| check_of_list("preferences", value.as_object().unwrap());
        let told = |value| check(value).unwrap_err().message().to_owned();
        check(json!({"categories": {"t": {"status": "OPTED_OUT", "source": "x"}}, "notifications": null})).unwrap();
        check(json!({"notifications": {"n": {
            "channel_preferences": [{"channel": "email"}], "rules": [{"until": "2030-01-01"}]
        }}}))
        .unwrap();
        assert!(told(json!({"status": "OPTED_OUT"})).starts_with("preferences.status: "));
        assert!(told(json!({"categories": []})).starts_with("preferences.categories: "));
        assert!(told(json!({"categories": {"t": 5}})).starts_with("preferences.categories.t: "));
        assert!(
            told(json!({"categories": {"t": {"status": "NOPE"}}})).starts_with("preferences.categories.t.status: ")
        );
        let channel = json!({"categories": {"t": {"channel_preferences": [{"channel": "pigeon"}]}}});
        assert!(told(channel).starts_with("preferences.categories.t.channel_preferences.0.channel: "));
        let rule = json!({"categories": {"t": {"rules": [{"start": "2030-01-01"}]}}});
        assert!(told(rule).starts_with("preferences.categories.t.rules.0.until: "));
    }
}
