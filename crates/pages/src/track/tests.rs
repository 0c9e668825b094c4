//! Links that lead on, a pixel that is always a picture, reports of apps; machines, forgeries.

use axum::http::{StatusCode, header};
use serde_json::json;
use tidings_pipeline::tracking::{TrackingClaims, TrackingKind};
use tidings_store::{MessageRow, Store};
use tidings_types::{Environment, MessageId, Rendered, Status};

use crate::testing::{House, Reply, ask};

const BROWSER: (&str, &str) = (
    "user-agent",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
);
const TARGET: &str = "https://shop.example/order?id=7&code=secret#top";

struct Sent {
    house: House,
}

impl Sent {
    async fn new() -> Self {
        let house = House::new().await;
        let mail = Rendered::Email(tidings_types::rendered::Email::default());
        house.catch(Environment::Test, "m", "ada@example.com", mail).await;
        Self { house }
    }

    fn claims(kind: TrackingKind, target: Option<&str>) -> TrackingClaims {
        TrackingClaims {
            kind,
            environment: Environment::Test,
            message_id: "m".to_owned(),
            via: "email:outbox".to_owned(),
            target: target.map(str::to_owned),
        }
    }

    fn path(&self, kind: TrackingKind, target: Option<&str>) -> String {
        let url = Self::claims(kind, target).url(&self.house.services.links);
        let (_, path) = url.split_once("tidings.test").unwrap();
        path.to_owned()
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        ask(&self.house.pages(false), method, path, headers, body).await
    }

    async fn message(&self) -> MessageRow {
        let store: &dyn Store = self.house.services.store.as_ref();
        store
            .message(Environment::Test, &MessageId::from("m"))
            .await
            .unwrap()
            .unwrap()
    }
}

fn location(reply: &Reply) -> &str {
    reply.headers[header::LOCATION].to_str().unwrap()
}

#[tokio::test]
async fn a_click_leads_on_at_once_and_is_looked_at_before_it_counts() {
    let sent = Sent::new().await;
    let path = sent.path(TrackingKind::Click, Some(TARGET));
    let reply = sent.ask("GET", &path, &[BROWSER], "").await;
    assert_eq!((reply.status, location(&reply)), (StatusCode::FOUND, TARGET));
    assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store");
    let message = sent.message().await;
    assert_eq!((message.told.hits.len(), message.clicked), (1, None));
    assert!(!message.told.hits[0].link.contains("secret"));
}

#[tokio::test]
async fn machines_are_led_on_and_not_counted() {
    let sent = Sent::new().await;
    let path = sent.path(TrackingKind::Click, Some(TARGET));
    let robot = ("user-agent", "Slackbot-LinkExpanding 1.0");
    for (method, headers) in [
        ("GET", vec![robot]),
        ("GET", vec![BROWSER, ("sec-purpose", "prefetch")]),
        ("HEAD", vec![BROWSER]),
        ("GET", vec![]),
    ] {
        let reply = sent.ask(method, &path, &headers, "").await;
        assert_eq!(location(&reply), TARGET, "{method} {headers:?}");
    }
    let message = sent.message().await;
    assert_eq!((message.told.scans, message.told.hits.len()), (4, 0));
    assert_eq!(message.status, Status::Sent);
}

#[tokio::test]
async fn nobody_else_can_make_this_server_lead_anywhere() {
    let sent = Sent::new().await;
    let ours = sent.path(TrackingKind::Click, Some(TARGET));
    let (payload, signature) = ours.trim_start_matches("/r/").split_once('.').unwrap();
    let elsewhere = sent.path(TrackingKind::Click, Some("https://evil.example/"));
    let (other, _) = elsewhere.trim_start_matches("/r/").split_once('.').unwrap();
    let pixel = sent
        .path(TrackingKind::Open, None)
        .replace("/o/", "/r/")
        .replace(".gif", "");
    for forged in [
        format!("/r/{other}.{signature}"),
        format!("/r/{payload}."),
        format!("/r/{payload}"),
        "/r/https:%2F%2Fevil.example".to_owned(),
        pixel,
    ] {
        let reply = sent.ask("GET", &forged, &[BROWSER], "").await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{forged}");
        assert!(!reply.headers.contains_key(header::LOCATION));
    }
    assert!(sent.message().await.told.hits.is_empty());
}

#[tokio::test]
async fn the_pixel_is_a_picture_whatever_its_address() {
    let sent = Sent::new().await;
    let path = sent.path(TrackingKind::Open, None);
    for path in [path.as_str(), "/o/nonsense.gif"] {
        let reply = sent.ask("GET", path, &[BROWSER], "").await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert_eq!(reply.headers[header::CONTENT_TYPE], "image/gif");
    }
    let message = sent.message().await;
    assert_eq!((message.status, message.opened.is_some()), (Status::Opened, true));
}

#[tokio::test]
async fn apps_report_what_became_of_a_push() {
    let sent = Sent::new().await;
    let path = sent.path(TrackingKind::Device, None);
    for (event, status) in [("DELIVERED", Status::Delivered), ("CLICKED", Status::Clicked)] {
        let body = json!({ "event": event }).to_string();
        // Whatever an app calls itself: this is its own address.
        let reply = sent.ask("POST", &path, &[("user-agent", "okhttp/4.12.0")], &body).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(sent.message().await.status, status);
    }
    for body in ["", "{}", "[]", r#"{"event": "EATEN"}"#] {
        let reply = sent.ask("POST", &path, &[], body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(reply.json()["message"].as_str().unwrap().starts_with("event: "));
    }
    let asked = sent.ask("OPTIONS", &path, &[], "").await;
    assert_eq!(asked.headers[header::ACCESS_CONTROL_ALLOW_METHODS], "POST");
    let forged = path.replace("/e/", "/e/x");
    let reply = sent.ask("POST", &forged, &[], r#"{"event": "CLICKED"}"#).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(reply.json()["type"], "invalid_request_error");
}
