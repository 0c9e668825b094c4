//! The elements of content that is written: every one gets an id, and what reads add is taken away again.

use std::collections::HashSet;

use serde_json::Value;
use tidings_types::{Error, Object, Result};

use super::{keys, translatable};

/// The ids that whoever wrote the elements gave them.
pub(super) type Given = HashSet<String>;

/// Gives ids to elements without one, in place, and takes checksums and the notes of design tools away.
///
/// # Errors
/// `Invalid`, naming the element beneath `field`, when an id is no text or stands twice, or when a key is
/// unknown.
pub(super) fn prepare(field: &str, elements: &mut [Value], mut new_id: impl FnMut() -> String) -> Result<Given> {
    let mut given = Given::new();
    prepare_list(field, elements, &mut new_id, &mut HashSet::new(), &mut given)?;
    Ok(given)
}

fn prepare_list(
    field: &str,
    elements: &mut [Value],
    new_id: &mut dyn FnMut() -> String,
    seen: &mut HashSet<String>,
    given: &mut Given,
) -> Result<()> {
    for (index, element) in elements.iter_mut().enumerate() {
        let Some(element) = element.as_object_mut() else {
            continue;
        };
        let field = format!("{field}.elements.{index}");
        element.remove("checksum");
        keys::check(&field, element)?;
        let id = match element.remove("id") {
            None | Some(Value::Null) => new_id(),
            Some(Value::String(id)) if !id.is_empty() && !id.chars().any(char::is_control) => {
                given.insert(id.clone());
                id
            }
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
        prepare_locales(&field, element, new_id, given)?;
        if let Some(Value::Array(children)) = element.get_mut("elements") {
            prepare_list(&field, children, new_id, seen, given)?;
        }
    }
    Ok(())
}

/// The texts of other languages. What stands in place of an element's children may have the ids of those.
fn prepare_locales(
    field: &str,
    element: &mut Object,
    new_id: &mut dyn FnMut() -> String,
    given: &mut Given,
) -> Result<()> {
    let kind = element
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let Some(locales) = element.get_mut("locales").filter(|locales| !locales.is_null()) else {
        return Ok(());
    };
    let field = format!("{field}.locales");
    let Some(locales) = locales.as_object_mut() else {
        let received = tidings_types::routing::kind_of(locales);
        return Err(Error::invalid(format!("{field}: Expected object, received {received}")));
    };
    for (locale, texts) in locales {
        let field = format!("{field}.{locale}");
        tidings_types::locale::check(&field, locale)?;
        let Some(texts) = texts.as_object_mut() else {
            let received = tidings_types::routing::kind_of(texts);
            return Err(Error::invalid(format!("{field}: Expected object, received {received}")));
        };
        translatable::clean(texts);
        translatable::check(&field, &kind, texts)?;
        if let Some(Value::Array(children)) = texts.get_mut("elements") {
            prepare_list(&field, children, new_id, &mut HashSet::new(), given)?;
        }
    }
    Ok(())
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
    fn ids_are_made_and_kept_at_every_depth() {
        let written = json!([{"type": "channel", "checksum": "x", "elements": [
            {"type": "text", "id": "mine", "elements": [{"type": "string", "content": "a"}]},
            {"type": "text", "content": "b", "locales": {"fr": {"content": "c", "checksum": "y", "_sourceHash": "z"}}},
        ]}]);
        let expected = json!([{"type": "channel", "id": "elem_1", "elements": [
            {"type": "text", "id": "mine", "elements": [{"type": "string", "id": "elem_2", "content": "a"}]},
            {"type": "text", "id": "elem_3", "content": "b", "locales": {"fr": {"content": "c"}}},
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

    #[test]
    fn a_language_has_the_ids_of_the_children_it_stands_in_for() {
        let group = json!([{"type": "group", "id": "g", "elements": [{"type": "text", "id": "a", "content": "x"}],
            "locales": {"fr": {"elements": [{"type": "text", "id": "a", "content": "y"}, {"type": "divider"}]}}}]);
        let children = &prepared(&group).unwrap()[0]["locales"]["fr"]["elements"];
        assert_eq!(
            (&children[0]["id"], &children[1]["id"]),
            (&json!("a"), &json!("elem_1"))
        );
    }

    #[test]
    fn what_a_language_cannot_change_is_named() {
        for (locales, told) in [
            (
                json!({"fr": {"align": "left"}}),
                "content.elements.0.locales.fr: Unrecognized key: \"align\"",
            ),
            (
                json!({"fr": "salut"}),
                "content.elements.0.locales.fr: Expected object, received string",
            ),
            (json!([]), "content.elements.0.locales: Expected object, received array"),
        ] {
            let element = json!([{"type": "text", "content": "a", "locales": locales}]);
            assert_eq!(prepared(&element).unwrap_err().message(), told);
        }
    }
}
