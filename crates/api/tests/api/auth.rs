//! Keys, Basic and tokens.

use base64::Engine as _;
use http::{Method, StatusCode};
use serde_json::json;
use tidings_types::Environment;

use crate::app::{App, KEY, PRODUCTION_KEY};

#[tokio::test]
async fn a_key_opens_its_own_environment_only() {
    let app = App::start().await;
    let id = app.sent().await;
    let path = format!("/messages/{id}");
    assert_eq!(app.get(&path).await.status, StatusCode::OK);
    let elsewhere = app.call(Method::GET, &path).bearer(PRODUCTION_KEY).send().await;
    elsewhere.is_error(404, "Message not found");
}

#[tokio::test]
async fn wrong_missing_and_revoked_keys_are_refused_in_json() {
    let app = App::start().await;
    let call = || app.call(Method::GET, "/messages");
    for refused in [
        call().without_key(),
        call().bearer("wrong"),
        call().bearer("a.b.c"),
        call().header("authorization", "x"),
    ] {
        let reply = refused.send().await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        assert_eq!(reply.json()["type"], "authentication_error");
    }
    app.services
        .store
        .revoke_key(&format!("key_{KEY}"), app.services.clock.now())
        .await
        .unwrap();
    assert_eq!(call().send().await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn basic_takes_the_key_as_password() {
    let app = App::start().await;
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("someone:{KEY}"));
    let call = app
        .call(Method::GET, "/messages")
        .header("authorization", &format!("Basic {basic}"));
    assert_eq!(call.send().await.status, StatusCode::OK);
}

async fn token(app: &App, scope: &str, expires_in: &str) -> String {
    let reply = app
        .post("/auth/issue-token", json!({"scope": scope, "expires_in": expires_in}))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.json()["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_reaches_as_far_as_its_scope() {
    let app = App::start().await;
    let token = token(&app, "user_id:ann read:preferences", "2 hours").await;
    let with = |method, path: &str| app.call(method, path).bearer(&token);
    assert_eq!(
        with(Method::GET, "/users/ann/preferences").send().await.status,
        StatusCode::OK
    );
    let refused = [
        (
            Method::GET,
            "/users/bob/preferences",
            "The token is not bound to this user",
        ),
        (
            Method::POST,
            "/users/ann/preferences",
            "The token lacks the scope `write:preferences`",
        ),
        (
            Method::GET,
            "/users/ann/tokens",
            "The token lacks the scope `read:user-tokens`",
        ),
        (
            Method::GET,
            "/messages",
            "This call needs an API key; a token cannot make it",
        ),
        (
            Method::POST,
            "/auth/issue-token",
            "This call needs an API key; a token cannot make it",
        ),
    ];
    for (method, path, told) in refused {
        let reply = with(method, path).raw("{\"topics\":[]}").send().await;
        reply.is_error(403, told);
        assert_eq!(reply.json()["type"], "authorization_error");
    }
}

#[tokio::test]
async fn a_token_may_be_for_one_brand() {
    let app = App::start().await;
    for id in ["acme", "other"] {
        app.post("/brands", json!({"id": id, "name": id})).await;
    }
    let one = token(&app, "read:brands:acme write:brands:acme", "1h").await;
    let all = token(&app, "read:brands", "1h").await;
    for (token, method, path, status) in [
        (&one, Method::GET, "/brands/acme", StatusCode::OK),
        (&one, Method::PUT, "/brands/acme", StatusCode::OK),
        (&one, Method::GET, "/brands/other", StatusCode::FORBIDDEN),
        (&one, Method::PUT, "/brands/other", StatusCode::FORBIDDEN),
        (&one, Method::DELETE, "/brands/other", StatusCode::FORBIDDEN),
        (&one, Method::GET, "/brands", StatusCode::FORBIDDEN),
        (&all, Method::GET, "/brands", StatusCode::OK),
        (&all, Method::GET, "/brands/other", StatusCode::OK),
        (&all, Method::PUT, "/brands/other", StatusCode::FORBIDDEN),
        (&all, Method::POST, "/brands", StatusCode::FORBIDDEN),
    ] {
        let call = app.call(method.clone(), path).bearer(token);
        let reply = call.raw("{\"name\":\"New\"}").send().await;
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.body);
    }
}

#[tokio::test]
async fn a_token_ends() {
    let app = App::start().await;
    let token = token(&app, "user_id:ann read:preferences", "1m").await;
    let call = || app.call(Method::GET, "/users/ann/preferences").bearer(&token);
    assert_eq!(call().send().await.status, StatusCode::OK);
    app.clock.advance(60_000);
    call().send().await.is_error(401, "Unauthorized: the token has expired");
}

#[tokio::test]
async fn a_changed_token_is_no_token() {
    let app = App::start().await;
    let token = token(&app, "user_id:ann read:preferences", "1 day").await;
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let unsigned = format!(
        "{}.{}.",
        "eyJhbGciOiJub25lIiwia2lkIjoidGVzdCJ9",
        rest.split_once('.').unwrap().1
    );
    let other_kid = token.replacen("eyJ", "eyK", 1);
    for wrong in [format!("{rest}x.{signature}"), unsigned, other_kid] {
        let reply = app
            .call(Method::GET, "/users/ann/preferences")
            .bearer(&wrong)
            .send()
            .await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{wrong}");
    }
}

#[tokio::test]
async fn what_is_asked_of_a_token_is_checked() {
    let app = App::start().await;
    let wrong = [
        (json!({"expires_in": "1d"}), "scope: Required"),
        (
            json!({"scope": "user_id:a", "expires_in": "1d"}),
            "scope: Expected at least one item besides `user_id:<id>`",
        ),
        (
            json!({"scope": "fly", "expires_in": "1d"}),
            "scope: `fly` is not a scope",
        ),
        (
            json!({"scope": "read:brands", "expires_in": "10"}),
            "expires_in: Expected a duration with a unit, such as `2 hours`, or a number of seconds",
        ),
    ];
    for (body, told) in wrong {
        app.post("/auth/issue-token", body).await.is_error(400, told);
    }
}

#[tokio::test]
async fn other_parts_of_the_program_ask_for_a_keys_environment() {
    let app = App::start().await;
    let state = tidings_api::AppState::new(app.services.clone());
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {PRODUCTION_KEY}").parse().unwrap());
    assert_eq!(
        tidings_api::environment_of(&state, &headers).await.unwrap(),
        Environment::Production
    );
    headers.remove("authorization");
    assert!(tidings_api::environment_of(&state, &headers).await.is_err());
}
