//! A brand between the wire and the store: it is stored as it is written.

use serde_json::Value;
use tidings_store::Document;
use tidings_types::Result;
use tidings_wire::brand::{Brand, BrandWrite};

use crate::{document, validation};

/// Refuses what a brand cannot be, and gives it back as it is stored.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn checked(written: &BrandWrite) -> Result<Value> {
    validation::no_control_characters("name", &written.name)?;
    for (index, snippet) in written.snippets.items.iter().enumerate() {
        validation::no_control_characters(&format!("snippets.items.{index}.name"), &snippet.name)?;
        validation::printable(&format!("snippets.items.{index}.value"), &snippet.value)?;
    }
    let body = document::stored(written)?;
    tidings_pipeline::brands::check(&body)?;
    Ok(body)
}

/// A brand as reads show it: as it is in force, whatever is being designed for it.
pub(super) fn on_the_wire(document: Document) -> Result<Brand> {
    let stored: BrandWrite = document::read(document.published.unwrap_or(document.body))?;
    let updated = document.updated.unwrap_or(document.created);
    Ok(Brand {
        id: document.id,
        name: stored.name,
        settings: stored.settings,
        snippets: stored.snippets,
        created: document.created,
        updated,
        published: updated,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(brand: &Value) -> Result<Value> {
        checked(&validation::decode(brand)?)
    }

    #[test]
    fn a_name_is_enough_and_settings_are_kept_as_they_are() {
        let empty = json!({"name": "Acme", "settings": {}, "snippets": {"items": []}});
        assert_eq!(
            check(&json!({"name": "Acme", "settings": null, "snippets": null})).unwrap(),
            empty
        );
        let full = json!({"name": "Acme", "settings": {"colors": {"primary": "#04f", "tertiary": null}, "more": 1},
                          "snippets": {"items": [{"name": "hi", "value": "Hello"}]}});
        assert_eq!(check(&full).unwrap(), full);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (brand, field) in [
            (json!({}), "name: Required"),
            (json!({"name": "\u{0}"}), "name: "),
            (json!({"name": "A", "settings": "x"}), "settings: "),
            (json!({"name": "A", "settings": {"email": []}}), "settings.email: "),
            (
                json!({"name": "A", "settings": {"colors": {"primary": 7}}}),
                "settings.colors.primary: ",
            ),
            (
                json!({"name": "A", "settings": {"colors": {"primary": "red;x"}}}),
                "settings.colors.primary: must be a colour",
            ),
            (
                json!({"name": "A", "settings": {"email": {"footer": {"markdown": "{{#if"}}}}),
                "settings.email.footer.markdown: ",
            ),
            (
                json!({"name": "A", "settings": {"email": {"templateOverride": {"mjml": {"header": "<mj-section>"}}}}}),
                "settings.email.templateOverride.mjml.header: is no MJML",
            ),
            (
                json!({"name": "A", "snippets": {"items": [{"name": "a", "value": "{{x"}]}}),
                "snippets.items.0.value: ",
            ),
            (
                json!({"name": "A", "snippets": {"items": [{"name": "a"}]}}),
                "snippets.items.0.value: Required",
            ),
        ] {
            let told = check(&brand).unwrap_err();
            assert!(told.message().starts_with(field), "{told}");
        }
    }
}
