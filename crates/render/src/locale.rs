//! Content in one locale.

use std::collections::BTreeSet;

use serde_json::Value;
use tidings_types::{Object, TemplateContent};

/// Content with the texts of a locale in place of its own: for each element the first of `locales` that it has.
///
/// A locale must be one of the keys of an element's `locales`, exactly; elements without any keep their own texts.
#[must_use]
pub fn localize<L: AsRef<str>>(content: &TemplateContent, locales: &[L]) -> TemplateContent {
    let mut content = content.clone();
    for element in content.elements.iter_mut().flatten() {
        localize_element(element, locales);
    }
    content
}

fn localize_element<L: AsRef<str>>(element: &mut Value, wanted: &[L]) {
    let Some(object) = element.as_object_mut() else { return };
    let texts = object
        .get("locales")
        .and_then(|locales| wanted.iter().find_map(|locale| locales.get(locale.as_ref())))
        .and_then(Value::as_object);
    for (field, text) in texts.cloned().unwrap_or_default() {
        if is_translatable(&field) {
            object.insert(field, text);
        }
    }
    if let Some(Value::Array(children)) = object.get_mut("elements") {
        for child in children {
            localize_element(child, wanted);
        }
    }
}

/// Fields that a locale may replace. Keys that design tools keep beside them are none of ours.
fn is_translatable(field: &str) -> bool {
    matches!(field, "content" | "title" | "href" | "src" | "raw" | "elements")
}

/// The locales that any element has.
pub fn locales(content: &TemplateContent) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for object in content.elements.iter().flatten().filter_map(Value::as_object) {
        collect(object, &mut found);
    }
    found
}

fn collect(object: &Object, found: &mut BTreeSet<String>) {
    if let Some(Value::Object(locales)) = object.get("locales") {
        found.extend(locales.keys().cloned());
    }
    for child in object
        .get("elements")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
    {
        collect(child, found);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_an_exact_locale_replaces() {
        let content = TemplateContent {
            elements: Some(vec![json!({"type": "channel", "channel": "email", "elements": [
                {"type": "text", "content": "Hello", "locales": {"es": {"content": "Hola", "_hash": "x", "align": "left"}}}
            ]})]),
            ..TemplateContent::default()
        };
        let text = |content: &TemplateContent| content.elements.as_ref().unwrap()[0]["elements"][0].clone();
        assert_eq!(text(&localize(&content, &["es"]))["content"], "Hola");
        assert!(text(&localize(&content, &["es"])).get("align").is_none());
        assert_eq!(text(&localize(&content, &["es-MX"]))["content"], "Hello");
        assert_eq!(text(&localize(&content, &["es-MX", "es"]))["content"], "Hola");
        assert_eq!(locales(&content).into_iter().collect::<Vec<_>>(), ["es"]);
    }
}
