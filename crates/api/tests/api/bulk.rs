//! Bulk jobs.

use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;

#[tokio::test]
async fn people_are_handed_in_and_sent_to_when_it_is_run() {
    let app = App::start().await;
    app.post("/bulk", json!({"message": {}}))
        .await
        .is_error(400, "The 'event' parameter is required.");
    let made = app
        .post("/bulk", json!({"message": {"event": "welcome", "data": {"a": 1}}}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let id = made.json()["jobId"].as_str().unwrap().to_owned();
    let job = async || app.get(&format!("/bulk/{id}")).await.json()["job"].clone();
    assert_eq!(job().await["status"], "CREATED");
    assert_eq!(job().await["definition"], json!({"event": "welcome", "data": {"a": 1}}));

    let users = json!({"users": [
        {"recipient": "ada", "profile": {"email": "ada@example.com"}, "data": {"b": 2}},
        {"recipient": "ada"}, 7, {"profile": {"email": "b@example.com"}}, {"to": {"user_id": "cy"}}, {"profile": []}
    ]});
    let added = app.post(&format!("/bulk/{id}"), users).await.json();
    assert_eq!(added["total"], 3);
    let errors: Vec<Value> = added["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["error"].clone())
        .collect();
    assert_eq!(
        errors,
        ["Expected an object", "profile: Expected object", "Duplicate user"]
    );
    let many: Vec<Value> = (0..1001)
        .map(|number| json!({"recipient": format!("u{number}")}))
        .collect();
    app.post(&format!("/bulk/{id}"), json!({ "users": many }))
        .await
        .is_error(400, "users: 1001 users. Max is 1000");

    let ran = app.post(&format!("/bulk/{id}/run"), json!({})).await;
    assert_eq!((ran.status, ran.json()), (StatusCode::ACCEPTED, json!({})));
    assert_eq!(job().await["status"], "PROCESSING");
    app.drain().await;
    let done = job().await;
    assert_eq!(
        (&done["status"], &done["received"], &done["enqueued"], &done["failures"]),
        (&json!("COMPLETED"), &json!(3), &json!(3), &json!(0))
    );
    let again = app.post(&format!("/bulk/{id}/run"), json!({})).await;
    assert_eq!(
        (again.status, again.header("x-should-retry")),
        (StatusCode::CONFLICT, Some("false"))
    );
    let late = app
        .post(&format!("/bulk/{id}"), json!({"users": [{"recipient": "late"}]}))
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);

    let page = app.get(&format!("/bulk/{id}/users")).await.json();
    let ada = &page["items"][0];
    assert_eq!((&ada["status"], &ada["recipient"]), (&json!("ENQUEUED"), &json!("ada")));
    let message = app
        .get(&format!("/messages/{}", ada["messageId"].as_str().unwrap()))
        .await
        .json();
    assert_eq!(
        (&message["recipient"], &message["event"]),
        (&json!("ada"), &json!("welcome"))
    );
    assert_eq!(app.get(&format!("/requests/{id}")).await.json()["messages"], 3);
    app.get("/bulk/none").await.is_error(404, "Bulk job none not found");
    app.get("/bulk/none/users")
        .await
        .is_error(404, "Bulk job none not found");
    app.post("/bulk/none", json!({"users": []}))
        .await
        .is_error(404, "Bulk job none not found");
    app.post("/bulk/none/run", json!({}))
        .await
        .is_error(404, "Bulk job none not found");
}
