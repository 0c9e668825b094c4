//! Examples: the document's own where it has one, else made of the schema.

use serde_json::{Map, Value, json};

use super::api::{list, text};
use super::schema::{properties, resolve, variants};

/// How deep a made example goes.
const DEPTH: usize = 6;

/// The example of a media type object.
pub(super) fn of_content(document: &Value, content: &Value) -> Option<Value> {
    if let Some(example) = content.get("example") {
        return Some(example.clone());
    }
    let named = content
        .get("examples")
        .and_then(Value::as_object)
        .and_then(|all| all.values().next());
    if let Some(example) = named.and_then(|one| resolve(document, one).1.get("value")) {
        return Some(example.clone());
    }
    of_schema(document, content.get("schema")?, DEPTH)
}

/// The example of a parameter, as it stands in an address.
pub(super) fn of_parameter(document: &Value, parameter: &Value) -> Option<String> {
    let own = parameter.get("example").cloned();
    let value = own.or_else(|| own_example(resolve(document, parameter.get("schema")?).1))?;
    Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

fn own_example(schema: &Value) -> Option<Value> {
    let listed = || {
        list(schema, "examples")
            .next()
            .or_else(|| schema.get("const"))
            .or_else(|| list(schema, "enum").next())
    };
    schema
        .get("example")
        .or_else(|| schema.get("default"))
        .or_else(listed)
        .filter(|value| !value.is_null())
        .cloned()
}

fn of_schema(document: &Value, schema: &Value, depth: usize) -> Option<Value> {
    let (_, schema) = resolve(document, schema);
    if let Some(example) = own_example(schema) {
        return Some(example);
    }
    if depth == 0 {
        return None;
    }
    let all = properties(document, schema);
    if !all.is_empty() {
        let required: Vec<_> = all.iter().filter(|property| property.required).collect();
        // Where nothing is required, everything is shown: an empty object teaches nothing.
        let told = if required.is_empty() {
            all.iter().collect()
        } else {
            required
        };
        let entry = |property: &&super::schema::Property<'_>| {
            Some((
                property.name.to_owned(),
                of_schema(document, property.schema, depth - 1)?,
            ))
        };
        return Some(Value::Object(told.iter().filter_map(entry).collect()));
    }
    if let Some(first) = variants(schema).first() {
        return of_schema(document, first, depth - 1);
    }
    let kind = match schema.get("type") {
        Some(Value::Array(types)) => types
            .iter()
            .filter_map(Value::as_str)
            .find(|one| *one != "null")
            .unwrap_or_default(),
        _ => text(schema, "type"),
    };
    Some(match kind {
        "string" => Value::String(word(text(schema, "format")).to_owned()),
        "integer" | "number" => json!(0),
        "boolean" => json!(true),
        "array" => Value::Array(
            of_schema(document, schema.get("items")?, depth - 1)
                .into_iter()
                .collect(),
        ),
        "object" => Value::Object(Map::new()),
        _ => return None,
    })
}

/// A string of a format.
fn word(format: &str) -> &'static str {
    match format {
        "date-time" => "2026-01-01T00:00:00.000Z",
        "date" => "2026-01-01",
        "email" => "ada@example.com",
        "uri" | "url" => "https://example.com",
        _ => "string",
    }
}
