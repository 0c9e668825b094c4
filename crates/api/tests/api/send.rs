//! All body forms of a send.

use http::{Method, StatusCode};
use serde_json::json;

use crate::app::{App, message};

#[tokio::test]
async fn a_send_answers_the_message_id() {
    let app = App::start().await;
    let reply = app.post("/send", message("a@example.com")).await;
    assert_eq!(reply.status, StatusCode::ACCEPTED);
    insta::assert_json_snapshot!(reply.shown());
    let id = reply.json()["requestId"].as_str().unwrap().to_owned();
    assert_eq!(
        app.get(&format!("/messages/{id}")).await.json()["recipient"],
        "a@example.com"
    );
}

#[tokio::test]
async fn several_recipients_are_found_by_the_request() {
    let app = App::start().await;
    let to = json!([{"email": "a@example.com"}, {"user_id": "bob", "email": "b@example.com"}]);
    let reply = app
        .post("/send", json!({"message": {"to": to, "content": {"body": "x"}}}))
        .await;
    let id = reply.json()["requestId"].as_str().unwrap().to_owned();
    app.get(&format!("/messages/{id}"))
        .await
        .is_error(404, "Message not found");
    let children = app.get(&format!("/messages?traceId={id}")).await.json();
    assert_eq!(children["results"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_older_form_answers_message_id() {
    let app = App::start().await;
    let body = json!({"event": "welcome", "recipient": "ann", "profile": {"email": "a@example.com"}, "data": {"n": 1}});
    let reply = app.post("/send", body).await;
    assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.body);
    let id = reply.json()["messageId"].as_str().unwrap().to_owned();
    let details = app.get(&format!("/messages/{id}")).await.json();
    assert_eq!(
        (details["event"].as_str(), details["recipientId"].as_str()),
        (Some("welcome"), Some("ann"))
    );
}

#[tokio::test]
async fn bracket_forms_are_read_even_when_announced_as_json() {
    let app = App::start().await;
    let body = "message[to][email]=a%40example.com&message[content][title]=Hi&message[content][body]=Hello+you";
    for content_type in ["application/json", "application/x-www-form-urlencoded"] {
        let call = app
            .call(Method::POST, "/send")
            .raw(body)
            .header("content-type", content_type);
        let reply = call.send().await;
        assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.body);
    }
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_name_and_nothing_is_stored() {
    let app = App::start().await;
    let content = json!({"title": "Hi", "body": "x"});
    let send = |to| json!({"message": {"to": to, "content": content}});
    let many: Vec<_> = (0..501).map(|index| json!({"user_id": format!("u{index}")})).collect();
    let wrong = [
        json!({}),
        json!({"message": null}),
        json!({"message": {"content": content}}),
        send(json!(null)),
        send(json!("a@example.com")),
        send(json!([])),
        send(json!({})),
        send(json!({"email": 5})),
        send(json!(many)),
        send(json!({"user_id": "a\u{0}b"})),
        json!({"message": {"to": {"email": "a@example.com"}, "content": {"title": "a\nb", "body": "x"}}}),
        json!({"message": {"to": {"email": "a@example.com"}, "content": {"body": 5}}}),
        json!({"message": {"to": {"email": "a@example.com"}, "content": content, "metadata": {"tags": "x"}}}),
        json!({"event": "e"}),
        json!({"recipient": "r"}),
    ];
    let mut told = Vec::new();
    for body in wrong {
        let reply = app.post("/send", body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{}", reply.body);
        told.push(reply.json()["message"].clone());
    }
    insta::assert_json_snapshot!(told);
    assert_eq!(app.get("/messages").await.json()["results"], json!([]));
}

#[tokio::test]
async fn a_dry_run_stores_nothing() {
    let app = App::start().await;
    let reply = app.post("/send?dry_run=true", message("a@example.com")).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    assert_eq!(app.get("/messages").await.json()["results"], json!([]));
    app.post("/send?dry_run=perhaps", message("a@example.com"))
        .await
        .is_error(400, "dry_run: Expected boolean, received string");
}
