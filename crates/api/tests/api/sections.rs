//! Preference sections and their topics.

use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;

async fn made(app: &App, path: &str, body: Value) -> String {
    let reply = app.post(path, body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    reply.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn sections_are_shown_with_their_topics() {
    let app = App::start().await;
    let section = json!({"name": "Account", "routing_options": ["email", "sms"], "has_custom_routing": true});
    let section = made(&app, "/preferences/sections", section).await;
    let topics = format!("/preferences/sections/{section}/topics");
    made(
        &app,
        &topics,
        json!({"name": "Codes", "default_status": "REQUIRED", "classification": "transactional"}),
    )
    .await;
    app.clock.advance(1);
    made(
        &app,
        &topics,
        json!({"name": "News", "default_status": "OPTED_IN", "allowed_preferences": ["snooze"]}),
    )
    .await;
    insta::assert_json_snapshot!(
        "section",
        app.get(&format!("/preferences/sections/{section}")).await.shown()
    );
    let listed = app.get("/preferences/sections").await.json();
    assert_eq!(
        listed["results"],
        json!([app.get(&format!("/preferences/sections/{section}")).await.json()])
    );
    let names: Vec<Value> = app.get(&topics).await.json()["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].clone())
        .collect();
    assert_eq!(names, ["Codes", "News"]);
}

#[tokio::test]
async fn replacing_a_section_leaves_its_topics_and_replacing_a_topic_leaves_nothing() {
    let app = App::start().await;
    let section = made(
        &app,
        "/preferences/sections",
        json!({"name": "A", "description": "Old"}),
    )
    .await;
    let path = format!("/preferences/sections/{section}");
    let topic = json!({"name": "T", "default_status": "OPTED_IN", "topic_data": {"a": 1}});
    let topic = made(&app, &format!("{path}/topics"), topic).await;
    app.clock.advance(1000);
    insta::assert_json_snapshot!("section_replaced", app.put(&path, json!({"name": "B"})).await.shown());
    let replaced = app
        .put(
            &format!("{path}/topics/{topic}"),
            json!({"name": "U", "default_status": "OPTED_OUT"}),
        )
        .await;
    assert_eq!(replaced.json()["topic_data"], json!({}));
    let found = app
        .services
        .library
        .topic(tidings_types::Environment::Test, &topic)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        found.default_status,
        tidings_types::PreferenceStatus::OptedOut,
        "sending sees it"
    );
}

#[tokio::test]
async fn a_section_with_topics_stays() {
    let app = App::start().await;
    let section = made(&app, "/preferences/sections", json!({"name": "A"})).await;
    let path = format!("/preferences/sections/{section}");
    let topic = made(
        &app,
        &format!("{path}/topics"),
        json!({"name": "T", "default_status": "OPTED_IN"}),
    )
    .await;
    let refused = app.delete(&path).await;
    refused.is_error(
        409,
        &format!("Section {section} still has topics and cannot be deleted"),
    );
    assert_eq!(refused.header("x-should-retry"), Some("false"));
    assert_eq!(
        app.delete(&format!("{path}/topics/{topic}")).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(app.delete(&path).await.status, StatusCode::NO_CONTENT);
    app.get(&path)
        .await
        .is_error(404, &format!("Section {section} not found"));
}

#[tokio::test]
async fn a_topic_is_found_in_its_own_section_only() {
    let app = App::start().await;
    let own = made(&app, "/preferences/sections", json!({"name": "A"})).await;
    let other = made(&app, "/preferences/sections", json!({"name": "B"})).await;
    let body = json!({"name": "T", "default_status": "OPTED_IN"});
    let topic = made(&app, &format!("/preferences/sections/{own}/topics"), body.clone()).await;
    let wrong = format!("/preferences/sections/{other}/topics/{topic}");
    let told = format!("Topic {topic} not found");
    app.get(&wrong).await.is_error(404, &told);
    app.put(&wrong, body.clone()).await.is_error(404, &told);
    app.delete(&wrong).await.is_error(404, &told);
    assert_eq!(
        app.get(&format!("/preferences/sections/{own}/topics/{topic}"))
            .await
            .status,
        StatusCode::OK
    );
    app.post("/preferences/sections/none/topics", body)
        .await
        .is_error(404, "Section none not found");
    app.get("/preferences/sections/none/topics")
        .await
        .is_error(404, "Section none not found");
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_name() {
    let app = App::start().await;
    let section = made(&app, "/preferences/sections", json!({"name": "A"})).await;
    let topics = format!("/preferences/sections/{section}/topics");
    app.post("/preferences/sections", json!({}))
        .await
        .is_error(400, "name: Required");
    app.post(&topics, json!({"name": "T"}))
        .await
        .is_error(400, "default_status: Required");
    let digest = json!({"name": "T", "default_status": "OPTED_IN", "digest": {"template_id": "nt_x", "schedules": []}});
    app.post(&topics, digest).await.is_error(
        400,
        "digest.schedules: Expected at least one: send null as `digest` to turn it off",
    );
    assert_eq!(app.get(&topics).await.json()["results"], json!([]));
}
