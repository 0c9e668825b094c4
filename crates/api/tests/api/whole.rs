//! A message's whole way, seen from outside: sent, carried out by the worker, caught by the outbox, looked up.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use tidings_pipeline::Worker;

use crate::app::{App, message};

/// Asks until the message has left `ENQUEUED` and `ROUTED`, for ten seconds at most.
async fn settled(app: &App, id: &str) -> Value {
    for _ in 0..200 {
        let details = app.get(&format!("/messages/{id}")).await.json();
        if !["ENQUEUED", "ROUTED"].contains(&details["status"].as_str().unwrap()) {
            return details;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the message {id} was not carried out");
}

#[tokio::test]
async fn what_history_names_can_be_read() {
    let app = App::start().await;
    let worker = Worker::start(app.services.clone());
    let id = app.sent().await;
    let details = settled(&app, &id).await;
    assert_eq!(
        (&details["status"], &details["providers"][0]["provider"]),
        (&json!("SENT"), &json!("outbox"))
    );
    let history = app.get(&format!("/messages/{id}/history?type=RENDERED")).await.json();
    let output = history["results"][0]["output"].as_object().unwrap().clone();
    let read = app.get(output["html"].as_str().unwrap()).await;
    assert_eq!(read.status, StatusCode::OK, "{}", read.body);
    assert!(read.body.contains("Hello Ann"));
    let subject = app.get(output["subject"].as_str().unwrap()).await;
    assert_eq!(subject.body, "Hi");
    let shown = app.get(&format!("/messages/{id}/output")).await.json();
    assert_eq!(shown["results"][0]["content"]["subject"], "Hi");
    worker.stop(Duration::from_secs(5)).await.unwrap();
}

#[tokio::test]
async fn an_opt_out_holds_and_says_so() {
    let app = App::start().await;
    app.topic("news", "OPTED_IN").await;
    let worker = Worker::start(app.services.clone());
    app.put("/users/ann/preferences/news", json!({"topic": {"status": "OPTED_OUT"}}))
        .await;
    let mut body = message("a@example.com");
    body["message"]["to"]["user_id"] = json!("ann");
    body["message"]["preferences"] = json!({"subscription_topic_id": "news"});
    let sent = app.post("/send", body).await.json();
    let details = settled(&app, sent["requestId"].as_str().unwrap()).await;
    assert_eq!(
        (&details["status"], &details["reason"]),
        (&json!("UNDELIVERABLE"), &json!("UNSUBSCRIBED"))
    );
    assert_eq!(details["error"], "Notification opted out by user");
    let entry = json!([{"error": "Notification opted out by user", "status": "UNDELIVERABLE"}]);
    assert_eq!(details["providers"], entry);
    worker.stop(Duration::from_secs(5)).await.unwrap();
}
