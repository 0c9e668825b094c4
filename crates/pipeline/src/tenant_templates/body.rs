//! How a tenant's template is stored: `template` (its id), `content`, `routing`, `channels` and `providers`.
//!
//! What a designer saves is its own, and comes back to it letter for letter. So it is kept as the text it was written as,
//! under `designed` and in place of `content` and `routing`, and read only where it is needed.

use std::borrow::Cow;

use serde_json::{Value, json};
use tidings_types::{Error, Result};

/// Where the text stands that a designer wrote: a JSON object with `content` and `routing`.
const DESIGNED: &str = "designed";

/// The body of what a designer saves. Settings that it does not know stay as they were in `before`.
pub(super) fn designed(id: &str, name: &str, data: &str, before: Option<&Value>) -> Value {
    let kept = |field: &str| before.and_then(|before| before.get(field)).cloned();
    json!({
        "template": id,
        "name": name,
        DESIGNED: data,
        "channels": kept("channels"),
        "providers": kept("providers"),
    })
}

/// The text that a designer saved. None when it was written over REST.
pub fn design(body: &Value) -> Option<&str> {
    body.get(DESIGNED).and_then(Value::as_str)
}

/// A body with its `content` and `routing` in their places, whoever wrote it.
///
/// # Errors
/// `Internal` when what is stored is no JSON.
pub fn read(body: &Value) -> Result<Cow<'_, Value>> {
    let Some(text) = design(body) else {
        return Ok(Cow::Borrowed(body));
    };
    let mut data: Value = serde_json::from_str(text).map_err(Error::internal)?;
    let mut read = body.clone();
    if let Some(read) = read.as_object_mut() {
        read.remove(DESIGNED);
        for field in ["content", "routing"] {
            let value = data.get_mut(field).map(Value::take).unwrap_or_default();
            read.insert(field.to_owned(), value);
        }
    }
    Ok(Cow::Owned(read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_designed_is_read_as_if_it_were_written_over_rest() {
        let before = json!({"template": "t", "content": {"body": "x"}, "channels": {"email": {}}, "providers": null});
        assert_eq!(*read(&before).unwrap(), before);
        let data =
            r#"{"content":{"version":"2022-01-01","elements":[]},"routing":{"method":"all","channels":["email"]}}"#;
        let body = designed("t", "T", data, Some(&before));
        assert_eq!(design(&body), Some(data));
        let expected = json!({
            "template": "t", "name": "T", "channels": {"email": {}}, "providers": null,
            "content": {"version": "2022-01-01", "elements": []},
            "routing": {"method": "all", "channels": ["email"]},
        });
        assert_eq!(*read(&body).unwrap(), expected);
        let bare = designed("t", "T", "{\"content\":7}", None);
        assert_eq!(read(&bare).unwrap()["routing"], Value::Null);
    }
}
