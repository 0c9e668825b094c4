//! Every route at once: what the OpenAPI document lists is what is checked.

use http::{Method, StatusCode};
use utoipa::openapi::path::Operation;

use crate::app::App;

/// Operations that need no key. Adding one here is a decision.
const OPEN: [&str; 0] = [];

/// Every operation of the document, with sample values in the path.
pub(crate) fn operations() -> Vec<(Method, String, Operation)> {
    let mut operations = Vec::new();
    for (path, item) in &tidings_api::document().paths.paths {
        let methods = [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PUT, &item.put),
            (Method::PATCH, &item.patch),
            (Method::DELETE, &item.delete),
        ];
        for (method, operation) in methods {
            if let Some(operation) = operation {
                operations.push((method, path.clone(), operation.clone()));
            }
        }
    }
    operations
}

/// `/a/{b}` as `/a/x`.
pub(crate) fn sample(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { "x" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn every_operation_describes_the_refusals_all_share() {
    for (method, path, operation) in operations() {
        for status in ["400", "401", "403"] {
            assert!(
                operation.responses.responses.contains_key(status),
                "{method} {path}: {status}"
            );
        }
    }
}

#[tokio::test]
async fn every_operation_needs_a_key_and_says_so_in_json() {
    let app = App::start().await;
    let operations = operations();
    assert!(
        operations.len() > 25,
        "the document lists {} operations",
        operations.len()
    );
    for (method, path, _) in operations {
        if OPEN.contains(&path.as_str()) {
            continue;
        }
        for call in [
            app.call(method.clone(), &sample(&path)).without_key(),
            app.call(method.clone(), &sample(&path)).bearer("no-key"),
        ] {
            let reply = call.send().await;
            assert_eq!(
                reply.status,
                StatusCode::UNAUTHORIZED,
                "{method} {path}: {}",
                reply.body
            );
            assert_eq!(reply.json()["type"], "authentication_error", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn no_operation_breaks_on_a_strange_body() {
    let app = App::start().await;
    for (method, path, _) in operations() {
        for body in [
            "",
            "[]",
            "null",
            "5",
            "{\"message\":[]}",
            "{\"topics\":{}}",
            "{\"patch\":null}",
            "\u{0}",
        ] {
            let reply = app.call(method.clone(), &sample(&path)).raw(body).send().await;
            assert!(
                reply.status.as_u16() < 500,
                "{method} {path} {body}: {} {}",
                reply.status,
                reply.body
            );
            if !reply.status.is_success() {
                assert!(reply.json()["message"].is_string(), "{method} {path} {body}");
            }
        }
    }
}

#[tokio::test]
async fn every_operation_is_described() {
    for (method, path, operation) in operations() {
        assert!(
            operation.summary.is_some_and(|summary| !summary.is_empty()),
            "{method} {path} has no summary"
        );
        assert!(
            operation.tags.is_some_and(|tags| !tags.is_empty()),
            "{method} {path} has no tag"
        );
    }
}

#[tokio::test]
async fn the_document_is_served_without_a_key() {
    let app = App::start().await;
    let reply = app.call(Method::GET, "/openapi.json").without_key().send().await;
    assert_eq!(reply.status, StatusCode::OK);
    let document = reply.json();
    assert!(document["paths"]["/send"]["post"].is_object());
    assert!(document["components"]["securitySchemes"]["key"].is_object());
}
