//! Merging an override's body into a request's.

use serde_json::Value;
use tidings_types::Object;

use crate::shared::call::plain_text;
use crate::{Body, Reject};

/// Merges into a JSON or form body. Objects are merged, everything else is replaced; null removes.
pub(super) fn merge_body(body: &mut Body, changes: &Object) {
    match body {
        Body::Json(Value::Object(object)) => merge_objects(object, changes),
        Body::Form(fields) => {
            for (name, value) in changes {
                fields.retain(|(existing, _)| existing != name);
                let values = match value {
                    Value::Array(values) => values.iter().filter_map(form_text).collect(),
                    single => form_text(single).into_iter().collect::<Vec<_>>(),
                };
                fields.extend(values.into_iter().map(|value| (name.clone(), value)));
            }
        }
        Body::Json(_) | Body::Raw { .. } => {}
    }
}

/// Forms have no objects: they travel as JSON text, which is what vendors' form parameters of that kind expect.
fn form_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Object(_) | Value::Array(_) => Some(value.to_string()),
        plain => plain_text(plain),
    }
}

fn merge_objects(into: &mut Object, changes: &Object) {
    for (name, change) in changes {
        match (into.get_mut(name), change) {
            (_, Value::Null) => {
                into.remove(name);
            }
            (Some(Value::Object(existing)), Value::Object(change)) => merge_objects(existing, change),
            _ => {
                into.insert(name.clone(), change.clone());
            }
        }
    }
}

/// A text of an override; anything else there is refused by name.
pub(super) fn text<'a>(overrides: &'a Object, name: &str) -> Result<Option<&'a str>, Reject> {
    match overrides.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Reject::Message(format!("override.{name}: must be text"))),
    }
}
