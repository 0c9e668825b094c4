//! Provider accounts: checked and sealed when written, masked when read.

use http::StatusCode;
use serde_json::{Value, json};
use tidings_store::DocumentKind;
use tidings_types::Environment;

use crate::app::App;

const MASK: &str = "********";

fn sendgrid() -> Value {
    json!({"provider": "sendgrid", "settings": {"api_key": "SG.hidden", "from_address": "a@example.com"}})
}

/// The settings as the engine gets them.
async fn in_use(app: &App, id: &str) -> tidings_types::Settings {
    let accounts = app.services.library.accounts(Environment::Test).await.unwrap();
    accounts
        .iter()
        .find(|account| account.id == id)
        .unwrap()
        .settings
        .clone()
}

async fn made(app: &App, body: Value) -> String {
    let reply = app.post("/providers", body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    reply.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn secrets_are_never_shown_and_never_stored_as_they_are() {
    let app = App::start().await;
    let id = made(&app, sendgrid()).await;
    let path = format!("/providers/{id}");
    insta::assert_json_snapshot!("provider", app.get(&path).await.shown());
    insta::assert_json_snapshot!("providers", app.get("/providers").await.shown());
    let stored = app
        .services
        .store
        .document(Environment::Test, DocumentKind::Provider, &id)
        .await
        .unwrap()
        .unwrap();
    assert!(!stored.body.to_string().contains("SG.hidden"), "sealed at rest");
    assert_eq!(in_use(&app, &id).await.text("api_key").as_deref(), Some("SG.hidden"));
}

#[tokio::test]
async fn a_mask_written_back_keeps_the_secret() {
    let app = App::start().await;
    let id = made(&app, sendgrid()).await;
    let path = format!("/providers/{id}");
    let mut settings = app.get(&path).await.json()["settings"].clone();
    settings["from_name"] = json!("Ann");
    let replaced = app
        .put(
            &path,
            json!({"provider": "sendgrid", "settings": settings, "alias": "bulk"}),
        )
        .await;
    assert_eq!(replaced.status, StatusCode::OK, "{}", replaced.body);
    assert_eq!(replaced.json()["settings"]["api_key"], MASK);
    let patched = app
        .patch(
            &path,
            json!({"settings": {"from_name": null, "api_key": MASK}, "title": "Mine"}),
        )
        .await;
    assert_eq!(patched.json()["settings"].get("from_name"), None);
    assert_eq!(
        (&patched.json()["title"], &patched.json()["alias"]),
        (&json!("Mine"), &json!("bulk"))
    );
    assert_eq!(in_use(&app, &id).await.text("api_key").as_deref(), Some("SG.hidden"));
    app.patch(&path, json!({"settings": {"api_key": "SG.other"}, "alias": null}))
        .await;
    assert_eq!(in_use(&app, &id).await.text("api_key").as_deref(), Some("SG.other"));
    assert_eq!(app.get(&path).await.json().get("alias"), None);
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_name_and_nothing_is_stored() {
    let app = App::start().await;
    let with = |name: &str, value: Value| {
        let mut body = sendgrid();
        body["settings"][name] = value;
        body
    };
    for (body, named) in [
        (json!({}), "provider: Required"),
        (json!({"provider": "pigeon"}), "pigeon"),
        (json!({"provider": "inbox"}), "inbox"),
        (json!({"provider": "sendgrid"}), "settings.api_key: Required"),
        (with("colour", json!("green")), "settings.colour"),
        (with("from_name", json!({})), "settings.from_name"),
        (with("api_key", json!(MASK)), "settings.api_key: A mask"),
        (with("base_url", json!("file:///etc/passwd")), "settings.base_url"),
        (
            with("api_key", json!(format!("v1.{}", "A".repeat(80)))),
            "settings.api_key: Must not have",
        ),
    ] {
        let reply = app.post("/providers", body.clone()).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}: {}", reply.body);
        assert!(
            reply.json()["message"].as_str().unwrap().contains(named),
            "{}",
            reply.body
        );
    }
    let mut alias = sendgrid();
    for name in ["email", "smtp", "", "a\u{0}"] {
        alias["alias"] = json!(name);
        assert_eq!(
            app.post("/providers", alias.clone()).await.status,
            StatusCode::BAD_REQUEST,
            "{name}"
        );
    }
    assert_eq!(app.get("/providers").await.json()["results"], json!([]));
}

#[tokio::test]
async fn rate_limits_are_checked_and_always_shown() {
    let app = App::start().await;
    let mut body = sendgrid();
    body["settings"]["rate_limit"] = json!({"rate": 0, "period": "minute"});
    let refused = app.post("/providers", body.clone()).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["type"]),
        (400, &json!("InvalidRateLimit"))
    );
    body["settings"]["rate_limit"] = json!({"rate": 5, "period": "minute"});
    let id = made(&app, body).await;
    let patched = app
        .patch(&format!("/providers/{id}"), json!({"settings": {"rate_limit": null}}))
        .await;
    assert_eq!(
        patched.json()["settings"]["rate_limit"],
        Value::Null,
        "{}",
        patched.body
    );
}

