//! Events that come in: from the application, and from Segment.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::App;

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

async fn deliver(app: &App, event: Value) {
    let taken = app.post("/inbound/segment", event.clone()).await;
    assert_eq!(
        (taken.status, taken.json()["messageId"].clone()),
        (StatusCode::ACCEPTED, event["messageId"].clone())
    );
}

#[tokio::test]
async fn who_segment_says_somebody_is_stands_in_their_profile() {
    let app = App::start().await;
    app.put(
        "/profiles/ada",
        json!({"profile": {"email": "old@x.y", "plan": "free"}}),
    )
    .await;
    // As a webhook delivers it, with everything it brings.
    let event = json!({
        "type": "identify", "messageId": "m1", "userId": "ada", "anonymousId": "507f191e810c19729de860ea",
        "traits": {"email": "ada@x.y", "phone": "+15550100", "address": {"city": "Bonn"}},
        "context": {"ip": "8.8.8.8"}, "integrations": {"All": true}, "channel": "server", "version": 2,
        "originalTimestamp": "2026-09-21T12:00:00.000Z", "timestamp": "2026-09-21T12:00:00.000Z",
        "sentAt": "2026-09-21T12:00:00.000Z", "receivedAt": "2026-09-21T12:00:01.000Z",
    });
    deliver(&app, event.clone()).await;
    let profile = json!({
        "email": "ada@x.y", "plan": "free", "phone": "+15550100", "phone_number": "+15550100", "address": {"city": "Bonn"},
    });
    assert_eq!(app.get("/profiles/ada").await.json()["profile"], profile);

    // The second time nothing is merged.
    let mut again = event;
    again["traits"] = json!({"plan": "pro"});
    let refused = app.post("/inbound/segment", again).await;
    assert_eq!(
        (refused.status, refused.header("x-should-retry")),
        (StatusCode::CONFLICT, Some("false"))
    );
    assert_eq!(app.get("/profiles/ada").await.json()["profile"], profile);

    // Of somebody nobody knows by id there is no profile to write; the event is kept.
    let anonymous = json!({"type": "identify", "messageId": "m2", "anonymousId": "x", "traits": {"plan": "pro"}});
    deliver(&app, anonymous).await;
    let shown = app.get("/inbound/events/m2").await.json();
    assert_eq!(
        (&shown["type"], &shown["event"], &shown["userId"], &shown["properties"]),
        (
            &json!("identify"),
            &json!("identify"),
            &Value::Null,
            &json!({"plan": "pro"})
        )
    );
}

#[tokio::test]
async fn a_group_of_segment_is_a_tenant() {
    let app = App::start().await;
    let group = |id: &str, user: &str, group: &str, traits: Value| json!({"type": "group", "messageId": id, "userId": user, "groupId": group, "traits": traits});
    deliver(&app, group("m1", "ada", "acme", json!({"name": "Acme", "plan": "pro"}))).await;
    let tenant = app.get("/tenants/acme").await.json();
    assert_eq!(
        tenant,
        json!({"id": "acme", "name": "Acme", "properties": {"plan": "pro"}})
    );
    // What the team wrote is not for events to change.
    deliver(&app, group("m2", "bob", "acme", json!({"name": "Other"}))).await;
    assert_eq!(app.get("/tenants/acme").await.json(), tenant);
    let users = app.get("/tenants/acme/users").await.json();
    let users: Vec<_> = users["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["user_id"])
        .collect();
    assert_eq!(users, ["ada", "bob"]);
    let made = &app.get("/audit-events").await.json()["results"];
    assert_eq!(made.as_array().unwrap().len(), 1);
    assert_eq!(
        (&made[0]["type"], &made[0]["target"], &made[0]["actor"]["id"]),
        (
            &json!("tenants:create"),
            &json!("/tenants/acme"),
            &json!("key_test-key")
        )
    );
    // An event that was taken before makes no tenant either.
    let again = app
        .post("/inbound/segment", group("m1", "ada", "late", json!({})))
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(app.get("/tenants/late").await.status, StatusCode::NOT_FOUND);
    for wrong in [
        json!({"type": "group", "userId": "ada"}),
        group("m3", "ada", &"x".repeat(300), json!({})),
    ] {
        let refused = app.post("/inbound/segment", wrong).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.json()["message"].as_str().unwrap().starts_with("groupId: "));
    }
}

