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
    let body = |megabytes: usize| format!("{{\"message\": \"{}\"}}", "x".repeat(megabytes << 20));
    let reply = app.call(Method::POST, "/profiles/ann").raw(body(2)).send().await;
    reply.is_error(413, "The request body is too large. Max is 1048576 bytes");
    let reply = app
        .call(Method::PUT, "/lists/a/subscriptions")
        .raw(body(17))
        .send()
        .await;
    reply.is_error(413, "The request body is too large. Max is 16777216 bytes");
    let reply = app.call(Method::POST, "/send").raw(body(33)).send().await;
    reply.is_error(413, "The request body is too large. Max is 33554432 bytes");
    // Nobody who is not known is listened to for so long.
    let stranger = app.call(Method::POST, "/send").without_key().raw(body(2)).send().await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn fifty_thousand_people_get_the_documented_answer() {
    let app = App::start().await;
    let people = |key: &str| {
        (0..50_000)
            .map(|n| json!({ key: format!("person{n:05}@example.com") }))
            .collect::<Vec<_>>()
    };
    let message = json!({"message": {"to": people("email"), "content": {"title": "t", "body": "b"}}});
    app.post("/send", message)
        .await
        .is_error(400, "message.to has 50000 recipients. Max is 500");
    let bulk = app.post("/bulk", json!({"message": {"event": "e"}})).await.json();
    let path = format!("/bulk/{}", bulk["jobId"].as_str().unwrap());
    let users = json!({ "users": people("recipient") });
    app.post(&path, users)
        .await
        .is_error(400, "users: 50000 users. Max is 1000");
    assert_eq!(app.get(&path).await.json()["job"]["received"], 0);
    let mut recipients = people("recipientId");
    let added = app
        .post("/lists/crowd/subscriptions", json!({ "recipients": recipients }))
        .await;
    assert_eq!(added.status, StatusCode::ACCEPTED, "{}", added.body);
    recipients.truncate(49_999);
    app.clock.advance(1);
    let replaced = app
        .put("/lists/crowd/subscriptions", json!({ "recipients": recipients }))
        .await;
    assert_eq!(replaced.status, StatusCode::ACCEPTED, "{}", replaced.body);
    // One that is wrong refuses them all.
    recipients.push(json!({"recipientId": ""}));
    let refused = app
        .put("/lists/other/subscriptions", json!({ "recipients": recipients }))
        .await;
    refused.is_error(400, "recipients.49999.recipientId: Must not be empty");
    app.drain().await;
    assert_eq!(app.get("/lists/other").await.status, StatusCode::NOT_FOUND);
    let mut page = tidings_store::PageRequest {
        after: None,
        limit: 1000,
    };
    let mut found = 0;
    loop {
        let read = app
            .services
            .store
            .subscriptions(tidings_types::Environment::Test, "crowd", page.clone())
            .await;
        let read = read.unwrap();
        found += read.items.len();
        match read.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    assert_eq!(found, 49_999);
}

#[tokio::test]
async fn files_as_large_as_documented_pass() {
    let app = App::start().await;
    let file = |megabytes: usize| {
        let data = "QUFB".repeat((megabytes << 20) / 3);
        let attachments = json!([{"filename": "a.bin", "contentType": "application/octet-stream", "data": data}]);
        json!({"message": {"to": {"email": "a@example.com"}, "content": {"title": "t", "body": "b"},
            "channels": {"email": {"override": {"attachments": attachments}}}}})
    };
    let reply = app.post("/send", file(18)).await;
    assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", &reply.body);
    let reply = app.post("/send", file(19)).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert!(
        reply.body.contains("are more than 18874368 bytes together"),
        "{}",
        reply.body
    );
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
