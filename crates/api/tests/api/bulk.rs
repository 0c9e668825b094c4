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

#[tokio::test]
async fn a_job_that_is_called_off_ends() {
    let app = App::start().await;
    let made = app.post("/bulk", json!({"message": {"event": "welcome"}})).await.json();
    let id = made["jobId"].as_str().unwrap().to_owned();
    let users: Vec<_> = (0..300).map(|n| json!({ "recipient": format!("u{n}") })).collect();
    app.post(&format!("/bulk/{id}"), json!({ "users": users })).await;
    app.post(&format!("/bulk/{id}/run"), json!({})).await;
    assert_eq!(
        app.post(&format!("/requests/{id}/cancel"), json!({})).await.status,
        StatusCode::OK
    );
    app.drain().await;
    let job = app.get(&format!("/bulk/{id}")).await.json();
    assert_eq!(
        (&job["job"]["status"], &job["job"]["failures"]),
        (&json!("ERROR"), &json!(300))
    );
    let users = app.get(&format!("/bulk/{id}/users")).await.json();
    assert_eq!(users["items"][0]["error"], "The job was canceled");
}

#[tokio::test]
async fn who_is_nobody_is_refused_when_handed_in() {
    let app = App::start().await;
    let made = app.post("/bulk", json!({"message": {"event": "welcome"}})).await.json();
    let path = format!("/bulk/{}", made["jobId"].as_str().unwrap());
    let users = json!([{}, {"data": {"a": 1}}, {"to": {"list_id": "l"}}, {"recipient": "r", "to": {"audience_id": "a"}},
        {"profile": {"email": "a@b.c"}}, {"to": {"phone_number": "+15558675310"}}, {"recipient": "r"}]);
    let told = app.post(&path, json!({ "users": users })).await.json();
    assert_eq!(told["total"], 3);
    let errors: Vec<_> = told["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["error"].as_str().unwrap())
        .collect();
    assert!(errors[0].starts_with("to: Expected `user_id`"), "{errors:?}");
    assert!(errors[2].starts_with("to: Expected one person"), "{errors:?}");
    assert!(errors[3].starts_with("to: Expected one person"), "{errors:?}");
    assert_eq!(app.get(&path).await.json()["job"]["received"], 3);
}

#[tokio::test]
async fn one_time_data_of_a_job_that_is_never_run_is_not_kept() {
    let app = App::start().await;
    let create = async |tags: Value| {
        let message = json!({"content": {"title": "T", "body": "{{code}}"}, "data": {"code": "4711"}, "metadata": {"tags": tags}});
        let made = app.post("/bulk", json!({"message": {"message": message}})).await;
        let id = made.json()["jobId"].as_str().unwrap().to_owned();
        let users =
            json!({"users": [{"recipient": "ada", "data": {"code": "4711"}, "profile": {"email": "ada@example.com"}}]});
        assert_eq!(
            app.post(&format!("/bulk/{id}"), users.clone()).await.status,
            StatusCode::OK
        );
        (id, users)
    };
    let ((code, users), (news, _)) = (create(json!(["otp"])).await, create(json!([])).await);
    let shown = async |id: &str| {
        let job = app.get(&format!("/bulk/{id}")).await.body;
        let users = app.get(&format!("/bulk/{id}/users")).await.body;
        format!("{job}{users}")
    };
    tidings_pipeline::upkeep::round(&app.services).await.unwrap();
    assert!(shown(&code).await.contains("4711"), "it may still be run");
    app.clock.advance(24 * 60 * 60 * 1000 + 1);
    tidings_pipeline::upkeep::round(&app.services).await.unwrap();
    let left = shown(&code).await;
    assert!(!left.contains("4711") && left.contains("ada@example.com"), "{left}");
    assert!(shown(&news).await.contains("4711"), "it is no code");
    for (path, body) in [
        (format!("/bulk/{code}/run"), json!({})),
        (format!("/bulk/{code}"), users),
    ] {
        let refused = app.post(&path, body).await;
        refused.is_error(409, "The job's one-time data was redacted");
        assert_eq!(refused.header("x-should-retry"), Some("false"));
    }
    let run = app.post(&format!("/bulk/{news}/run"), json!({})).await;
    assert_eq!(run.status, StatusCode::ACCEPTED);
}
