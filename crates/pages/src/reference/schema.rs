//! Reading JSON schemas: following references, gathering properties, naming types.

use serde_json::Value;

use super::api::{list, text};

/// How many references are followed one after another.
const HOPS: usize = 16;

/// A property of an object.
pub(super) struct Property<'a> {
    pub(super) name: &'a str,
    pub(super) schema: &'a Value,
    pub(super) required: bool,
}

/// What a schema says, behind its references, and the name it has in the document.
pub(super) fn resolve<'a>(document: &'a Value, schema: &'a Value) -> (Option<&'a str>, &'a Value) {
    let mut here = schema;
    let mut name = None;
    for _ in 0..HOPS {
        let Some(reference) = here.get("$ref").and_then(Value::as_str) else {
            return (name, here);
        };
        let Some(target) = reference
            .strip_prefix('#')
            .and_then(|pointer| document.pointer(pointer))
        else {
            break;
        };
        name = reference.rsplit('/').next();
        here = target;
    }
    (name, here)
}

/// The properties of a schema and of all it is made of (`allOf`).
pub(super) fn properties<'a>(document: &'a Value, schema: &'a Value) -> Vec<Property<'a>> {
    let mut found = Vec::new();
    gather(document, schema, HOPS, &mut found);
    found
}

fn gather<'a>(document: &'a Value, schema: &'a Value, depth: usize, found: &mut Vec<Property<'a>>) {
    let (_, schema) = resolve(document, schema);
    let required: Vec<_> = list(schema, "required").filter_map(Value::as_str).collect();
    for (name, property) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        found.push(Property {
            name,
            schema: property,
            required: required.contains(&name.as_str()),
        });
    }
    if depth > 0 {
        for part in list(schema, "allOf") {
            gather(document, part, depth - 1, found);
        }
    }
}

/// What a value may be instead (`oneOf`, `anyOf`), without `null`.
pub(super) fn variants(schema: &Value) -> Vec<&Value> {
    let all = list(schema, "oneOf").chain(list(schema, "anyOf"));
    all.filter(|one| text(one, "type") != "null").collect()
}

/// The type in a few words: `string (date-time) or null`, `array of Topic`.
pub(super) fn type_name(document: &Value, schema: &Value) -> String {
    named(document, schema, 4)
}

fn named(document: &Value, schema: &Value, depth: usize) -> String {
    let (name, schema) = resolve(document, schema);
    if depth == 0 {
        return name.unwrap_or("value").to_owned();
    }
    let alternatives: Vec<_> = list(schema, "oneOf").chain(list(schema, "anyOf")).collect();
    if !alternatives.is_empty() {
        let mut names: Vec<_> = alternatives
            .into_iter()
            .map(|one| named(document, one, depth - 1))
            .collect();
        names.dedup();
        return names.join(" or ");
    }
    let mut types: Vec<String> = match schema.get("type") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(some)) => some.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ if schema.get("properties").is_some() || schema.get("allOf").is_some() => vec!["object".to_owned()],
        _ if schema.get("enum").is_some() => vec!["string".to_owned()],
        _ => vec!["any value".to_owned()],
    };
    for one in &mut types {
        match (one.as_str(), schema.get("items")) {
            ("array", Some(items)) => *one = format!("array of {}", named(document, items, depth - 1)),
            ("object", _) => name.unwrap_or("object").clone_into(one),
            ("null", _) => {}
            _ if !text(schema, "format").is_empty() => *one = format!("{one} ({})", text(schema, "format")),
            _ => {}
        }
    }
    types.join(" or ")
}

/// What lies inside: the items of an array, the values of a map, else the schema itself.
pub(super) fn inner<'a>(document: &'a Value, schema: &'a Value) -> (Option<&'a str>, &'a Value) {
    let (mut name, mut here) = resolve(document, schema);
    for _ in 0..HOPS {
        let next = match (
            here.get("items"),
            here.get("additionalProperties"),
            variants(here).as_slice(),
        ) {
            (Some(items), ..) => items,
            (None, Some(values), _) if values.is_object() && here.get("properties").is_none() => values,
            (None, _, [only]) => *only,
            _ => return (name, here),
        };
        (name, here) = resolve(document, next);
    }
    (name, here)
}
