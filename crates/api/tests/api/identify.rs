//! What a person's own page says of them.

use std::sync::Arc;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tidings_auth::{Auth, ClientKey};
use tidings_types::Environment;

use crate::app::{App, Call, PRODUCTION_KEY};

const PATH: &str = "/client/identify/ada";

fn profile(email: &str) -> Value {
    json!({"profile": {"email": email}})
}

/// A token that the application's own server made.
async fn token(app: &App, scope: &str) -> String {
    let grant = json!({"scope": scope, "expires_in": "1h"});
    let reply = app.post("/auth/issue-token", grant).await;
    reply.json()["token"].as_str().unwrap().to_owned()
}

async fn client_key(app: &App) -> ClientKey {
    let auth = Auth::new(Arc::clone(&app.services));
    auth.client_key(Environment::Test).await.unwrap()
}

/// A page's call with a client key, and a signature if there is one.
fn page(app: &App, path: &str, key: &ClientKey, signature: Option<&str>) -> Call {
    let call = app.call(Method::POST, path).without_key();
    let call = call.header("x-courier-client-key", &key.key).json(&profile("page@x.y"));
    match signature {
        Some(signature) => call.header("x-courier-user-signature", signature),
        None => call,
    }
}

async fn email(app: &App, user: &str) -> Value {
    let reply = app.get(&format!("/profiles/{user}")).await;
    if reply.status == StatusCode::NOT_FOUND {
        return Value::Null;
    }
    reply.json()["profile"]["email"].clone()
}

