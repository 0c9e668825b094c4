//! Who changed what is written down by the transaction that changes it.

use http::Method;
use serde_json::{Value, json};

use crate::app::App;

async fn lines(app: &App) -> Vec<(String, String)> {
    let listed = app.get("/audit-events").await.json();
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    let results = listed["results"].as_array().unwrap().iter();
    results.map(|one| (text(one, "type"), text(one, "target"))).collect()
}

#[tokio::test]
async fn every_change_has_its_line() {
    let app = App::start().await;
    let strategy = json!({"name": "s", "routing": {"method": "single", "channels": ["email"]}});
    let section = json!({"name": "Account", "has_custom_routing": false, "routing_options": []});
    let brand = json!({"id": "b", "name": "B", "settings": {}});
    let provider = json!({"provider": "smtp", "settings": {"host": "h", "port": 25, "from_address": "a@b.c"}});
    let filter = json!({"name": "A", "filter": {"operator": "EQ", "path": "a", "value": "b"}});
    let webhook = json!({"url": "https://example.com/hook", "events": ["message:updated"]});
    for (method, path, body, told) in [
        (Method::PUT, "/lists/l", json!({"name": "L"}), "lists:update"),
        (Method::DELETE, "/lists/l", json!({}), "lists:delete"),
        (Method::PUT, "/lists/l/restore", json!({}), "lists:restore"),
        (Method::PUT, "/audiences/a", filter, "audiences:update"),
        (Method::DELETE, "/audiences/a", json!({}), "audiences:delete"),
        (Method::PUT, "/tenants/t", json!({"name": "T"}), "tenants:update"),
        (Method::DELETE, "/tenants/t", json!({}), "tenants:delete"),
        (Method::POST, "/brands", brand, "brands:create"),
        (Method::DELETE, "/brands/b", json!({}), "brands:delete"),
        (
            Method::POST,
            "/routing-strategies",
            strategy,
            "routing-strategies:create",
        ),
        (Method::POST, "/providers", provider, "providers:create"),
        (Method::POST, "/preferences/sections", section, "preferences:create"),
        (Method::POST, "/webhooks", webhook, "webhooks:create"),
        (
            Method::PUT,
            "/settings/content",
            json!({"locale_fallback": true}),
            "settings:update",
        ),
        (
            Method::POST,
            "/broadcasts",
            json!({"name": "B", "channel": "email"}),
            "broadcasts:create",
        ),
    ] {
        let before = lines(&app).await.len();
        app.clock.advance(1);
        let reply = app.call(method, path).json(&body).send().await;
        assert!(reply.status.is_success(), "{path}: {}", reply.body);
        let after = lines(&app).await;
        assert_eq!(after.len(), before + 1, "{path}");
        assert_eq!(after[0], (told.to_owned(), path.to_owned()));
    }
}

#[tokio::test]
async fn what_changes_nothing_leaves_no_line() {
    let app = App::start().await;
    app.put("/lists/l", json!({"name": 5}))
        .await
        .is_error(400, "name: Expected string, received number");
    assert_eq!(app.delete("/lists/none").await.status, 404);
    assert_eq!(app.delete("/tenants/none").await.status, 404);
    let stranger = app
        .call(Method::PUT, "/lists/l")
        .without_key()
        .json(&json!({"name": "L"}))
        .send()
        .await;
    assert_eq!(stranger.status, 401);
    app.put("/lists/l/subscriptions/ada", json!({})).await;
    app.sent().await;
    assert!(lines(&app).await.is_empty());
}
