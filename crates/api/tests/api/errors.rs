//! Whatever goes wrong, the answer is JSON that says what.

use http::{Method, StatusCode};
use serde_json::json;

use crate::app::{App, message};

#[tokio::test]
async fn unknown_paths_and_methods_answer_json() {
    let app = App::start().await;
    for path in ["/nowhere", "/lists/a/b", "/", "/messages/a/b/c/d"] {
        let reply = app.get(path).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert!(reply.json()["message"].is_string());
    }
    let reply = app.call(Method::DELETE, "/send").send().await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(reply.header("allow"), Some("POST"));
    assert_eq!(reply.json()["type"], "invalid_request_error");
}

#[tokio::test]
async fn duplicate_slashes_count_as_one() {
    let app = App::start().await;
    assert_eq!(
        app.post("//send", message("a@example.com")).await.status,
        StatusCode::ACCEPTED
    );
    assert_eq!(app.get("/users//ann///tokens").await.status, StatusCode::OK);
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused() {
    let app = App::start().await;
    for body in ["{", "nonsense", "{\"profile\": }", "\u{feff}{}"] {
        let reply = app.call(Method::POST, "/profiles/ann").raw(body).send().await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST);
        assert!(
            reply.json()["message"].as_str().unwrap().starts_with("Invalid JSON"),
            "{}",
            reply.body
        );
    }
    app.post("/profiles/ann", json!([]))
        .await
        .is_error(400, "Expected object, received array");
    app.post("/profiles/ann", json!({"profile": 5}))
        .await
        .is_error(400, "profile: Expected object, received number");
    let reply = app.call(Method::POST, "/profiles/ann").send().await;
    reply.is_error(400, "profile: Required");
}

#[tokio::test]
async fn large_bodies_are_refused() {
    let app = App::start().await;
    for path in ["/send", "/profiles/ann"] {
        let body = format!("{{\"message\": \"{}\"}}", "x".repeat(2 * 1024 * 1024));
        let reply = app.call(Method::POST, path).raw(body).send().await;
        reply.is_error(413, "The request body is too large. Max is 1048576 bytes");
    }
}

#[tokio::test]
async fn control_characters_are_refused_by_field() {
    let app = App::start().await;
    app.get("/profiles/a%00b")
        .await
        .is_error(400, "user_id: Control characters are not allowed");
    app.get("/users/ann/tokens/a%0Ab")
        .await
        .is_error(400, "token: Control characters are not allowed");
    app.get("/messages?tag=a%07")
        .await
        .is_error(400, "tag: Control characters are not allowed");
    let reply = app.get("/profiles/%FF").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn bad_cursors_and_filters_are_refused() {
    let app = App::start().await;
    app.get("/messages?cursor=nonsense")
        .await
        .is_error(400, "Invalid cursor format");
    app.get("/users/ann/preferences?cursor=%25")
        .await
        .is_error(400, "Invalid cursor format");
    app.get("/messages?limit=many")
        .await
        .is_error(400, "limit: Expected a number above 0");
    let reply = app.get("/messages?status=LOST").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn browsers_may_ask_from_anywhere() {
    let app = App::start().await;
    let preflight = app
        .call(Method::OPTIONS, "/users/ann/preferences")
        .without_key()
        .header("origin", "https://app.example")
        .header("access-control-request-method", "PUT")
        .header(
            "access-control-request-headers",
            "authorization,content-type,x-courier-client-key",
        )
        .send()
        .await;
    assert_eq!(preflight.status, StatusCode::OK);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    let allowed = preflight.header("access-control-allow-headers").unwrap();
    assert!(allowed.contains("x-courier-client-key") && allowed.contains("authorization"));
    assert_eq!(preflight.header("access-control-allow-credentials"), None);
    let reply = app
        .call(Method::GET, "/nowhere")
        .header("origin", "https://app.example")
        .send()
        .await;
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
}