#[tokio::test]
async fn a_token_that_says_so_adds_to_its_own_persons_profile() {
    let app = App::start().await;
    app.post("/profiles/ada", json!({"profile": {"name": "Ada", "custom": {"a": 1}}}))
        .await;
    let token = token(&app, "user_id:ada write:profiles").await;
    let said = json!({"profile": {"email": "ada@x.y", "custom": {"b": 2}}});
    // As the client of 1.x sends it: the token alone, beside the client key, and headers that are none of a request's.
    let call = app.call(Method::POST, PATH).header("authorization", &token).json(&said);
    let call = call.header("x-courier-client-key", "whatever");
    let reply = call.header("access-control-allow-origin", "*").send().await;
    assert_eq!(
        (reply.status, reply.json()),
        (StatusCode::OK, json!({"status": "SUCCESS"}))
    );
    let kept = app.get("/profiles/ada").await.json()["profile"].take();
    assert_eq!(
        kept,
        json!({"name": "Ada", "email": "ada@x.y", "custom": {"a": 1, "b": 2}})
    );

    let bearer = |path: &str| app.call(Method::POST, path).bearer(&token).json(&profile("eve@x.y"));
    bearer("/client/identify/bob")
        .send()
        .await
        .is_error(403, "The token is not bound to this user");
    bearer("/profiles/ada")
        .send()
        .await
        .is_error(403, "This call needs an API key; a token cannot make it");
    for (wrong, told) in [
        ("{}", "profile: Required"),
        (r#"{"profile": 5}"#, "profile: Expected object, received number"),
        ("[]", "Expected object, received array"),
    ] {
        let reply = app.call(Method::POST, PATH).bearer(&token).raw(wrong).send().await;
        let as_before = app.call(Method::POST, "/profiles/ada").raw(wrong).send().await;
        assert_eq!(
            (reply.status, &reply.body),
            (as_before.status, &as_before.body),
            "{wrong}"
        );
        reply.is_error(400, told);
    }
    assert_eq!(email(&app, "ada").await, "ada@x.y");
    assert_eq!(email(&app, "bob").await, Value::Null);
}

#[tokio::test]
async fn a_token_for_anything_else_is_not_enough() {
    let app = App::start().await;
    let all_else = "user_id:ada inbox:read:messages inbox:write:events read:messages read:user-tokens write:user-tokens \
                    write:track read:preferences write:preferences read:brands write:brands read:templates write:templates";
    for scope in [
        "user_id:ada inbox:read:messages",
        "user_id:ada write:preferences",
        all_else,
    ] {
        let token = token(&app, scope).await;
        let reply = app
            .call(Method::POST, PATH)
            .bearer(&token)
            .json(&profile("eve@x.y"))
            .send()
            .await;
        reply.is_error(403, "The token lacks the scope `write:profiles`");
    }
    // A token that may, and is nobody's, may for nobody.
    let nobodys = token(&app, "write:profiles").await;
    let reply = app
        .call(Method::POST, PATH)
        .bearer(&nobodys)
        .json(&profile("eve@x.y"))
        .send()
        .await;
    reply.is_error(403, "The token is not bound to this user");
    assert_eq!(email(&app, "ada").await, Value::Null);
}

#[tokio::test]
async fn a_client_key_alone_never_writes_a_profile() {
    let app = App::start().await;
    let key = client_key(&app).await;
    for on in [false, true] {
        app.put("/settings/clients", json!({"identify_by_signature": on})).await;
        for signature in [None, Some(""), Some("00"), Some("not hex")] {
            let reply = page(&app, PATH, &key, signature).send().await;
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{signature:?}: {}", reply.body);
        }
        let as_bearer = app.call(Method::POST, PATH).bearer(&key.key).json(&profile("eve@x.y"));
        assert_eq!(as_bearer.send().await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(email(&app, "ada").await, Value::Null);
}

#[tokio::test]
async fn a_signed_id_counts_where_the_environment_says_so() {
    let app = App::start().await;
    let key = client_key(&app).await;
    let signature = key.sign(&"ada".into());
    let signed = async |path: &str| page(&app, path, &key, Some(&signature)).send().await;
    let off = "A signed user id cannot write a profile while `identify_by_signature` of the settings `clients` is off: use a \
               token with the scope `write:profiles`";
    signed(PATH).await.is_error(403, off);
    // What another environment says is its own business.
    let other = app.call(Method::PUT, "/settings/clients").bearer(PRODUCTION_KEY);
    other.json(&json!({"identify_by_signature": true})).send().await;
    signed(PATH).await.is_error(403, off);
    assert_eq!(email(&app, "ada").await, Value::Null);

    assert_eq!(
        app.put("/settings/clients", json!({"identify_by_signature": true}))
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(signed(PATH).await.status, StatusCode::OK);
    assert_eq!(email(&app, "ada").await, "page@x.y");
    assert_eq!(signed("/client/identify/bob").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(email(&app, "bob").await, Value::Null);

    app.put("/settings/clients", json!({})).await;
    signed(PATH).await.is_error(403, off);
}

#[tokio::test]
async fn the_older_provider_calls_behind_graphql() {
    let app = App::start().await;
    let token = token(&app, "user_id:ada write:profiles write:preferences").await;
    let call = |method: Method, path: &str| app.call(method, path).header("authorization", &token);
    let said = call(Method::POST, "/client/q/client/identify/ada").json(&profile("ada@x.y"));
    assert_eq!(said.send().await.status, StatusCode::OK);
    assert_eq!(email(&app, "ada").await, "ada@x.y");
    let subscribe = call(Method::PUT, "/client/q/client/lists/news/subscribe/ada")
        .send()
        .await;
    assert_eq!(subscribe.status, StatusCode::NO_CONTENT);
    let event = json!({"event": "seen", "type": "track", "messageId": "m-1"});
    let told = call(Method::POST, "/client/q/inbound/courier")
        .json(&event)
        .send()
        .await;
    assert_eq!(told.status, StatusCode::ACCEPTED);
    let elsewhere = app.call(Method::GET, "/client/q/profiles/ada").send().await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_a_page_holds_may_tell_of_events_and_not_of_people() {
    let app = App::start().await;
    let key = client_key(&app).await.key;
    let token = token(&app, "user_id:ada read:brands").await;
    for (n, held) in [&token, &key].into_iter().enumerate() {
        let tell = |path: &str, body: Value| app.call(Method::POST, path).bearer(held).json(&body);
        let event = json!({"event": "seen", "type": "track", "messageId": format!("m-{n}")});
        assert_eq!(
            tell("/inbound/courier", event).send().await.status,
            StatusCode::ACCEPTED
        );
        let seen = json!({"type": "page", "name": "Home", "anonymousId": "x"});
        assert_eq!(tell("/inbound/segment", seen).send().await.status, StatusCode::ACCEPTED);
        let who = json!({"type": "identify", "userId": "ada", "traits": {"email": "eve@x.y"}});
        let told = "This needs an API key; what a page holds, a client key or a token, cannot do it";
        tell("/inbound/segment", who).send().await.is_error(403, told);
    }
    assert_eq!(email(&app, "ada").await, Value::Null);
    // The key opens nothing else that way.
    for path in ["/profiles/ada", "/messages", "/inbound/events"] {
        let reply = app.call(Method::GET, path).bearer(&key).send().await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn a_browser_may_ask_from_another_origin() {
    let app = App::start().await;
    let asked = "access-control-allow-origin,authorization,content-type,x-courier-client-key,x-courier-client-version,\
                 x-courier-user-id,x-courier-user-signature";
    for (path, method) in [
        (PATH, "POST"),
        ("/client/q/client/identify/ada", "POST"),
        ("/client/lists/news/subscribe/ada", "PUT"),
        ("/client/lists/news/unsubscribe/ada", "DELETE"),
        ("/inbound/courier", "POST"),
    ] {
        let call = app.call(Method::OPTIONS, path).without_key();
        let call = call.header("origin", "https://app.test");
        let call = call.header("access-control-request-method", method);
        let reply = call.header("access-control-request-headers", asked).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.header("access-control-allow-headers"), Some(asked));
        assert!(reply.header("access-control-allow-methods").unwrap().contains(method));
    }
}
