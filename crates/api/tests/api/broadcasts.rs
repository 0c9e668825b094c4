//! Broadcasts, and who changed what on the way.

use http::StatusCode;
use serde_json::{Value, json};

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
    assert!(gone.json()["archived_at"].is_string());
    assert_eq!(app.get(&path("")).await.status, StatusCode::NOT_FOUND);

    let audit = app.get("/audit-events").await.json();
    let first = &audit["results"][0];
    assert_eq!(
        (&first["type"], &first["target"]),
        (&json!("broadcasts:delete"), &json!(path("")))
    );
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
async fn an_event_is_taken_once() {
    let app = App::start().await;
    let event = json!({"event": "signed up", "messageId": "m1", "type": "track", "properties": {"plan": "pro"}, "userId": "ada"});
    let taken = app.post("/inbound/courier", event.clone()).await;
    assert_eq!(
        (taken.status, taken.json()),
        (StatusCode::ACCEPTED, json!({"messageId": "m1"}))
    );
    let again = app.post("/inbound/courier", event).await;
    assert_eq!(
        (again.status, again.header("x-should-retry")),
        (StatusCode::CONFLICT, Some("false"))
    );
    let other = app
        .post("/inbound/courier", json!({"event": "x", "type": "identify"}))
        .await;
    other.is_error(400, "type: Expected track, received identify");
    let own = app
        .post("/inbound/courier", json!({"event": "x", "type": "track"}))
        .await
        .json();
    assert!(own["messageId"].as_str().unwrap().starts_with("1-"));
    let shown = app.get("/inbound/events/m1").await.json();
    assert_eq!(
        (&shown["event"], &shown["userId"], &shown["properties"]),
        (&json!("signed up"), &json!("ada"), &json!({"plan": "pro"}))
    );
    let listed = app.get("/inbound/events").await.json();
    assert_eq!(listed["results"].as_array().unwrap().len(), 2);
    app.get("/inbound/events/none")
        .await
        .is_error(404, "Event none not found");
}
