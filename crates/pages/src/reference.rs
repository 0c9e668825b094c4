//! `/reference`: the API, as its OpenAPI document tells it. Made once, when somebody first looks.

mod api;
mod curl;
mod example;
mod fields;
mod operation;
mod prose;
mod schema;

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use crate::{layout, response};
use api::{Api, Group};

/// The reference of the document that `document` makes, for a server reached at `base_url`.
pub(crate) fn router(document: fn() -> Value, base_url: &str) -> Router {
    let base_url = base_url.to_owned();
    let made = Arc::new(LazyLock::new(move || page(&document(), &base_url).into_string()));
    let serve = move || {
        let made = Arc::clone(&made);
        async move { response::page(StatusCode::OK, PreEscaped(LazyLock::force(&made).clone())) }
    };
    Router::new().route("/reference", get(serve))
}

fn page(document: &Value, base_url: &str) -> Markup {
    let api = Api::read(document);
    let link = html! { a href="/openapi.json" { "OpenAPI" } };
    let body = html! {
        body {
            (layout::sprite())
            (layout::topbar("/reference", false, &link))
            div.reference {
                nav.contents aria-label="Operations" {
                    label.filter {
                        span.visually-hidden { "Filter operations" }
                        input #filter type="search" placeholder="Filter" autocomplete="off" spellcheck="false";
                    }
                    @for group in &api.groups { (contents(group)) }
                    p.no-match #no-match hidden { "No operation matches." }
                }
                main {
                    header.intro {
                        h1 { (api.title) }
                        (prose::markdown(api.description))
                        p { "Base URL " code { (base_url) } }
                    }
                    @for group in &api.groups {
                        section.group data-group {
                            h2 id={ "tag-" (api::slug(&group.name)) } { (group.name) }
                            (prose::markdown(group.description))
                            @for operation in &group.operations {
                                (operation::article(document, operation, base_url))
                            }
                        }
                    }
                }
            }
        }
    };
    layout::document(
        "API reference · Tidings",
        &["reference/reference.css"],
        &["copy.js", "reference/reference.js"],
        &body,
    )
}

fn contents(group: &Group<'_>) -> Markup {
    html! {
        details.tag data-group open {
            summary { (group.name) }
            ul {
                @for operation in &group.operations {
                    li data-words=(operation.words()) {
                        a href={ "#" (operation.anchor) } {
                            span.method data-method=(operation.method) { (operation.method) }
                            span { (prose::inline(operation.title)) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_becomes_a_page_and_nothing_in_it_becomes_markup() {
        let document = json!({
            "info": {"title": "T <script>", "version": "1"},
            "tags": [{"name": "send", "description": "Says *it*. <img src=x onerror=alert(1)>"}],
            "security": [{"key": []}],
            "paths": {
                "/send": {"post": {
                    "tags": ["send"], "operationId": "send", "summary": "Send </script>",
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Send"}}}},
                    "responses": {"202": {"description": "Accepted", "content": {"application/json": {"schema":
                        {"type": "object", "properties": {"requestId": {"type": "string"}}}}}}}
                }},
                "/healthz": {"get": {"security": [], "responses": {"200": {"description": "up"}}}}
            },
            "components": {"schemas": {
                "Send": {"type": "object", "required": ["message"], "properties": {"message": {"$ref": "#/components/schemas/Message"}}},
                "Message": {"type": "object", "properties": {
                    "to": {"type": ["string", "null"]}, "again": {"$ref": "#/components/schemas/Message"}}}
            }}
        });
        let page = page(&document, "https://t.example").into_string();
        assert!(!page.contains("T <script>") && !page.contains("<img src=x") && !page.contains("Send </script>"));
        assert!(page.contains("<em>it</em>"));
        assert!(page.contains("id=\"send\"") && page.contains("requestId") && page.contains("string or null"));
        assert!(page.contains("curl -X POST https://t.example/send"));
        let health = page.split("id=\"get-healthz\"").nth(1).unwrap();
        assert!(!health.contains("Authorization"), "no key where none is needed");
    }

    #[test]
    fn nonsense_is_survived() {
        for document in [
            json!(null),
            json!({"paths": []}),
            json!({"paths": {"/x": {"get": 5, "parameters": "y"}}}),
        ] {
            assert!(page(&document, "http://x").into_string().contains("</html>"));
        }
    }
}
