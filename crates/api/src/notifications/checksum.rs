//! Fingerprints of elements, so that translators and tools see what changed.

use md5::{Digest as _, Md5};
use serde_json::Value;
use tidings_wire::notification::ElementChecksum;

/// Elements as reads show them: each with its checksum, and each translation with its own.
pub(super) fn with_checksums(elements: &[Value]) -> Vec<Value> {
    elements.iter().cloned().map(with_checksum).collect()
}

/// All elements' checksums, each before those inside it.
pub(crate) fn flattened(elements: &[Value]) -> Vec<ElementChecksum> {
    let mut found = Vec::new();
    collect(&with_checksums(elements), &mut found);
    found
}

fn collect(elements: &[Value], found: &mut Vec<ElementChecksum>) {
    for element in elements {
        let text = |name: &str| element.get(name).and_then(Value::as_str).map(str::to_owned);
        if let (Some(id), Some(checksum)) = (text("id"), text("checksum")) {
            found.push(ElementChecksum { id, checksum });
        }
        collect(
            element
                .get("elements")
                .and_then(Value::as_array)
                .map(Vec::as_slice)
                .unwrap_or_default(),
            found,
        );
    }
}

fn with_checksum(mut element: Value) -> Value {
    let Some(object) = element.as_object_mut() else {
        return element;
    };
    if let Some(Value::Array(children)) = object.get_mut("elements") {
        *children = std::mem::take(children).into_iter().map(with_checksum).collect();
    }
    if let Some(Value::Object(locales)) = object.get_mut("locales") {
        for locale in locales.values_mut() {
            let sum = checksum(locale.clone());
            if let Some(locale) = locale.as_object_mut() {
                locale.insert("checksum".to_owned(), Value::String(sum));
            }
        }
    }
    // The id is a name, and translations change on their own.
    let mut bare = object.clone();
    bare.remove("id");
    bare.remove("locales");
    if let Some(Value::Array(children)) = bare.get_mut("elements") {
        for child in children {
            if let Some(sum) = child.get("checksum").cloned() {
                *child = sum;
            }
        }
    }
    let sum = checksum(Value::Object(bare));
    object.insert("checksum".to_owned(), Value::String(sum));
    element
}

/// MD5 as hex of the JSON with its keys in order: what tools of this API expect to find. It tells changes apart and
/// protects nothing.
fn checksum(mut value: Value) -> String {
    value.sort_all_objects();
    hex::encode(Md5::digest(value.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sums(text: &str, translation: &str) -> Vec<ElementChecksum> {
        flattened(&[json!({"type": "channel", "id": "a", "elements": [
            {"type": "text", "id": "b", "content": text, "locales": {"fr": {"content": translation}}},
            {"type": "text", "id": "c", "elements": [{"type": "string", "id": "d", "content": "same"}]},
        ]})])
    }

    #[test]
    fn a_change_shows_in_the_element_and_all_around_it_only() {
        let (before, after) = (sums("one", "un"), sums("two", "un"));
        let changed: Vec<&str> = before
            .iter()
            .zip(&after)
            .filter(|(one, two)| one != two)
            .map(|(one, _)| one.id.as_str())
            .collect();
        assert_eq!(
            before.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
            ["a", "b", "c", "d"]
        );
        assert_eq!(changed, ["a", "b"]);
        assert_eq!(before, sums("one", "deux"), "a translation has its own checksum");
    }
}
