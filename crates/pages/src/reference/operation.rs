//! One operation on the page.

use maud::{Markup, html};
use serde_json::Value;

use super::api::{Operation, text};
use super::schema::resolve;
use super::{curl, example, fields, prose};
use crate::snippet;

/// An operation: what it takes, what it answers, how it is called.
pub(super) fn article(document: &Value, operation: &Operation<'_>, base_url: &str) -> Markup {
    let anchor = &operation.anchor;
    html! {
        article.operation id=(anchor) data-words=(operation.words()) {
            div.about {
                h3 { a href={ "#" (anchor) } { (prose::inline(operation.title)) } }
                p.call {
                    span.method data-method=(operation.method) { (operation.method) }
                    code { (operation.path) }
                    @if operation.deprecated { span.badge { "deprecated" } }
                    @if !operation.secured { span.badge { "no key needed" } }
                }
                (prose::markdown(operation.lead))
                (prose::markdown(operation.description))
                @if !operation.parameters.is_empty() {
                    h4 { "Parameters" }
                    (fields::parameters(document, &operation.parameters))
                }
                @if let Some(body) = operation.body { (request(document, body)) }
                h4 { "Responses" }
                @for (status, response) in &operation.responses { (reply(document, status, response)) }
            }
            div.samples { (snippet::one("curl", &format!("curl-{anchor}"), &curl::call(document, operation, base_url))) }
        }
    }
}

fn request(document: &Value, body: &Value) -> Markup {
    let (_, body) = resolve(document, body);
    html! {
        h4 { "Body" }
        (prose::markdown(text(body, "description")))
        @for (_, content) in contents(body) {
            @if let Some(schema) = content.get("schema") { (fields::fields(document, schema)) }
        }
    }
}

fn reply(document: &Value, status: &str, response: &Value) -> Markup {
    let (_, response) = resolve(document, response);
    let contents: Vec<_> = contents(response).collect();
    html! {
        details.reply {
            summary {
                span.status data-class=[status.get(..1)] { (status) }
                span { (prose::inline(text(response, "description"))) }
            }
            @for (kind, content) in &contents {
                p.values { code { (kind) } }
                @if let Some(schema) = content.get("schema") { (fields::fields(document, schema)) }
                @if let Some(example) = example::of_content(document, content) {
                    pre tabindex="0" { code { (serde_json::to_string_pretty(&example).unwrap_or_default()) } }
                }
            }
            @if contents.is_empty() { p.values { "No body." } }
        }
    }
}

/// Media types and what they say.
fn contents(body: &Value) -> impl Iterator<Item = (&String, &Value)> {
    body.get("content").and_then(Value::as_object).into_iter().flatten()
}
