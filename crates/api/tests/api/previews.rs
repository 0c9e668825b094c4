//! Previews show what sends deliver; test sends are marked.

use http::StatusCode;
use serde_json::{Value, json};
use tidings_store::PageRequest;
use tidings_types::Environment;

use crate::app::App;

fn content(greeting: &str) -> Value {
    let text = json!({"type": "text", "content": format!("{greeting} {{{{name}}}}, **bold** <b>",), "locales": {"fr": {"content": "Bonjour {{name}}"}}});
    let action = json!({"type": "action", "content": "Go", "href": "https://a.example/{{code}}"});
    let image = json!({"type": "image", "src": "https://a.example/a.png", "alt_text": "A"});
    json!({"elements": [
        {"type": "channel", "channel": "email", "elements": [{"type": "meta", "title": "{{name}}!"}, text, action, image]},
        {"type": "channel", "channel": "sms", "elements": [text]},
        {"type": "channel", "channel": "default", "elements": [{"type": "meta", "title": "Hi"}, text, action]},
    ]})
}

async fn made(app: &App, more: Value) -> String {
    let mut notification = json!({"name": "N", "content": content("Hello")});
    for (key, value) in more.as_object().unwrap() {
        notification[key] = value.clone();
    }
    let body = json!({"notification": notification, "state": "PUBLISHED"});
    let reply = app.post("/notifications", body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    reply.json()["id"].as_str().unwrap().to_owned()
}

/// What the outbox caught, as it was handed over, by provider's channel.
async fn caught(app: &App) -> Vec<Value> {
    let page = PageRequest {
        after: None,
        limit: 100,
    };
    let caught = app.services.store.outbox(Some(Environment::Test), page).await.unwrap();
    caught
        .items
        .into_iter()
        .map(|one| serde_json::to_value(one.rendered).unwrap())
        .collect()
}

#[tokio::test]
async fn a_preview_shows_the_bytes_that_are_sent() {
    let app = App::start().await;
    let brand = json!({"name": "B", "settings": {"colors": {"primary": "#ff0000", "secondary": "#00ff00"}}});
    let brand = app.post("/brands", brand).await.json()["id"].clone();
    let plain = made(&app, json!({})).await;
    let branded = made(
        &app,
        json!({"brand": {"id": brand}, "email": {"from": "{{name}} <a@example.com>"}}),
    )
    .await;
    let profile = json!({
        "email": "ada@example.com", "phone_number": "+15558675310", "webhook": {"url": "https://a.example/hook"},
    });
    let data = json!({"name": "Ada <&>", "code": "1"});
    let mut compared = 0;
    for template in [&plain, &branded] {
        for locale in [None, Some("fr")] {
            let wish = json!({"profile": profile, "data": data, "locale": locale});
            let preview = app.post(&format!("/notifications/{template}/preview"), wish).await;
            assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
            let shown = preview.json();
            for channel in ["email", "sms", "webhook"] {
                let before = caught(&app).await.len();
                let mut to = profile.clone();
                to["locale"] = json!(locale);
                let routing = json!({"method": "single", "channels": [channel]});
                let message = json!({"to": to, "template": template, "data": data, "routing": routing});
                app.post("/send", json!({"message": message})).await;
                app.drain().await;
                let channels = shown["channels"].as_array().unwrap();
                let shown = channels.iter().find(|one| one["channel"] == channel).unwrap();
                let all = caught(&app).await;
                assert_eq!(all.len(), before + 1, "{channel}");
                assert!(all.contains(&shown["rendered"]), "{channel}: {}", shown["rendered"]);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 12);
}

#[tokio::test]
async fn any_version_and_unsaved_content_can_be_seen() {
    let app = App::start().await;
    let id = made(&app, json!({})).await;
    let path = format!("/notifications/{id}");
    app.put(
        &format!("{path}/content"),
        json!({"content": content("Second"), "state": "PUBLISHED"}),
    )
    .await;
    app.put(&format!("{path}/content"), json!({"content": content("Draft")}))
        .await;
    let text = async |wish: Value| {
        let mut wish = wish;
        wish["channels"] = json!(["sms"]);
        wish["data"] = json!({"name": "Ada"});
        let reply = app.post(&format!("{path}/preview"), wish).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let preview = reply.json();
        let sms = &preview["channels"][0];
        assert_eq!(sms["size"]["sms"]["segments"], 1);
        (
            preview["version"].as_str().unwrap().to_owned(),
            sms["content"]["text"].as_str().unwrap().to_owned(),
        )
    };
    let said = |version: &str, greeting: &str| (version.to_owned(), format!("{greeting} Ada, bold <b>"));
    assert_eq!(text(json!({})).await, said("v002", "Second"));
    assert_eq!(text(json!({"version": "v001"})).await, said("v001", "Hello"));
    assert_eq!(text(json!({"version": "draft"})).await, said("draft", "Draft"));
    let unsaved = json!({"elements": [{"type": "text", "content": "New {{name}}"}]});
    assert_eq!(
        text(json!({"content": unsaved})).await,
        ("unsaved".to_owned(), "New Ada".to_owned())
    );
    let stored = app.get(&format!("{path}/draft/content")).await.json();
    assert!(!stored.to_string().contains("New "), "nothing is stored");

    let broken = json!({"content": {"elements": [{"type": "sculpture", "id": "mine"}]}});
    let reply = app.post(&format!("{path}/preview"), broken).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    let told = reply.json()["message"].as_str().unwrap().to_owned();
    assert!(
        told.starts_with("content.elements.0.type: ") && told.ends_with("(element mine)"),
        "{told}"
    );
    for (wish, status) in [
        (json!({"version": "v009"}), StatusCode::NOT_FOUND),
        (json!({"version": "1"}), StatusCode::BAD_REQUEST),
        (json!({"channels": ["pigeon"]}), StatusCode::BAD_REQUEST),
        (json!({"colour": 1}), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(app.post(&format!("{path}/preview"), wish).await.status, status);
    }
    let nobody = app.post("/notifications/nt_x/preview", json!({})).await;
    nobody.is_error(404, "Notification template nt_x not found");
    assert_eq!(caught(&app).await.len(), 0, "nothing is sent");
}

#[tokio::test]
async fn a_test_send_is_marked_and_bounded() {
    let app = App::start().await;
    let id = made(&app, json!({})).await;
    let path = format!("/notifications/{id}");
    app.put(&format!("{path}/content"), json!({"content": content("Draft")}))
        .await;
    let test = json!({"to": {"phone_number": "+15558675310"}, "version": "draft", "data": {"name": "Ada"}, "channels": ["sms"]});
    let reply = app.post(&format!("{path}/test"), test.clone()).await;
    assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.body);
    app.drain().await;
    let message = reply.json()["requestId"].as_str().unwrap().to_owned();
    let details = app.get(&format!("/messages/{message}")).await.json();
    assert_eq!(
        (&details["status"], &details["notification"]),
        (&json!("SENT"), &json!(id)),
        "{details}"
    );
    let listed = app.get("/messages?tags=test").await.json();
    assert_eq!(listed["results"].as_array().unwrap().len(), 1);
    assert_eq!(
        caught(&app).await[0]["body"].as_str(),
        Some("Draft Ada, bold <b>"),
        "{:?}",
        caught(&app).await
    );

    let mut old = test.clone();
    old["version"] = json!("v001");
    let sent = app.post(&format!("{path}/test"), old).await.json();
    app.drain().await;
    let output = app
        .get(&format!("/messages/{}/output", sent["requestId"].as_str().unwrap()))
        .await
        .json();
    assert_eq!(output["results"][0]["content"]["text"], "Hello Ada, bold <b>");

    let many = json!({"to": (vec![json!({"email": "a@example.com"}); 11])});
    app.post(&format!("{path}/test"), many)
        .await
        .is_error(400, "to has 11 recipients. Max is 10");
    for _ in 0..60 {
        app.post(&format!("{path}/test"), json!({"to": {"email": "a@example.com"}}))
            .await;
    }
    let refused = app.post(&format!("{path}/test"), test).await;
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (StatusCode::TOO_MANY_REQUESTS, Some("60"))
    );
    assert_eq!(refused.json()["type"], "rate_limit_exceeded");
}
