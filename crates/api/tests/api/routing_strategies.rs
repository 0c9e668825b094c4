//! Routing strategies and the templates linked to them.

use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;

fn strategy(name: &str) -> Value {
    json!({"name": name, "tags": ["a"], "routing": {"method": "single", "channels": ["sms", "email"]},
           "channels": {"email": {"providers": ["smtp"]}}})
}

async fn made(app: &App, path: &str, body: Value) -> String {
    let reply = app.post(path, body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    reply.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_strategy_is_made_shown_and_replaced() {
    let app = App::start().await;
    let id = made(&app, "/routing-strategies", strategy("First")).await;
    let path = format!("/routing-strategies/{id}");
    insta::assert_json_snapshot!("strategy", app.get(&path).await.shown());
    insta::assert_json_snapshot!("strategies", app.get("/routing-strategies").await.shown());
    let second = json!({"name": "Second", "routing": {"method": "all", "channels": ["inbox"]}});
    let replaced = app.put(&path, second).await.json();
    assert_eq!(
        (&replaced["name"], &replaced["tags"], &replaced["channels"]),
        (&json!("Second"), &json!([]), &json!({}))
    );
    let found = app
        .services
        .library
        .strategy(tidings_types::Environment::Test, &id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.routing.method, tidings_types::Method::All, "sending sees it");
}

#[tokio::test]
async fn pages_hold_twenty() {
    let app = App::start().await;
    for _ in 0..21 {
        made(&app, "/routing-strategies", strategy("One of many")).await;
        app.clock.advance(1);
    }
    let first = app.get("/routing-strategies").await.json();
    assert_eq!(
        (first["results"].as_array().unwrap().len(), &first["paging"]["more"]),
        (20, &json!(true))
    );
    let all = app.get("/routing-strategies?limit=100").await.json();
    assert_eq!(all["results"].as_array().unwrap().len(), 21);
    app.get("/routing-strategies?cursor=nonsense")
        .await
        .is_error(400, "Invalid cursor format");
}

#[tokio::test]
async fn a_strategy_in_use_stays() {
    let app = App::start().await;
    let id = made(&app, "/routing-strategies", strategy("First")).await;
    let path = format!("/routing-strategies/{id}");
    let linked = json!({"notification": {"name": "Linked", "routing": {"strategy_id": id}, "content": {"elements": []}},
                        "state": "PUBLISHED"});
    let template = made(&app, "/notifications", linked).await;
    let other = json!({"notification": {"name": "Other", "content": {"elements": []}}});
    made(&app, "/notifications", other.clone()).await;
    let listed = app.get(&format!("{path}/notifications")).await.json();
    assert_eq!(listed["results"].as_array().unwrap().len(), 1);
    assert_eq!(listed["results"][0]["id"], json!(template));

    app.put(&format!("/notifications/{template}"), other).await;
    let refused = app.delete(&path).await;
    let told = format!("Routing strategy {id} has associated templates and cannot be archived");
    refused.is_error(409, &told);
    assert_eq!(
        refused.header("x-should-retry"),
        Some("false"),
        "what is published is still linked"
    );

    app.delete(&format!("/notifications/{template}")).await;
    assert_eq!(app.delete(&path).await.status, StatusCode::NO_CONTENT);
    let gone = format!("Routing strategy {id} not found");
    app.get(&path).await.is_error(404, &gone);
    app.delete(&path).await.is_error(404, &gone);
    app.get(&format!("{path}/notifications")).await.is_error(404, &gone);
}
