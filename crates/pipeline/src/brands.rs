//! Brands as they are stored, and as sends bring them along.

use serde_json::Value;
use tidings_types::{Brand, Object, Snippet};

/// A brand from the body of its document, or of a request that would make one. What is not there is empty.
pub fn of_body(id: &str, body: &Value) -> Brand {
    let object = |name: &str| body.get(name).and_then(Value::as_object).cloned();
    let snippets = body
        .get("snippets")
        .and_then(|snippets| snippets.get("items")?.as_array());
    Brand {
        id: id.to_owned(),
        name: body.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        settings: object("settings").unwrap_or_default(),
        snippets: snippets.into_iter().flatten().filter_map(snippet).collect(),
    }
}

/// The brand that a send brings along for a channel, if it does.
pub(crate) fn inline(overrides: &Object) -> Option<Brand> {
    let brand = overrides.get("brand").filter(|brand| brand.is_object())?;
    let id = brand.get("id").and_then(Value::as_str).unwrap_or_default();
    Some(of_body(id, brand))
}

fn snippet(value: &Value) -> Option<Snippet> {
    let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
    Some(Snippet {
        name: text("name")?,
        value: text("value")?,
    })
}
