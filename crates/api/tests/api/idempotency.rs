//! A repeated POST is answered, not repeated.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tidings_store::{Begin, IdempotencyKey};
use tidings_types::Environment;

use crate::app::{App, Reply, message};

async fn with_key(app: &App, path: &str, body: &Value) -> Reply {
    app.call(Method::POST, path)
        .header("idempotency-key", "k1")
        .json(body)
        .send()
        .await
}

async fn messages(app: &App) -> usize {
    app.get("/messages").await.json()["results"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_repeated_send_is_replayed_and_sends_nothing() {
    let app = App::start().await;
    let body = message("a@example.com");
    let first = with_key(&app, "/send", &body).await;
    assert_eq!(first.header("idempotency-replayed"), None);
    let again = with_key(&app, "/send", &body).await;
    assert_eq!((again.status, again.json()), (first.status, first.json()));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(messages(&app).await, 1);
}

#[tokio::test]
async fn other_calls_are_replayed_too_errors_after_the_beginning_included() {
    let app = App::start().await;
    let profile = json!({"profile": {"email": "a@example.com"}});
    assert_eq!(with_key(&app, "/profiles/ann", &profile).await.status, StatusCode::OK);
    let again = with_key(&app, "/profiles/ann", &profile).await;
    assert_eq!(again.shown(), json!({"status": 200, "body": {"status": "SUCCESS"}}));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    for replayed in [None, Some("true")] {
        let reply = with_key(&app, "/messages/none/resend", &json!({})).await;
        reply.is_error(404, "Message not found");
        assert_eq!(reply.header("idempotency-replayed"), replayed);
    }
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let app = App::start().await;
    with_key(&app, "/send", &message("a@example.com")).await;
    let reply = with_key(&app, "/send", &message("b@example.com")).await;
    reply.is_error(422, "This idempotency key was used with a different request body");
    assert_eq!(reply.header("x-should-retry"), Some("false"));
    assert_eq!(messages(&app).await, 1);
}

#[tokio::test]
async fn a_key_counts_for_its_path_and_environment_only() {
    let app = App::start().await;
    let body = message("a@example.com");
    with_key(&app, "/send", &body).await;
    let dry = with_key(&app, "/send?dry_run=true", &body).await;
    assert_eq!(dry.status, StatusCode::OK, "{}", dry.body);
    let elsewhere = app.call(Method::POST, "/send").bearer(crate::app::PRODUCTION_KEY);
    let elsewhere = elsewhere.header("idempotency-key", "k1").json(&body).send().await;
    assert_eq!(elsewhere.header("idempotency-replayed"), None);
}

#[tokio::test]
async fn a_call_under_way_is_told_to_come_again() {
    let app = App::start().await;
    let body = message("a@example.com");
    let key = IdempotencyKey {
        environment: Environment::Test,
        operation: "POST /send".to_owned(),
        key: "k1".to_owned(),
    };
    let now = app.services.clock.now();
    let fingerprint = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(body.to_string()));
    let begun = app
        .services
        .store
        .begin(&key, &fingerprint, now, now.plus(1_000_000), 60_000)
        .await
        .unwrap();
    assert_eq!(begun, Begin::Fresh);
    let reply = with_key(&app, "/send", &body).await;
    reply.is_error(409, "A request with this idempotency key is still being carried out");
    assert_eq!(reply.header("x-should-retry"), Some("true"));
    assert_eq!(reply.header("retry-after"), Some("1"));
    // The first one never ends: after a minute it counts as lost.
    app.clock.advance(60_001);
    assert_eq!(with_key(&app, "/send", &body).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_refused_call_leaves_the_key_free() {
    let app = App::start().await;
    let wrong = with_key(&app, "/send", &json!({"message": {"content": {"body": "x"}}})).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        with_key(&app, "/send", &message("a@example.com")).await.status,
        StatusCode::ACCEPTED
    );
    assert_eq!(messages(&app).await, 1);
}

#[tokio::test]
async fn keys_hold_a_day_and_longer_when_asked() {
    const DAY_MS: u64 = 24 * 60 * 60 * 1000;
    let app = App::start().await;
    let body = message("a@example.com");
    with_key(&app, "/send", &body).await;
    let call = app.call(Method::POST, "/send").header("idempotency-key", "k2");
    call.header("x-idempotency-expiration", "2 days")
        .json(&body)
        .send()
        .await;
    app.clock.advance(DAY_MS + 1);
    assert_eq!(
        with_key(&app, "/send", &body).await.header("idempotency-replayed"),
        None
    );
    let long = app
        .call(Method::POST, "/send")
        .header("idempotency-key", "k2")
        .json(&body)
        .send()
        .await;
    assert_eq!(long.header("idempotency-replayed"), Some("true"));
    let wrong = app.call(Method::POST, "/send").header("idempotency-key", "k3");
    let wrong = wrong
        .header("x-idempotency-expiration", "someday")
        .json(&body)
        .send()
        .await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}
