//! Brands as they are stored, and as sends bring them along.

use serde_json::Value;
use tidings_types::{Brand, Error, Object, Result, Snippet};

/// The parts of the settings that are objects.
const PARTS: [&str; 3] = ["colors", "email", "inapp"];

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

/// Refuses what no mail can look like.
///
/// # Errors
/// `Invalid`, naming every wrong field.
pub fn check(body: &Value) -> Result<()> {
    let brand = of_body("", body);
    for part in PARTS {
        match brand.settings.get(part) {
            None | Some(Value::Null | Value::Object(_)) => {}
            Some(other) => {
                let received = tidings_types::routing::kind_of(other);
                return Err(Error::invalid(format!(
                    "settings.{part}: Expected object, received {received}"
                )));
            }
        }
    }
    tidings_render::check_brand(&brand).map_err(|problems| {
        let told: Vec<String> = problems
            .iter()
            .map(|one| format!("{}: {}", dotted(&one.element_path), one.reason))
            .collect();
        Error::invalid(told.join("; "))
    })
}

/// `snippets.items[0].name` as `snippets.items.0.name`.
fn dotted(path: &str) -> String {
    path.replace('[', ".").replace(']', "")
}
