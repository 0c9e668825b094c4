//! Profiles.

use http::StatusCode;
use serde_json::json;

use crate::app::App;

#[tokio::test]
async fn a_profile_is_made_merged_replaced_patched_and_forgotten() {
    let app = App::start().await;
    let profile = "/profiles/ann%2Fb%40x";
    let success = json!({"status": 200, "body": {"status": "SUCCESS"}});
    app.get(profile).await.is_error(404, "Profile not found");
    let first = json!({"profile": {"email": "a@example.com", "custom": {"a": 1, "list": [1, 2]}}});
    assert_eq!(app.post(profile, first).await.shown(), success);
    let more = json!({"profile": {"custom": {"b": 2, "list": [3]}}});
    assert_eq!(app.post(profile, more).await.shown(), success);
    let merged = json!({"email": "a@example.com", "custom": {"a": 1, "b": 2, "list": [3]}});
    assert_eq!(app.get(profile).await.json(), json!({ "profile": merged }));
    assert_eq!(
        app.put(profile, json!({"profile": {"phone_number": "+15555550100"}}))
            .await
            .shown(),
        success
    );
    assert_eq!(
        app.get(profile).await.json(),
        json!({"profile": {"phone_number": "+15555550100"}})
    );
    let patch = json!({"patch": [
        {"op": "test", "path": "/phone_number", "value": "+15555550100"},
        {"op": "add", "path": "/locale", "value": "de-DE"},
        {"op": "remove", "path": "/phone_number"},
    ]});
    assert_eq!(app.patch(profile, patch).await.shown(), success);
    assert_eq!(app.get(profile).await.json(), json!({"profile": {"locale": "de-DE"}}));
    assert_eq!(app.delete(profile).await.status, StatusCode::NO_CONTENT);
    app.get(profile).await.is_error(404, "Profile not found");
    assert_eq!(app.delete(profile).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_patch_is_carried_out_whole_or_not_at_all() {
    let app = App::start().await;
    app.put("/profiles/ann", json!({"profile": {"email": "a@example.com"}}))
        .await;
    let wrong = [
        json!([{"op": "add", "path": "/locale", "value": "de"}, {"op": "test", "path": "/email", "value": "b"}]),
        json!([{"op": "remove", "path": "/nothing"}]),
        json!([{"op": "replace", "path": "", "value": "text"}]),
        json!([{"op": "explode", "path": "/email"}]),
        json!([{"op": "add", "path": "/email"}]),
        json!("add"),
    ];
    for patch in wrong {
        let reply = app.patch("/profiles/ann", json!({ "patch": patch })).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{}", reply.body);
        assert!(
            reply.json()["message"].as_str().unwrap().starts_with("patch"),
            "{}",
            reply.body
        );
    }
    assert_eq!(
        app.get("/profiles/ann").await.json(),
        json!({"profile": {"email": "a@example.com"}})
    );
}

#[tokio::test]
async fn a_person_known_by_a_token_only_has_an_empty_profile() {
    let app = App::start().await;
    app.put("/users/ann/tokens/t1", json!({"provider_key": "apn"})).await;
    assert_eq!(app.get("/profiles/ann").await.json(), json!({"profile": {}}));
}