#[tokio::test]
async fn what_people_did_is_kept_as_segment_tells_it() {
    let app = App::start().await;
    for (event, kept) in [
        (
            json!({"type": "track", "event": "Order Completed", "properties": {"total": 5}}),
            ("track", "Order Completed"),
        ),
        (
            json!({"type": "page", "name": "Pricing", "properties": {"path": "/pricing"}}),
            ("page", "Pricing"),
        ),
        (
            json!({"type": "page", "name": "", "properties": null}),
            ("page", "page"),
        ),
        (json!({"type": "screen"}), ("screen", "screen")),
        (json!({"type": "alias", "previousId": "anon-1"}), ("alias", "alias")),
    ] {
        let mut event = event;
        event["userId"] = json!("ada");
        let taken = app.post("/inbound/segment", event.clone()).await;
        assert_eq!(taken.status, StatusCode::ACCEPTED, "{event}");
        let id = taken.json()["messageId"].as_str().unwrap().to_owned();
        let shown = app.get(&format!("/inbound/events/{id}")).await.json();
        assert_eq!(
            (shown["type"].as_str().unwrap(), shown["event"].as_str().unwrap()),
            kept
        );
        let mut properties = event["properties"].as_object().cloned().unwrap_or_default();
        if let Some(previous) = event.get("previousId") {
            properties.insert("previousId".to_owned(), previous.clone());
        }
        assert_eq!(
            (&shown["properties"], &shown["userId"]),
            (&json!(properties), &json!("ada"))
        );
    }
    assert_eq!(app.get("/profiles/ada").await.status, StatusCode::NOT_FOUND);
    for (wrong, field) in [
        (json!({"type": "delete", "userId": "ada"}), "type: "),
        (json!({"userId": "ada"}), "type: "),
        (json!({"type": "track", "userId": "ada"}), "event: "),
        (json!({"type": "alias"}), "previousId: "),
        (json!({"type": "identify", "userId": "x".repeat(600)}), "userId: "),
        (
            json!({"type": "identify", "userId": "ada", "messageId": ""}),
            "messageId: ",
        ),
        (json!({"type": "identify", "userId": "ada", "traits": 5}), "traits: "),
    ] {
        let refused = app.post("/inbound/segment", wrong.clone()).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(
            refused.json()["message"].as_str().unwrap().starts_with(field),
            "{}",
            refused.body
        );
    }
}

#[tokio::test]
async fn a_page_may_tell_what_was_done_and_not_who_somebody_is() {
    let app = App::start().await;
    let auth = tidings_auth::Auth::new(std::sync::Arc::clone(&app.services));
    let key = auth.client_key(tidings_types::Environment::Test).await.unwrap().key;
    let deliver = async |event: Value| {
        let call = app.call(Method::POST, "/inbound/segment").without_key();
        call.header("x-courier-client-key", &key)
            .json(&event)
            .send()
            .await
            .status
    };
    let seen = json!({"type": "page", "name": "Home", "anonymousId": "x"});
    assert_eq!(deliver(seen).await, StatusCode::ACCEPTED);
    let who = json!({"type": "identify", "userId": "ada", "traits": {"email": "eve@x.y"}});
    assert_eq!(deliver(who).await, StatusCode::FORBIDDEN);
    let group = json!({"type": "group", "userId": "ada", "groupId": "acme"});
    assert_eq!(deliver(group).await, StatusCode::FORBIDDEN);
    assert_eq!(app.get("/profiles/ada").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/tenants/acme").await.status, StatusCode::NOT_FOUND);
}
