//! Adding UTM parameters to a link.

use std::fmt::Write as _;

use tidings_types::Object;

/// The parameters there are, as `metadata.utm` names them.
const NAMES: [&str; 5] = ["source", "medium", "campaign", "term", "content"];

/// Adds `utm_source` and so on to a web address, unless it has them already. Everything else of it stays as it is.
pub fn with_utm(url: &str, utm: &Object) -> String {
    let (base, fragment) = match url.split_once('#') {
        Some((base, fragment)) => (base, Some(fragment)),
        None => (url, None),
    };
    let mut out = base.to_owned();
    let query = base.split_once('?').map_or("", |(_, query)| query);
    for name in NAMES {
        let Some(value) = utm.get(name).and_then(text).filter(|value| !value.is_empty()) else {
            continue;
        };
        let parameter = format!("utm_{name}");
        let has = query
            .split('&')
            .any(|one| one.split('=').next() == Some(parameter.as_str()));
        if has {
            continue;
        }
        let joint = match out.split_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some(_) if out.ends_with('&') => "",
            Some(_) => "&",
        };
        // Writing to a string cannot fail.
        let _ = write!(out, "{joint}{parameter}=");
        encode(&mut out, &value);
    }
    if let Some(fragment) = fragment {
        out.push('#');
        out.push_str(fragment);
    }
    out
}

fn text(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn utm(value: &serde_json::Value) -> Object {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn parameters_are_added_before_the_fragment_and_never_twice() {
        let tags = utm(&json!({"source": "tidings", "campaign": "spring & more", "medium": "", "other": "x"}));
        for (before, after) in [
            (
                "https://a.example",
                "https://a.example?utm_source=tidings&utm_campaign=spring%20%26%20more",
            ),
            (
                "https://a.example/?",
                "https://a.example/?utm_source=tidings&utm_campaign=spring%20%26%20more",
            ),
            (
                "https://a.example/x?a=1#part",
                "https://a.example/x?a=1&utm_source=tidings&utm_campaign=spring%20%26%20more#part",
            ),
            (
                "https://a.example/?utm_source=own&utm_campaign=own",
                "https://a.example/?utm_source=own&utm_campaign=own",
            ),
        ] {
            assert_eq!(with_utm(before, &tags), after);
        }
        assert_eq!(
            with_utm("https://a.example/?q=ü#x", &Object::new()),
            "https://a.example/?q=ü#x"
        );
    }
}
