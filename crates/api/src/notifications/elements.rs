//! The elements of content that is written: every one gets an id, and what reads add is taken away again.

use std::collections::HashSet;

use serde_json::Value;
use tidings_types::{Error, Object, Result};

use super::keys;

/// Pieces of a line of text. They belong to their line and have no ids.
const INLINE: [&str; 3] = ["string", "link", "img"];

/// Gives ids to elements without one, in place, and takes checksums away.
///
/// # Errors
/// `Invalid`, naming the element beneath `field`, when an id is no text or stands twice, or when a key is
/// unknown.
pub(super) fn prepare(field: &str, elements: &mut [Value], mut new_id: impl FnMut() -> String) -> Result<()> {
    prepare_list(field, elements, &mut new_id, &mut HashSet::new())
}

fn prepare_list(
    field: &str,
    elements: &mut [Value],
    new_id: &mut impl FnMut() -> String,
    seen: &mut HashSet<String>,
) -> Result<()> {
    for (index, element) in elements.iter_mut().enumerate() {
        let Some(element) = element.as_object_mut() else {
            continue;
        };
        let field = format!("{field}.elements.{index}");
        without_checksums(element);
        keys::check(&field, element)?;
        if !is_inline(element) {
            let id = match element.remove("id") {
                None | Some(Value::Null) => new_id(),
                Some(Value::String(id)) if !id.is_empty() && !id.chars().any(char::is_control) => id,
                Some(_) => {
                    return Err(Error::invalid(format!(
                        "{field}.id: Expected a text without control characters"
                    )));
                }
            };
            if !seen.insert(id.clone()) {
                return Err(Error::invalid(format!("{field}.id: Another element has it too")));
            }
            element.insert("id".to_owned(), Value::String(id));
        }
        if let Some(Value::Array(children)) = element.get_mut("elements") {
            prepare_list(&field, children, new_id, seen)?;
        }
    }
    Ok(())
}

fn is_inline(element: &Object) -> bool {
    element
        .get("type")
        .and_then(Value::as_str)
        .is_some_and(|kind| INLINE.contains(&kind))
}

fn without_checksums(element: &mut Object) {
    element.remove("checksum");
    if let Some(Value::Object(locales)) = element.get_mut("locales") {
        for locale in locales.values_mut().filter_map(Value::as_object_mut) {
            locale.remove("checksum");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn prepared(elements: &Value) -> Result<Value> {
        let mut elements = elements.as_array().unwrap().clone();
        let mut count = 0;
        prepare("content", &mut elements, || {
            count += 1;
            format!("elem_{count}")
        })?;
        Ok(Value::Array(elements))
    }

    #[test]
    fn ids_are_made_kept_and_not_given_to_pieces_of_text() {
        let written = json!([{"type": "channel", "checksum": "x", "elements": [
            {"type": "text", "id": "mine", "elements": [{"type": "string", "content": "a"}]},
            {"type": "text", "content": "b", "locales": {"fr": {"content": "c", "checksum": "y"}}},
        ]}]);
        let expected = json!([{"type": "channel", "id": "elem_1", "elements": [
            {"type": "text", "id": "mine", "elements": [{"type": "string", "content": "a"}]},
            {"type": "text", "id": "elem_2", "content": "b", "locales": {"fr": {"content": "c"}}},
        ]}]);
        assert_eq!(prepared(&written).unwrap(), expected);
    }

    #[test]
    fn an_id_stands_once_and_is_a_text() {
        let twice = json!([{"type": "text", "id": "a"}, {"type": "group", "elements": [{"type": "text", "id": "a"}]}]);
        let told = prepared(&twice).unwrap_err();
        assert_eq!(
            told.message(),
            "content.elements.1.elements.0.id: Another element has it too"
        );
        assert!(prepared(&json!([{"type": "text", "id": 7}])).is_err());
    }
}
