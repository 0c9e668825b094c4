//! The bracket form: `message[to][email]=a@b.c&message[data][name]=X`.
//!
//! A name in brackets is a field, a number is a place in a list, nothing (`[]`) is the next place. All values are texts.

use serde_json::Value;
use tidings_types::{Error, Object, Result};

/// How deep brackets may nest.
const MAX_DEPTH: usize = 32;

/// Whether what was announced as JSON is the bracket form: it begins with `name[...]=`.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let Some((name, _)) = text.trim_start().split_once('=') else {
        return false;
    };
    let decoded = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    let starts_with_name = decoded.starts_with(|one: char| one.is_ascii_alphanumeric() || one == '_');
    starts_with_name && decoded.contains('[') && decoded.ends_with(']')
}

/// Reads the bracket form.
///
/// # Errors
/// `Invalid`, naming the field, when brackets do not match, nest too deep, or a field is both a text and more.
pub(super) fn parse(bytes: &[u8]) -> Result<Value> {
    let mut root = Value::Object(Object::new());
    for (name, text) in url::form_urlencoded::parse(bytes) {
        let malformed = || Error::invalid(format!("{}: This form field cannot be read", shortened(&name)));
        let parts = parts(&name).ok_or_else(malformed)?;
        let place = parts
            .iter()
            .try_fold(&mut root, |place, part| descend(place, part))
            .ok_or_else(malformed)?;
        if !place.is_null() {
            return Err(malformed());
        }
        *place = Value::String(text.into_owned());
    }
    Ok(with_lists(root))
}

/// The beginning of a name, enough to find it by.
fn shortened(name: &str) -> String {
    name.chars().take(80).collect()
}

/// `a[b][]` as `a`, `b`, and nothing.
fn parts(name: &str) -> Option<Vec<&str>> {
    let Some((first, rest)) = name.split_once('[') else {
        return Some(vec![name]);
    };
    let inner = rest.strip_suffix(']')?;
    let parts: Vec<&str> = std::iter::once(first).chain(inner.split("][")).collect();
    let sound = parts.len() <= MAX_DEPTH && !first.is_empty() && parts.iter().all(|part| !part.contains(['[', ']']));
    sound.then_some(parts)
}

/// The place of a part, made if need be. Lists are objects with numbers for names until all is read.
fn descend<'a>(place: &'a mut Value, part: &str) -> Option<&'a mut Value> {
    if place.is_null() {
        *place = Value::Object(Object::new());
    }
    let fields = place.as_object_mut()?;
    let name = if part.is_empty() {
        fields.len().to_string()
    } else {
        part.to_owned()
    };
    Some(fields.entry(name).or_insert(Value::Null))
}

/// Objects whose names are 0, 1, 2, ... become lists.
fn with_lists(value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    let is_list = !fields.is_empty() && (0..fields.len()).all(|index| fields.contains_key(&index.to_string()));
    if !is_list {
        return Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| (name, with_lists(value)))
                .collect(),
        );
    }
    let mut entries: Vec<(usize, Value)> = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.parse().ok()?, with_lists(value))))
        .collect();
    entries.sort_by_key(|(index, _)| *index);
    Value::Array(entries.into_iter().map(|(_, value)| value).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documented_examples_are_read() {
        let text = b"message[to][email]=a%40b.c&message[data][name]=X+Y&message%5Brouting%5D%5Bchannels%5D%5B%5D=email\
                     &message[routing][channels][]=sms&message[cc][1]=b&message[cc][0]=a";
        assert!(looks_like(text));
        let expected = json!({"message": {
            "to": {"email": "a@b.c"}, "data": {"name": "X Y"}, "routing": {"channels": ["email", "sms"]}, "cc": ["a", "b"],
        }});
        assert_eq!(parse(text).unwrap(), expected);
    }

    #[test]
    fn what_is_no_form_is_left_to_the_json_reader() {
        for text in ["{\"a[b]\": \"=\"}", "", "a=b", "[1]", "\"x[y]=\""] {
            assert!(!looks_like(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn contradictions_are_refused() {
        let deep = format!("a{}=1", "[b]".repeat(MAX_DEPTH));
        for text in [
            "a[b]=1&a[b]=2",
            "a[b]=1&a[b][c]=2",
            "a[b=1",
            "a[b]]=1",
            "[a]=1",
            deep.as_str(),
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
