//! Pictures inside JSON, as `data:` URLs (RFC 2397): alone in a field, in HTML, in markdown.

use std::collections::BTreeMap;
use std::ops::Range;

use percent_encoding::percent_decode_str;
use serde_json::Value;
use tidings_types::{Error, Result};

use super::{Picture, WRONG};

/// How they begin. Browsers write them in lower case.
const BEGINNING: &str = "data:image/";
/// How long a media type and its parameters may be, in bytes.
const MAX_TYPE: usize = 128;

/// The pictures there are, by the text they stand as. What is no picture stays as it is.
pub(super) fn all(value: &Value) -> BTreeMap<&str, Picture> {
    let mut found = BTreeMap::new();
    walk(value, &mut |text| {
        for url in urls(text) {
            if let Some(url) = text.get(url)
                && !found.contains_key(url)
                && let Some(picture) = read(url)
            {
                found.insert(url, picture);
            }
        }
    });
    found
}

/// Refuses pictures that no mail can show.
///
/// # Errors
/// `Invalid`, in words for people.
pub fn check(value: &Value) -> Result<()> {
    let mut wrong = false;
    walk(value, &mut |text| {
        let mut urls = urls(text).filter_map(|url| text.get(url));
        wrong |= urls.any(|url| read(url).is_none());
    });
    if wrong {
        return Err(Error::invalid(format!("A picture in it cannot be sent. {WRONG}")));
    }
    Ok(())
}

/// The same JSON as it is once its pictures have addresses, to be checked.
pub fn addressed(value: &Value) -> Value {
    const ADDRESS: &str = "https://pictures.invalid/picture.png";
    replaced(value, |_| Some(ADDRESS.to_owned()))
}

/// The same JSON with other texts in the place of its `data:` URLs, where there are others.
pub(super) fn replaced(value: &Value, mut other: impl FnMut(&str) -> Option<String>) -> Value {
    replace(value, &mut other)
}

fn replace(value: &Value, other: &mut dyn FnMut(&str) -> Option<String>) -> Value {
    match value {
        Value::String(text) => Value::String(replace_in(text, other)),
        Value::Array(list) => Value::Array(list.iter().map(|value| replace(value, other)).collect()),
        Value::Object(object) => {
            let pairs = object.iter().map(|(name, value)| (name.clone(), replace(value, other)));
            Value::Object(pairs.collect())
        }
        plain => plain.clone(),
    }
}

fn replace_in(text: &str, other: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let (mut out, mut done) = (String::new(), 0);
    for url in urls(text) {
        let (Some(before), Some(shown)) = (text.get(done..url.start), text.get(url.clone())) else {
            continue;
        };
        out.push_str(before);
        match other(shown) {
            Some(other) => out.push_str(&other),
            None => out.push_str(shown),
        }
        done = url.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

fn walk<'v>(value: &'v Value, look: &mut dyn FnMut(&'v str)) {
    match value {
        Value::String(text) => look(text),
        Value::Array(list) => list.iter().for_each(|value| walk(value, look)),
        Value::Object(object) => object.values().for_each(|value| walk(value, look)),
        _ => {}
    }
}

/// Where the `data:` URLs of pictures stand in a text.
fn urls(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text.get(from..)?.find(BEGINNING)?;
            let named = start + BEGINNING.len();
            let rest = text.get(named..)?;
            let kind = rest
                .bytes()
                .take(MAX_TYPE)
                .take_while(|byte| byte.is_ascii_alphanumeric() || b"+.-;=_".contains(byte))
                .count();
            if kind == 0 || rest.as_bytes().get(kind) != Some(&b',') {
                from = named;
                continue;
            }
            let data = named + kind + 1;
            let length = text.get(data..)?.bytes().take_while(|byte| is_of_data(*byte)).count();
            from = data + length;
            return Some(start..from);
        }
    })
}

/// Whether a byte stands in base64, or in base64 whose signs were percent-encoded.
const fn is_of_data(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'%')
}

fn read(url: &str) -> Option<Picture> {
    let (head, data) = url.split_once(',')?;
    head.strip_suffix(";base64")?;
    Picture::read(&percent_decode_str(data).decode_utf8().ok()?)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn png(more: &[u8]) -> String {
        let bytes = [b"\x89PNG\r\n\x1a\n", more].concat();
        format!("data:image/png;base64,{}", STANDARD.encode(bytes))
    }

    fn told(value: &Value) -> Vec<&str> {
        all(value).into_keys().collect()
    }

    #[test]
    fn pictures_are_found_wherever_they_stand() {
        let (one, two) = (png(b"one"), png(b"two>?>"));
        let html = format!("<img src=\"{one}\"><img src='{two}'> and {one}");
        let value =
            json!({"a": [{"src": one}], "html": html, "text": "data: image/png, data:image/, data:image/png;base64"});
        let mut both = [one.as_str(), &two];
        both.sort_unstable();
        assert_eq!(told(&value), both);
        check(&value).unwrap();
        let shown = replaced(&value, |url| Some(if url == one { "ONE" } else { "TWO" }.to_owned()));
        assert_eq!(shown["a"][0]["src"], "ONE");
        assert_eq!(shown["html"], "<img src=\"ONE\"><img src='TWO'> and ONE");
        assert_eq!(shown["text"], value["text"]);
        let encoded = one.replace('+', "%2B").replace('=', "%3D");
        assert_eq!(all(&json!(encoded)).len(), 1);
    }

    #[test]
    fn what_is_no_picture_stays_and_is_told() {
        for url in [
            "data:image/svg+xml;base64,PHN2Zy8+",
            "data:image/svg+xml,%3Csvg/%3E",
            "data:image/png;base64,PHN2Zy8+",
            "data:image/png;base64,",
            "data:image/png,abc",
        ] {
            let value = json!({ "src": url });
            assert!(told(&value).is_empty(), "{url}");
            assert_eq!(replaced(&value, |_| None), value);
            assert!(check(&value).unwrap_err().message().contains("PNG"), "{url}");
        }
        let large = png(&vec![0; super::super::MAX_BYTES]);
        assert!(told(&json!(large)).is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_looked_through(text in ".*(data:image/.*)*") {
            prop_assert_eq!(replace_in(&text, &mut |_| None), text);
        }
    }
}
