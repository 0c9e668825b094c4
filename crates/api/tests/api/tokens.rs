//! Device tokens.

use http::{Method, StatusCode};
use serde_json::json;

use crate::app::App;

#[tokio::test]
async fn a_token_is_registered_read_changed_and_forgotten() {
    let app = App::start().await;
    let at = "/users/ann/tokens/tok%3A1";
    let token = json!({"provider_key": "firebase-fcm", "device": {"platform": "android"}, "properties": {"a": [1]}});
    assert_eq!(app.put(at, token).await.status, StatusCode::NO_CONTENT);
    insta::assert_json_snapshot!("token", app.get(at).await.shown());
    insta::assert_json_snapshot!("tokens", app.get("/users/ann/tokens").await.shown());
    let patch = json!({"patch": [{"op": "replace", "path": "/device/platform", "value": "ios"}]});
    assert_eq!(app.patch(at, patch).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get(at).await.json()["device"], json!({"platform": "ios"}));
    assert_eq!(app.delete(at).await.status, StatusCode::NO_CONTENT);
    app.get(at).await.is_error(404, "Token not found");
    app.patch(at, json!({"patch": []}))
        .await
        .is_error(404, "Token not found");
}

#[tokio::test]
async fn several_tokens_come_in_every_spelling() {
    let app = App::start().await;
    let token = |name: &str| json!({"token": name, "provider_key": "expo"});
    for body in [
        json!({"tokens": [token("a"), token("b")]}),
        json!([token("c")]),
        json!({}),
    ] {
        assert_eq!(app.put("/users/ann/tokens", body).await.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(
        app.call(Method::PUT, "/users/ann/tokens").send().await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        app.get("/users/ann/tokens").await.json()["tokens"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[tokio::test]
async fn wrong_tokens_are_refused_by_field() {
    let app = App::start().await;
    let told = "expiry_date: Expected an ISO 8601 moment or false";
    for expiry in [json!(true), json!("whenever")] {
        let body = json!({"provider_key": "apn", "expiry_date": expiry});
        app.put("/users/ann/tokens/t", body).await.is_error(400, told);
    }
    app.put("/users/ann/tokens/t", json!({}))
        .await
        .is_error(400, "provider_key: Required");
    app.put("/users/ann/tokens/t", json!({"provider_key": "apn", "token": "u"}))
        .await
        .is_error(400, "token: Expected the token in the path");
    let long = "x".repeat(101);
    for (name, told) in [
        ("", "provider_key: Required"),
        (&*long, "provider_key: Expected at most 100 characters"),
    ] {
        app.put("/users/ann/tokens/t", json!({ "provider_key": name }))
            .await
            .is_error(400, told);
    }
    assert_eq!(app.get("/users/ann/tokens").await.json(), json!({"tokens": []}));
}

#[tokio::test]
async fn a_token_of_a_push_service_that_is_not_known_is_kept() {
    let app = App::start().await;
    let body = json!({"provider_key": "test-provider", "device": {"platform": "test-platform"}});
    assert_eq!(app.put("/users/ann/tokens/t", body).await.status, 204);
    assert_eq!(
        app.get("/users/ann/tokens/t").await.json()["provider_key"],
        "test-provider"
    );
}

#[tokio::test]
async fn a_token_belongs_to_one_person() {
    let app = App::start().await;
    for user in ["ann", "bob"] {
        app.put(
            &format!("/users/{user}/tokens/t"),
            json!({"provider_key": "apn", "expiry_date": false}),
        )
        .await;
    }
    assert_eq!(app.get("/users/ann/tokens").await.json(), json!({"tokens": []}));
    assert_eq!(app.get("/users/bob/tokens/t").await.json()["expiry_date"], json!(false));
}

#[tokio::test]
async fn a_token_with_slashes_is_one_token_encoded_or_not() {
    let app = App::start().await;
    for (path, token) in [("a/b//c", "a/b//c"), ("d%2Fe", "d/e")] {
        let at = format!("/users/ann/tokens/{path}");
        let put = app.put(&at, json!({"provider_key": "firebase-fcm"})).await;
        assert_eq!(put.status, StatusCode::NO_CONTENT);
        assert_eq!(app.get(&at).await.json()["token"], token);
        assert_eq!(
            app.call(Method::DELETE, &at).send().await.status,
            StatusCode::NO_CONTENT
        );
    }
}
