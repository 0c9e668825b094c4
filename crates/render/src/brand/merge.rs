//! What a brand takes from the environment's default brand.

use serde_json::Value;
use tidings_types::{Brand, Object};

/// The parts of `settings.email` that may come from the default brand, with what is in them.
const PARTS: [&str; 3] = ["header", "footer", "head"];

/// A brand with its `inheritDefault` parts, and the snippets it does not have, from the default brand.
pub(super) fn merged(brand: &Brand, default: Option<&Brand>) -> Brand {
    let mut brand = brand.clone();
    let Some(default) = default.filter(|default| default.id != brand.id || brand.id.is_empty()) else {
        return brand;
    };
    for snippet in &default.snippets {
        if !brand.snippets.iter().any(|own| own.name == snippet.name) {
            brand.snippets.push(snippet.clone());
        }
    }
    let theirs = default.settings.get("email").and_then(Value::as_object);
    let Some(ours) = brand.settings.get_mut("email").and_then(Value::as_object_mut) else {
        return brand;
    };
    for part in PARTS {
        inherit(ours, theirs, part);
    }
    if let Some(footer) = ours.get_mut("footer").and_then(Value::as_object_mut) {
        let theirs = theirs.and_then(|email| email.get("footer")?.as_object());
        inherit(footer, theirs, "social");
    }
    brand
}

/// Replaces a part that says `inheritDefault`; what the default brand does not have is then not there either.
fn inherit(ours: &mut Object, theirs: Option<&Object>, part: &str) {
    let wanted = ours
        .get(part)
        .and_then(|own| own.get("inheritDefault"))
        .is_some_and(|flag| flag == &Value::Bool(true));
    if !wanted {
        return;
    }
    match theirs.and_then(|theirs| theirs.get(part)) {
        Some(theirs) => ours.insert(part.to_owned(), theirs.clone()),
        None => ours.remove(part),
    };
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn brand(id: &str, email: &Value, snippets: &Value) -> Brand {
        let brand = json!({"id": id, "name": id, "settings": {"email": email}, "snippets": snippets});
        serde_json::from_value(brand).unwrap()
    }

    #[test]
    fn parts_and_snippets_come_from_the_default_brand_where_wanted() {
        let default = brand(
            "default",
            &json!({"header": {"barColor": "#111111"}, "footer": {"markdown": "D", "social": {"medium": {"url": "m"}}}}),
            &json!([{"name": "hi", "value": "D"}, {"name": "bye", "value": "D"}]),
        );
        let own = brand(
            "own",
            &json!({"header": {"inheritDefault": true, "barColor": "#222222"}, "head": {"inheritDefault": true, "content": "x"},
                "footer": {"markdown": "O", "inheritDefault": false, "social": {"inheritDefault": true}}}),
            &json!([{"name": "hi", "value": "O"}]),
        );
        let merged = merged(&own, Some(&default));
        assert_eq!(
            merged.settings["email"],
            json!({"header": {"barColor": "#111111"},
                "footer": {"markdown": "O", "inheritDefault": false, "social": {"medium": {"url": "m"}}}})
        );
        let values: Vec<&str> = merged.snippets.iter().map(|one| one.value.as_str()).collect();
        assert_eq!(values, ["O", "D"]);
        assert_eq!(super::merged(&own, None), own);
    }
}
