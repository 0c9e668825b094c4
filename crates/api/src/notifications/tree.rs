//! Elements by id, wherever they stand.

use serde_json::Value;
use tidings_types::{Error, Object, Result};

use super::translatable;

/// The element with this id.
pub(super) fn find_mut<'a>(elements: &'a mut [Value], id: &str) -> Option<&'a mut Object> {
    for element in elements {
        let Some(object) = element.as_object_mut() else {
            continue;
        };
        if object.get("id").and_then(Value::as_str) == Some(id) {
            return Some(object);
        }
        if let Some(Value::Array(children)) = object.get_mut("elements")
            && let Some(found) = find_mut(children, id)
        {
            return Some(found);
        }
    }
    None
}

/// Lays texts of a language over those an element has in it. Null takes a text away; a language without texts goes.
///
/// # Errors
/// `Invalid`, naming what is wrong beneath `field`.
pub(super) fn translate(field: &str, element: &mut Object, locale: &str, mut texts: Object) -> Result<()> {
    translatable::clean(&mut texts);
    let kind = element.get("type").and_then(Value::as_str).unwrap_or_default();
    translatable::check(field, kind, &texts)?;
    let locales = element.entry("locales").or_insert_with(|| Value::Object(Object::new()));
    let Some(locales) = locales.as_object_mut() else {
        return Err(Error::internal("the locales of a stored element are no object"));
    };
    let known = locales.entry(locale).or_insert_with(|| Value::Object(Object::new()));
    if let Some(known) = known.as_object_mut() {
        known.extend(texts);
        known.retain(|_, text| !text.is_null());
    }
    locales.retain(|_, texts| texts.as_object().is_none_or(|texts| !texts.is_empty()));
    if locales.is_empty() {
        element.remove("locales");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Object {
        match value {
            Value::Object(object) => object,
            other => panic!("{other} is no object"),
        }
    }

    #[test]
    fn texts_are_laid_over_and_taken_away() {
        let mut action = object(json!({"type": "action", "id": "a", "content": "Go", "href": "https://a.example"}));
        let bare = action.clone();
        let both = json!({"content": "Va", "href": "https://b.example", "checksum": "x", "_hash": "y"});
        translate("f", &mut action, "fr", object(both)).unwrap();
        translate("f", &mut action, "fr", object(json!({"content": "Aller"}))).unwrap();
        assert_eq!(
            action["locales"],
            json!({"fr": {"content": "Aller", "href": "https://b.example"}})
        );
        let gone = json!({"content": null, "href": null});
        translate("f", &mut action, "fr", object(gone)).unwrap();
        assert_eq!(action, bare);
        let told = translate("f", &mut action, "fr", object(json!({"title": "x"}))).unwrap_err();
        assert_eq!(told.message(), "f: Unrecognized key: \"title\"");
    }

    #[test]
    fn elements_are_found_at_every_depth() {
        let mut elements = vec![
            json!({"id": "a", "elements": [{"id": "b"}, {"elements": [{"id": "c"}]}]}),
            json!(7),
        ];
        for id in ["a", "b", "c"] {
            assert_eq!(find_mut(&mut elements, id).unwrap()["id"], id);
        }
        assert_eq!(find_mut(&mut elements, "d"), None);
    }
}