#[tokio::test]
async fn an_account_stays_its_providers_and_an_alias_is_one_accounts() {
    let app = App::start().await;
    let mut body = sendgrid();
    body["alias"] = json!("bulk");
    let id = made(&app, body.clone()).await;
    let taken = app.post("/providers", body).await;
    assert_eq!(
        (taken.status, taken.header("x-should-retry")),
        (StatusCode::CONFLICT, Some("false"))
    );
    let path = format!("/providers/{id}");
    let webhook = json!({"provider": "webhook"});
    assert_eq!(app.put(&path, webhook.clone()).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.patch(&path, webhook).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.delete(&path).await.status, StatusCode::NO_CONTENT);
    app.get(&path).await.is_error(404, &format!("Provider {id} not found"));
    app.delete(&path)
        .await
        .is_error(404, &format!("Provider {id} not found"));
}

#[tokio::test]
async fn environments_do_not_see_each_others_accounts() {
    let app = App::start().await;
    let id = made(&app, sendgrid()).await;
    let path = format!("/providers/{id}");
    let elsewhere = app
        .call(http::Method::GET, &path)
        .bearer(crate::app::PRODUCTION_KEY)
        .send()
        .await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_catalog_is_filtered() {
    let app = App::start().await;
    let keys = async |query: &str| -> Vec<String> {
        let reply = app.get(&format!("/providers/catalog{query}")).await.json();
        let results = reply["results"].as_array().unwrap();
        results
            .iter()
            .map(|entry| entry["provider"].as_str().unwrap().to_owned())
            .collect()
    };
    insta::assert_json_snapshot!("catalog_entry", app.get("/providers/catalog?keys=twilio").await.shown());
    assert_eq!(keys("?keys=smtp,twilio").await.len(), 2);
    assert_eq!(keys("?name=GRID").await, ["sendgrid"]);
    assert_eq!(keys("?channel=sms").await, ["twilio"]);
    assert!(keys("?channel=pigeon").await.is_empty());
    assert!(keys("").await.len() >= 4);
}

#[tokio::test]
async fn an_account_that_routing_names_stays() {
    let app = App::start().await;
    let mut body = sendgrid();
    body["alias"] = json!("bulk");
    let (first, second) = (made(&app, body).await, made(&app, sendgrid()).await);
    let strategy = async |name: &str| -> String {
        let strategy = json!({"name": name, "routing": {"method": "single", "channels": [name]}});
        let reply = app.post("/routing-strategies", strategy).await.json();
        reply["id"].as_str().unwrap().to_owned()
    };
    let (by_alias, by_key) = (strategy("bulk").await, strategy("sendgrid").await);
    let refused = app.delete(&format!("/providers/{first}")).await;
    let told = |account: &str, strategy: &str| {
        format!("Provider {account} is named by routing strategy {strategy} and cannot be deleted")
    };
    refused.is_error(409, &told(&first, &by_alias));
    assert_eq!(refused.header("x-should-retry"), Some("false"));
    assert_eq!(
        app.delete(&format!("/providers/{second}")).await.status,
        StatusCode::NO_CONTENT,
        "another account of this provider is left"
    );
    app.delete(&format!("/routing-strategies/{by_alias}")).await;
    app.delete(&format!("/providers/{first}"))
        .await
        .is_error(409, &told(&first, &by_key));
}
