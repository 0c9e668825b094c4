//! The outbox as its page and tools use it.

use axum::http::{StatusCode, header};
use tidings_bus::Hint;
use tidings_types::rendered::{Email, Sms};
use tidings_types::{Environment, Rendered};

use crate::testing::{House, ask, get, post};

const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

fn mail() -> Rendered {
    Rendered::Email(Email {
        subject: HOSTILE.to_owned(),
        html: format!("<!doctype html><html><head></head><body>{HOSTILE}</body></html>"),
        text: HOSTILE.to_owned(),
        ..Email::default()
    })
}

async fn house() -> House {
    let house = House::new().await;
    house.catch(Environment::Test, "1-a", HOSTILE, mail()).await;
    let sms = Rendered::Sms(Sms {
        body: "Your code is 123456".to_owned(),
    });
    house.catch(Environment::Production, "1-b", "+11234567890", sms).await;
    house
}

#[tokio::test]
async fn the_list_is_newest_first_and_resumes() {
    let house = house().await;
    let pages = house.pages(true);
    let all = get(&pages, "/outbox/messages").await.json();
    assert_eq!(all["items"][0]["channel"], "sms");
    assert_eq!(all["items"][0]["title"], "Your code is 123456");
    assert_eq!(all["items"][1]["title"], HOSTILE);
    assert_eq!(all["items"][1]["provider"], "smtp");
    let first = &all["items"][1]["number"];
    let since = get(&pages, &format!("/outbox/messages?after={first}")).await.json();
    assert_eq!(since["items"].as_array().unwrap().len(), 1);
    for wrong in ["cursor=nonsense", "after=x"] {
        let refused = get(&pages, &format!("/outbox/messages?{wrong}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(refused.json()["type"], "invalid_request_error");
    }
    assert_eq!(
        get(&pages, "/outbox/messages").await.headers[header::CACHE_CONTROL],
        "no-store"
    );
}

#[tokio::test]
async fn what_a_message_says_is_data_and_its_html_is_sandboxed() {
    let house = house().await;
    let pages = house.pages(true);
    let number = get(&pages, "/outbox/messages").await.json()["items"][1]["number"].to_string();
    let detail = get(&pages, &format!("/outbox/messages/{number}")).await;
    assert_eq!(detail.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(detail.json()["headers"][1], serde_json::json!(["To", HOSTILE]));
    assert!(
        detail.json()["source"]
            .as_str()
            .unwrap()
            .contains("Content-Type: text/html")
    );

    let html = get(&pages, &format!("/outbox/messages/{number}/html")).await;
    let policy = html.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("sandbox allow-popups allow-popups-to-escape-sandbox;"));
    assert!(!policy.contains("allow-scripts") && !policy.contains("allow-same-origin"));
    assert!(html.body.contains("<base target=\"_blank\">"));

    let why = get(&pages, &format!("/outbox/messages/{number}/trace")).await.json();
    assert_eq!(why["status"], "SENT");
    assert_eq!(why["happened"][0]["detail"], "Caught by the outbox.");
}

#[tokio::test]
async fn text_messages_are_counted() {
    let house = house().await;
    let pages = house.pages(true);
    let number = get(&pages, "/outbox/messages").await.json()["items"][0]["number"].to_string();
    let detail = get(&pages, &format!("/outbox/messages/{number}")).await.json();
    assert_eq!(
        detail["sms"],
        serde_json::json!({"encoding": "GSM-7", "characters": 19, "segments": 1})
    );
    let html = get(&pages, &format!("/outbox/messages/{number}/html")).await;
    assert_eq!(html.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_key_opens_its_own_environment_and_no_other() {
    let house = house().await;
    let pages = house.pages(false);
    let paths = [
        "/outbox/messages",
        "/outbox/messages/1",
        "/outbox/messages/1/html",
        "/outbox/messages/1/trace",
        "/outbox/events",
    ];
    for path in paths {
        let refused = get(&pages, path).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(refused.json()["type"], "authentication_error");
    }
    let refused = ask(&pages, "DELETE", "/outbox/messages", &[], "").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);

    let key = [("authorization", "Bearer production")];
    let seen = ask(&pages, "GET", "/outbox/messages", &key, "").await.json();
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    assert_eq!(seen["items"][0]["environment"], "production");
    for path in [
        "/outbox/messages/1",
        "/outbox/messages/1/html",
        "/outbox/messages/1/trace",
    ] {
        assert_eq!(
            ask(&pages, "GET", path, &key, "").await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    assert_eq!(
        ask(&pages, "DELETE", "/outbox/messages", &key, "").await.status,
        StatusCode::NO_CONTENT
    );
    let left = get(&house.pages(true), "/outbox/messages").await.json();
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
    assert_eq!(left["items"][0]["environment"], "test");
}

#[tokio::test]
async fn the_frame_sends_its_key_as_a_form() {
    let house = house().await;
    let pages = house.pages(false);
    assert_eq!(
        post(&pages, "/outbox/messages/1/html", "key=test").await.status,
        StatusCode::OK
    );
    assert_eq!(
        post(&pages, "/outbox/messages/1/html", "key=production").await.status,
        StatusCode::NOT_FOUND
    );
    for wrong in ["key=wrong", "key=%0A", ""] {
        assert_eq!(
            post(&pages, "/outbox/messages/1/html", wrong).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
}

#[tokio::test]
async fn a_strangers_host_name_sees_nothing_even_where_all_is_open() {
    let house = house().await;
    let pages = house.pages(true);
    let stranger = [("host", "rebound.example")];
    for path in ["/outbox/messages", "/outbox/messages/1/html", "/"] {
        assert_eq!(
            ask(&pages, "GET", path, &stranger, "").await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    let page = ask(&pages, "GET", "/outbox", &stranger, "").await;
    assert!(!page.body.contains("secret-key"));
    assert!(get(&pages, "/outbox").await.body.contains("secret-key"));
}

#[tokio::test]
async fn a_closed_outbox_shows_no_key_and_has_no_start_page() {
    let house = House::new().await;
    let pages = house.pages(false);
    assert_eq!(get(&pages, "/").await.status, StatusCode::NOT_FOUND);
    let page = get(&pages, "/outbox").await;
    assert!(page.body.contains("YOUR_API_KEY") && !page.body.contains("secret-key"));
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"));
    assert!(!page.body.contains("onclick") && !page.body.contains("style="));
}

#[tokio::test]
async fn events_follow_what_is_caught_and_resume_where_they_left() {
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    let house = house().await;
    let request = axum::http::Request::get("/outbox/events?after=0")
        .header("host", "localhost")
        .header("last-event-id", "1")
        .body(axum::body::Body::empty())
        .unwrap();
    let mut body = house.pages(true).oneshot(request).await.unwrap().into_body();
    let mut next =
        async || String::from_utf8(body.frame().await.unwrap().unwrap().into_data().unwrap().to_vec()).unwrap();
    let second = next().await;
    assert!(second.contains("id: 2") && second.contains("event: caught"), "{second}");
    house.catch(Environment::Test, "1-c", "x@example.com", mail()).await;
    house.services.bus.send(Hint::Outbox(Environment::Test));
    let third = tokio::time::timeout(std::time::Duration::from_secs(2), next())
        .await
        .unwrap();
    assert!(
        third.contains("id: 3") && third.contains("\"message_id\":\"1-c\""),
        "{third}"
    );
}
