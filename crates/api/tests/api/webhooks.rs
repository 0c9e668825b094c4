//! Endpoints that are told what happens.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{App, PRODUCTION_KEY, Reply};

async fn made(app: &App, more: Value) -> Value {
    let mut body = json!({"url": "https://example.com/in"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let reply = app.post("/webhooks", body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.json());
    reply.json()
}

fn refuses(reply: &Reply, status: u16, told: &str) {
    assert_eq!(reply.status.as_u16(), status, "{}", reply.body);
    let message = reply.json()["message"].clone();
    assert!(message.as_str().unwrap().contains(told), "{message} should say {told}");
}

fn at(webhook: &Value) -> String {
    format!("/webhooks/{}", webhook["id"].as_str().unwrap())
}

#[tokio::test]
async fn an_endpoint_is_made_read_replaced_and_taken_away() {
    let app = App::start().await;
    let new = json!({"events": ["message:updated"], "secret": "shh", "description": "CRM"});
    let webhook = made(&app, new).await;
    assert!(webhook["id"].as_str().unwrap().starts_with("whk_"));
    assert_eq!(
        (&webhook["enabled"], &webhook["secret"]),
        (&json!(true), &json!("********"))
    );
    assert_eq!(webhook["failing_since"], Value::Null);
    let at = at(&webhook);
    assert_eq!(app.get(&at).await.json(), webhook);
    assert_eq!(app.get("/webhooks").await.json()["results"], json!([webhook]));

    let kept = json!({"url": "https://example.com/other", "secret": "********", "enabled": false});
    let replaced = app.put(&at, kept).await.json();
    assert_eq!(replaced["url"], "https://example.com/other");
    assert_eq!((&replaced["enabled"], &replaced["events"]), (&json!(false), &json!([])));
    assert_eq!(replaced["secret"], "********", "the mask keeps it");
    let without = app.put(&at, json!({"url": "https://example.com/other"})).await.json();
    assert_eq!((&without["secret"], &without["enabled"]), (&Value::Null, &json!(true)));

    let gone = app.call(Method::DELETE, &at).send().await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    for path in [at.clone(), format!("{at}/deliveries")] {
        refuses(&app.get(&path).await, 404, "not found");
    }
    refuses(&app.call(Method::DELETE, &at).send().await, 404, "not found");
}

#[tokio::test]
async fn nonsense_is_refused_by_field_and_secrets_are_sealed() {
    let app = App::start().await;
    for (body, told) in [
        (json!({}), "url: Required"),
        (json!({"url": "example.com"}), "url: Expected an http or https address"),
        (
            json!({"url": "ftp://example.com"}),
            "url: Expected an http or https address",
        ),
        (
            json!({"url": "https://user:pass@example.com"}),
            "url: Expected an http or https address",
        ),
        (
            json!({"url": "https://example.com", "events": ["message:eaten"]}),
            "events.0: Expected one of message:updated",
        ),
        (
            json!({"url": "https://example.com", "secret": "********"}),
            "secret: A mask keeps what is stored, and nothing is",
        ),
    ] {
        refuses(&app.post("/webhooks", body).await, 400, told);
    }
    assert_eq!(
        app.get("/webhooks").await.json()["results"],
        json!([]),
        "no half effect"
    );
    let webhook = made(&app, json!({"secret": "very-secret"})).await;
    let stored = app
        .services
        .store
        .document(
            tidings_types::Environment::Test,
            tidings_store::DocumentKind::Webhook,
            webhook["id"].as_str().unwrap(),
        )
        .await
        .unwrap()
        .unwrap();
    assert!(!stored.body.to_string().contains("very-secret"));
}

#[tokio::test]
async fn environments_have_endpoints_of_their_own() {
    let app = App::start().await;
    let webhook = made(&app, json!({})).await;
    let there = app.call(Method::GET, "/webhooks").bearer(PRODUCTION_KEY).send().await;
    assert_eq!(there.json()["results"], json!([]));
    let one = app.call(Method::GET, &at(&webhook)).bearer(PRODUCTION_KEY).send().await;
    refuses(&one, 404, "not found");
}

#[tokio::test]
async fn the_log_is_read_and_asked_again() {
    let app = App::start().await;
    let webhook = made(&app, json!({})).await;
    let at = at(&webhook);
    let delivery = tidings_store::webhooks::NewWebhookDelivery {
        environment: tidings_types::Environment::Test,
        endpoint_id: webhook["id"].as_str().unwrap().to_owned(),
        id: "dlv_1".to_owned(),
        event: "message:updated".to_owned(),
        resource: "m".to_owned(),
        payload: json!({"type": "message:updated", "data": {"id": "m"}}).to_string(),
        created: crate::app::NOW,
    };
    app.services.store.add_webhook_deliveries(vec![delivery]).await.unwrap();
    let log = app.get(&format!("{at}/deliveries?state=pending")).await.json();
    let entry = &log["results"][0];
    assert_eq!((&entry["id"], &entry["state"]), (&json!("dlv_1"), &json!("pending")));
    assert!(entry.get("payload").is_none());
    let one = app.get(&format!("{at}/deliveries/dlv_1")).await.json();
    assert_eq!(one["payload"]["data"]["id"], "m");
    let none = app.get(&format!("{at}/deliveries?state=failed")).await.json();
    assert_eq!(none["results"], json!([]));
    app.get(&format!("{at}/deliveries?state=lost"))
        .await
        .is_error(400, "state: Expected one of pending, delivered, failed");
    let again = app.post(&format!("{at}/deliveries/dlv_1/redeliver"), json!({})).await;
    assert_eq!(again.status, StatusCode::ACCEPTED);
    app.post(&format!("{at}/deliveries/dlv_2/redeliver"), json!({}))
        .await
        .is_error(404, "Delivery dlv_2 not found");
    app.get(&format!("{at}/deliveries/dlv_2"))
        .await
        .is_error(404, "Delivery dlv_2 not found");
    app.put(&at, json!({"url": "https://example.com", "enabled": false}))
        .await;
    app.post(&format!("{at}/deliveries/dlv_1/redeliver"), json!({}))
        .await
        .is_error(409, "The endpoint is disabled");
}

#[tokio::test]
async fn there_are_at_most_a_hundred() {
    let app = App::start().await;
    for _ in 0..100 {
        made(&app, json!({})).await;
    }
    let one_more = app.post("/webhooks", json!({"url": "https://example.com/in"})).await;
    refuses(&one_more, 409, "at most 100");
}
