//! Translations, languages that stand in for others, and values that are missing.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::App;

const SPANISH: &str = "msgid \"hello\"\nmsgstr \"Hola {name}\"\n\nmsgid \"file\"\nmsgid_plural \"files\"\nmsgstr[0] \"un archivo\"\nmsgstr[1] \"# archivos\"\n";

async fn put(app: &App, locale: &str, content_type: &'static str, body: &str) -> StatusCode {
    let path = format!("/translations/default/{locale}");
    let call = app.call(Method::PUT, &path).raw(body.to_owned());
    call.header("content-type", content_type).send().await.status
}

async fn made(app: &App, elements: Value) -> String {
    let content = json!({"elements": [{"type": "channel", "channel": "sms", "elements": elements}]});
    let body = json!({"notification": {"name": "N", "content": content}, "state": "PUBLISHED"});
    let reply = app.post("/notifications", body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    reply.json()["id"].as_str().unwrap().to_owned()
}

/// What the text message of a preview says, or why it says nothing.
async fn said(app: &App, template: &str, wish: Value) -> String {
    let reply = app.post(&format!("/notifications/{template}/preview"), wish).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let channel = reply.json()["channels"][0].clone();
    let text = channel["content"]["text"].as_str().or(channel["error"].as_str());
    text.unwrap().to_owned()
}

#[tokio::test]
async fn a_file_comes_back_byte_for_byte() {
    let app = App::start().await;
    assert_eq!(put(&app, "es", "text/plain", SPANISH).await, StatusCode::NO_CONTENT);
    let read = app.get("/translations/default/es").await;
    assert_eq!((read.status, read.body.as_str()), (StatusCode::OK, SPANISH));
    assert_eq!(read.header("content-type"), Some("text/plain; charset=utf-8"));
    let quoted = Value::String(SPANISH.to_owned()).to_string();
    assert_eq!(
        put(&app, "es-MX", "application/json", &quoted).await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(app.get("/translations/default/es-MX").await.body, SPANISH);
    assert_eq!(
        put(&app, "es", "text/plain", "msgid \"a\nmsgstr \"b\"\n").await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        app.get("/translations/default/es").await.body,
        SPANISH,
        "what is refused changes nothing"
    );
    app.get("/translations/default/fr")
        .await
        .is_error(404, "Translations default/fr not found");
    app.get("/translations/other/es")
        .await
        .is_error(400, "domain: Invalid value. Expected 'default'");
    assert_eq!(
        app.get("/translations/default/e%20s").await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn content_reads_translations_and_fails_its_channel_without_them() {
    let app = App::start().await;
    put(&app, "es", "text/plain", SPANISH).await;
    let id = made(
        &app,
        json!([
            {"type": "text", "content": "{{t \"hello\" name=name}}"},
            {"type": "text", "content": "{{t \"file\" count=n}}"},
            {"type": "text", "content": "{{t \"unknown\"}}"},
        ]),
    )
    .await;
    let wish = |locale: &str, n: i64| json!({"locale": locale, "data": {"name": "Ada", "n": n}, "profile": {"phone_number": "+15558675310"}});
    assert_eq!(said(&app, &id, wish("es", 1)).await, "Hola Ada\nun archivo\nunknown");
    assert_eq!(said(&app, &id, wish("es", 5)).await, "Hola Ada\n5 archivos\nunknown");
    let failed = said(&app, &id, wish("es-MX", 1)).await;
    assert!(
        failed.contains("translate helper: Could not find translations"),
        "{failed}"
    );
    app.put("/settings/content", json!({"locale_fallback": true})).await;
    assert_eq!(said(&app, &id, wish("es-MX", 1)).await, "Hola Ada\nun archivo\nunknown");
    assert!(
        said(&app, &id, wish("fr", 1))
            .await
            .contains("Could not find translations")
    );
    app.put("/settings/content", json!({"default_locale": "es"})).await;
    assert_eq!(said(&app, &id, wish("fr", 1)).await, "Hola Ada\nun archivo\nunknown");
}

#[tokio::test]
async fn languages_stand_in_for_others_only_where_a_team_says_so() {
    let app = App::start().await;
    let id = made(&app, json!([
        {"type": "text", "content": "Hello", "locales": {"es": {"content": "Hola"}, "es-MX": {"content": "Que onda"}}},
        {"type": "text", "content": "Bye", "locales": {"es": {"content": "Adios"}}},
    ]))
    .await;
    let wish = |locale: &str| json!({"locale": locale});
    assert_eq!(said(&app, &id, wish("es-MX")).await, "Que onda\nBye");
    assert_eq!(said(&app, &id, wish("es-AR")).await, "Hello\nBye");
    assert_eq!(said(&app, &id, json!({})).await, "Hello\nBye");
    app.put("/settings/content", json!({"locale_fallback": true})).await;
    assert_eq!(said(&app, &id, wish("es-MX")).await, "Que onda\nAdios");
    assert_eq!(said(&app, &id, wish("es-AR")).await, "Hola\nAdios");
    assert_eq!(said(&app, &id, wish("fr")).await, "Hello\nBye");
}

#[tokio::test]
async fn a_missing_value_fails_its_channel_where_a_team_says_so() {
    let app = App::start().await;
    let elements = json!([
        {"type": "text", "content": "Hello {{name}}"},
        {"type": "text", "content": "{{hidden}}", "if": "false"},
    ]);
    let id = made(&app, elements).await;
    assert_eq!(said(&app, &id, json!({})).await, "Hello");
    app.put("/settings/content", json!({"missing_variables": "fail"})).await;
    let failed = said(&app, &id, json!({})).await;
    assert!(failed.contains("name") && !failed.contains("hidden"), "{failed}");
    assert_eq!(
        said(&app, &id, json!({"data": {"name": "Ada"}})).await,
        "Hello Ada",
        "what is not shown is not checked"
    );
    let to = json!({"phone_number": "+15558675310"});
    let send = json!({"message": {"to": to, "template": id, "routing": {"method": "single", "channels": ["sms"]}}});
    let answer = app.post("/send", send).await.json();
    app.drain().await;
    let message = app
        .get(&format!("/messages/{}", answer["requestId"].as_str().unwrap()))
        .await
        .json();
    assert_ne!(message["status"], "SENT", "{message}");
    assert!(
        message["providers"][0]["error"].as_str().unwrap().contains("name"),
        "{message}"
    );
}
