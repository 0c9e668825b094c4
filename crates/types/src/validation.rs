//! From JSON to typed values, with messages of the form `path.to.field: Required`.

use crate::{Error, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Turns JSON into a typed value.
///
/// # Errors
/// `Invalid`, naming the field. Values are never repeated in the message: they may be secret.
pub fn decode<T: DeserializeOwned>(value: &Value) -> Result<T> {
    decode_at("", value)
}

/// As [`decode`], for a value that stands in a field of something larger: its name begins every path.
///
/// # Errors
/// As [`decode`].
pub fn decode_at<T: DeserializeOwned>(root: &str, value: &Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = match error.path().to_string() {
            top if top == "." => String::new(),
            path => dotted(&path),
        };
        let received = at(value, &path).map_or("undefined", crate::routing::kind_of);
        Error::invalid(message(&joined(root, &path), &error.inner().to_string(), received))
    })
}

fn joined(root: &str, path: &str) -> String {
    let dot = if root.is_empty() || path.is_empty() { "" } else { "." };
    format!("{root}{dot}{path}")
}

/// `a[0].b` as `a.0.b`.
fn dotted(path: &str) -> String {
    path.replace('[', ".")
        .replace(']', "")
        .trim_start_matches('.')
        .to_owned()
}

fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .filter(|part| !part.is_empty())
        .try_fold(value, |value, part| match value {
            Value::Object(map) => map.get(part),
            Value::Array(list) => list.get(part.parse::<usize>().ok()?),
            _ => None,
        })
}

/// serde's words in ours.
fn message(path: &str, words: &str, received: &str) -> String {
    if let Some(field) = quoted(words, "missing field `") {
        return format!("{}: Required", joined(path, field));
    }
    if let Some(field) = quoted(words, "unknown field `") {
        return format!("Unrecognized key: \"{field}\"");
    }
    let problem = if let Some(expected) = after(words, "invalid type: ", ", expected ") {
        format!("Expected {}, received {received}", plain(expected))
    } else if let Some(expected) = after(words, "unknown variant ", ", expected ") {
        format!(
            "Invalid value. Expected {}",
            expected.replace('`', "'").trim_start_matches("one of ")
        )
    } else if let Some(expected) = after(words, "invalid value: ", ", expected ") {
        format!("Invalid value. Expected {}", plain(expected))
    } else {
        words.to_owned()
    };
    if path.is_empty() {
        problem
    } else {
        format!("{path}: {problem}")
    }
}

fn quoted<'a>(words: &'a str, before: &str) -> Option<&'a str> {
    words.strip_prefix(before)?.split_once('`').map(|(name, _)| name)
}

fn after<'a>(words: &'a str, start: &str, middle: &str) -> Option<&'a str> {
    // The offending value stands between the two and may hold anything, so the last occurrence counts.
    words
        .strip_prefix(start)?
        .rsplit_once(middle)
        .map(|(_, expected)| expected)
}

/// serde's names of types in JSON's.
fn plain(expected: &str) -> &str {
    match expected {
        "a string" | "string" => "string",
        "a boolean" => "boolean",
        "a sequence" => "array",
        "a map" => "object",
        text if text.starts_with("struct ") => "object",
        text if text.starts_with('u') || text.starts_with('i') || text.starts_with('f') => "number",
        text => text,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Outer {
        #[expect(dead_code, reason = "only its reading is tested")]
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only its reading is tested")]
        name: String,
        #[expect(dead_code, reason = "only its reading is tested")]
        count: Option<u32>,
        #[expect(dead_code, reason = "only its reading is tested")]
        status: Option<crate::PreferenceStatus>,
    }

    #[test]
    fn messages_name_the_field_and_never_the_value() {
        for (body, expected) in [
            (json!({}), "inner: Required"),
            (json!({"inner": 5}), "inner: Expected array, received number"),
            (json!({"inner": [{"name": "x"}, {}]}), "inner.1.name: Required"),
            (
                json!({"inner": [{"name": null}]}),
                "inner.0.name: Expected string, received null",
            ),
            (
                json!({"inner": [{"name": "x", "count": "s3cret, expected "}]}),
                "inner.0.count: Expected number, received string",
            ),
            (
                json!({"inner": [{"name": "x", "surprise": 1}]}),
                "Unrecognized key: \"surprise\"",
            ),
            (json!("x"), "Expected object, received string"),
        ] {
            assert_eq!(decode::<Outer>(&body).unwrap_err().message(), expected);
        }
        let wrong = json!({"inner": [{"name": "x", "status": "MAYBE"}]});
        let error = decode::<Outer>(&wrong).unwrap_err();
        assert_eq!(
            error.message(),
            "inner.0.status: Invalid value. Expected 'OPTED_IN', 'OPTED_OUT', 'REQUIRED'"
        );
    }
}
