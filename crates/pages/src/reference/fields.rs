//! The fields of a schema as nested lists.

use maud::{Markup, html};
use serde_json::Value;

use super::api::{list, text};
use super::prose;
use super::schema::{Property, inner, properties, resolve, type_name, variants};

/// How deep fields within fields are told.
const DEPTH: usize = 4;

/// The fields of a body.
pub(super) fn fields(document: &Value, schema: &Value) -> Markup {
    let mut names = Vec::new();
    within(document, schema, &mut names, DEPTH)
}

/// Parameters of an operation, told like fields.
pub(super) fn parameters(document: &Value, all: &[&Value]) -> Markup {
    html! {
        ul.fields {
            @for parameter in all {
                @let (_, parameter) = resolve(document, parameter);
                @let schema = parameter.get("schema").unwrap_or(&Value::Null);
                @let required = parameter.get("required").and_then(Value::as_bool).unwrap_or(false);
                li {
                    (line(document, text(parameter, "name"), schema, required, text(parameter, "in")))
                    (prose::markdown(text(parameter, "description")))
                    (values(document, schema))
                }
            }
        }
    }
}

fn within<'a>(document: &'a Value, schema: &'a Value, names: &mut Vec<&'a str>, depth: usize) -> Markup {
    let (name, schema) = inner(document, schema);
    let known = name.is_some_and(|name| names.contains(&name));
    if depth == 0 || known {
        return html! {};
    }
    let entered = names.len();
    names.extend(name);
    let all = properties(document, schema);
    let choices = variants(schema);
    let markup = html! {
        @if !all.is_empty() {
            ul.fields { @for property in &all { li { (field(document, property, names, depth)) } } }
        }
        @for choice in choices {
            @let inside = within(document, choice, names, depth - 1);
            @if !inside.0.is_empty() {
                details.variant { summary { (title(document, choice)) } (inside) }
            }
        }
    };
    names.truncate(entered);
    markup
}

fn field<'a>(document: &'a Value, property: &Property<'a>, names: &mut Vec<&'a str>, depth: usize) -> Markup {
    let inside = within(document, property.schema, names, depth - 1);
    let (_, behind) = resolve(document, property.schema);
    let description = match text(property.schema, "description") {
        "" => text(behind, "description"),
        own => own,
    };
    html! {
        (line(document, property.name, property.schema, property.required, ""))
        (prose::markdown(description))
        (values(document, property.schema))
        @if !inside.0.is_empty() { details { summary { "Fields" } (inside) } }
    }
}

fn line(document: &Value, name: &str, schema: &Value, required: bool, place: &str) -> Markup {
    html! {
        div.name {
            code { (name) }
            span.type { (type_name(document, schema)) }
            @if !place.is_empty() { span.type { "in " (place) } }
            @if required { span.badge.accent { "required" } }
        }
    }
}

/// The values allowed, and the one that holds when nothing is said.
fn values(document: &Value, schema: &Value) -> Markup {
    let (_, schema) = inner(document, schema);
    let allowed: Vec<_> = list(schema, "enum")
        .chain(schema.get("const"))
        .filter(|value| !value.is_null())
        .collect();
    html! {
        @if !allowed.is_empty() {
            p.values { "One of " @for value in allowed { code { (plain(value)) } " " } }
        }
        @if let Some(default) = schema.get("default") { p.values { "Default " code { (plain(default)) } } }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn title(document: &Value, schema: &Value) -> String {
    match text(schema, "title") {
        "" => type_name(document, schema),
        title => title.to_owned(),
    }
}
