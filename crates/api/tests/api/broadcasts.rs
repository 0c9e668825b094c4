//! Broadcasts, and who changed what on the way.

use http::StatusCode;
use serde_json::{Value, json};
use sha2::Digest as _;

use crate::app::App;

async fn draft(app: &App) -> String {
    let made = app
        .post("/broadcasts", json!({"name": "News", "channel": "email"}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let made = made.json();
    assert_eq!(made["status"], "draft");
    made["id"].as_str().unwrap().to_owned()
}

fn content() -> Value {
    let text = json!({"type": "text", "content": "Hi {{name}}"});
    json!({"content": {"version": "2022-01-01", "elements": [{"type": "channel", "channel": "email", "elements": [text]}]}})
}

#[tokio::test]
async fn a_broadcast_is_written_scheduled_canceled_and_sent() {
    let app = App::start().await;
    app.post(
        "/lists/news/subscriptions",
        json!({"recipients": [{"recipientId": "a"}, {"recipientId": "b"}]}),
    )
    .await;
    let id = draft(&app).await;
    let path = |rest: &str| format!("/broadcasts/{id}{rest}");
    let status = async || app.get(&path("")).await.json()["status"].clone();
    let to = json!({"recipient_id": "news", "recipient_type": "list"});
    assert_eq!(
        app.post(&path("/send"), to.clone()).await.status,
        StatusCode::BAD_REQUEST,
        "nothing to say"
    );
    assert_eq!(app.put(&path("/content"), content()).await.status, StatusCode::OK);
    let shown = app.get(&path("/content")).await.json();
    assert_eq!(shown["elements"][0]["type"], "channel");
    assert_eq!(
        app.put(&path(""), json!({"name": "Better"})).await.json()["name"],
        "Better"
    );

    let at = |when: &str, zone: &str| json!({"recipient_id": "news", "recipient_type": "list", "scheduled_to": when, "timezone": zone});
    let wrong = app
        .post(&path("/schedule"), at("2027-01-01T09:00:00Z", "Europe/Berlin"))
        .await;
    assert!(wrong.json()["message"].as_str().unwrap().starts_with("scheduled_to: "));
    let wrong = app.post(&path("/schedule"), at("2027-01-01", "Europe/Berlin")).await;
    assert!(wrong.json()["message"].as_str().unwrap().starts_with("scheduled_to: "));
    let wrong = app
        .post(&path("/schedule"), at("2027-01-01T09:00:00", "Mars/Base"))
        .await;
    assert!(wrong.json()["message"].as_str().unwrap().starts_with("timezone: "));
    // The clock shows 2026-09-21T14:13:20Z: in Berlin it is 16:13.
    let scheduled = app
        .post(&path("/schedule"), at("2026-09-21T17:00:00", "Europe/Berlin"))
        .await
        .json();
    assert_eq!(
        (&scheduled["status"], &scheduled["schedule"]["timezone"]),
        (&json!("scheduled"), &json!("Europe/Berlin"))
    );
    assert_eq!(app.put(&path("/content"), content()).await.status, StatusCode::CONFLICT);
    assert_eq!(app.post(&path("/cancel"), json!({})).await.json()["status"], "draft");
    assert_eq!(app.post(&path("/cancel"), json!({})).await.status, StatusCode::CONFLICT);
    app.post(&path("/schedule"), at("2026-09-21T17:00:00", "Europe/Berlin"))
        .await;
    app.drain().await;
    assert_eq!(status().await, "scheduled");
    app.clock.advance(47 * 60 * 1000);
    app.drain().await;
    app.clock.advance(2_000);
    app.drain().await;
    assert_eq!(status().await, "sent");
    let request = app.get(&path("")).await.json()["request_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(app.get(&format!("/requests/{request}")).await.json()["messages"], 2);
    // The log says which broadcast they are of, and finds them by it.
    let messages = app.get(&format!("/messages?notification={id}")).await.json();
    let messages = messages["results"].as_array().unwrap();
    assert_eq!(messages.len(), 2);
    for message in messages {
        assert_eq!(
            (&message["notification"], &message["event"]),
            (&json!(id), &json!("Better"))
        );
    }
    assert_eq!(app.post(&path("/send"), to.clone()).await.status, StatusCode::CONFLICT);

    let copy = app.post(&path("/duplicate"), json!({})).await.json();
    assert_eq!(
        (&copy["name"], &copy["status"]),
        (&json!("Better (copy)"), &json!("draft"))
    );
    let copy = copy["id"].as_str().unwrap().to_owned();
    let sent = app.post(&format!("/broadcasts/{copy}/send"), to).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    app.drain().await;
    app.clock.advance(2_000);
    app.drain().await;
    let list = app.get("/broadcasts?limit=1").await.json();
    assert_eq!(
        (&list["results"][0]["id"], &list["results"][0]["status"]),
        (&json!(copy), &json!("sent"))
    );
    assert_eq!(list["paging"]["more"], true);
    let gone = app.delete(&path("")).await;
    assert_eq!(gone.status, StatusCode::OK);
    let gone = gone.json();
    assert!(gone["archived_at"].is_string());
    assert_eq!(gone["archived_by"], "key_test-key");
    assert_eq!(app.get(&path("")).await.status, StatusCode::NOT_FOUND);
    its_last_change_is_in_the_audit(&app, "broadcasts:delete", &path("")).await;
}

async fn its_last_change_is_in_the_audit(app: &App, kind: &str, target: &str) {
    let audit = app.get("/audit-events").await.json();
    let first = &audit["results"][0];
    assert_eq!((&first["type"], &first["target"]), (&json!(kind), &json!(target)));
    assert_eq!(first["actor"]["id"], "key_test-key");
    let one = app
        .get(&format!("/audit-events/{}", first["auditEventId"].as_str().unwrap()))
        .await
        .json();
    assert_eq!(&one, first);
    app.get("/audit-events/none")
        .await
        .is_error(404, "Audit event none not found");
}

#[tokio::test]
async fn a_broadcast_needs_a_known_channel_and_recipient() {
    let app = App::start().await;
    assert_eq!(
        app.post("/broadcasts", json!({"name": "x", "channel": "pigeon"}))
            .await
            .status,
        StatusCode::BAD_REQUEST
    );
    let id = draft(&app).await;
    app.put(&format!("/broadcasts/{id}/content"), content()).await;
    let reply = app
        .post(
            &format!("/broadcasts/{id}/send"),
            json!({"recipient_id": "x", "recipient_type": "user"}),
        )
        .await;
    reply.is_error(400, "recipient_type: Expected list or audience");
}

#[tokio::test]
async fn a_broadcast_keeps_what_it_was_scheduled_with() {
    let app = App::start().await;
    let id = draft(&app).await;
    let path = |rest: &str| format!("/broadcasts/{id}{rest}");
    let shown = async |version: &str| {
        let reply = app.get(&path(&format!("/content{version}"))).await;
        (reply.status == StatusCode::OK).then(|| reply.json()["elements"][0]["elements"][0]["content"].clone())
    };
    let write = async |text: &str| {
        let text = json!({"type": "text", "content": text});
        let elements = json!([{"type": "channel", "channel": "email", "elements": [text]}]);
        let body = json!({"content": {"version": "2022-01-01", "elements": elements}});
        assert_eq!(app.put(&path("/content"), body).await.status, StatusCode::OK);
    };
    let schedule = async || {
        let when = json!({"recipient_id": "news", "recipient_type": "list", "scheduled_to": "2026-12-01T09:00:00"});
        assert_eq!(app.post(&path("/schedule"), when).await.status, StatusCode::OK);
    };
    write("first").await;
    for none in ["?version=published", "?version=v001"] {
        assert_eq!(shown(none).await, None);
    }
    schedule().await;
    app.post(&path("/cancel"), json!({})).await;
    write("second").await;
    for (version, text) in [
        ("", "second"),
        ("?version=draft", "second"),
        ("?version=published", "first"),
        ("?version=v001", "first"),
    ] {
        assert_eq!(shown(version).await, Some(json!(text)), "{version}");
    }
    schedule().await;
    // Another time is no other version.
    schedule().await;
    for (version, text) in [
        ("", "second"),
        ("?version=published:v002", "second"),
        ("?version=published", "second"),
        ("?version=v001", "first"),
    ] {
        assert_eq!(shown(version).await, Some(json!(text)), "{version}");
    }
    app.get(&path("/content?version=v003"))
        .await
        .is_error(404, &format!("Version v003 of broadcast {id} not found"));
    app.get(&path("/content?version=3"))
        .await
        .is_error(400, "version: Expected format: v001, v002, etc.");
    assert_eq!(app.delete(&path("")).await.status, StatusCode::OK);
    assert_eq!(shown("?version=v001").await, None, "it is gone");
}

#[tokio::test]
async fn a_broadcast_says_whose_it_is() {
    let app = App::start().await;
    let id = draft(&app).await;
    let by = async || {
        let shown = app.get(&format!("/broadcasts/{id}")).await.json();
        (shown["created_by"].clone(), shown["updated_by"].clone())
    };
    assert_eq!(by().await, (json!("key_test-key"), json!("key_test-key")));
    let mut other = app.services.store.keys().await.unwrap().remove(0);
    other.hash = hex::encode(sha2::Sha256::digest("second"));
    (other.id, other.environment) = ("key_second".to_owned(), tidings_types::Environment::Test);
    app.services.store.create_key(other).await.unwrap();
    let call = app
        .call(http::Method::PUT, &format!("/broadcasts/{id}"))
        .bearer("second");
    assert_eq!(
        call.json(&json!({"name": "Theirs"})).send().await.status,
        StatusCode::OK
    );
    assert_eq!(by().await, (json!("key_test-key"), json!("key_second")));
}

#[tokio::test]
async fn nobody_sends_in_the_name_of_a_broadcast_or_a_digest() {
    let app = App::start().await;
    let own = json!({"broadcast_id": "bst_x", "digest_instance": "x", "template_version": "v001"});
    let mut message = json!({"to": {"email": "a@example.com"}, "content": {"title": "T", "body": "B"}});
    message
        .as_object_mut()
        .unwrap()
        .extend(own.as_object().cloned().unwrap());
    let sent = app.post("/send", json!({"message": message})).await.json();
    let shown = app
        .get(&format!("/messages/{}", sent["requestId"].as_str().unwrap()))
        .await
        .json();
    assert_eq!(shown["notification"], "");
}
