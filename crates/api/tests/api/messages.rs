//! The log.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tidings_store::{Claim, Lane, Next, Output, ProviderRecord, Record};
use tidings_types::trace::TraceCode;
use tidings_types::{Channel, Environment, Event, EventType, Progress, Status, Trace, TraceEntry};

use crate::app::{App, NOW};

/// Takes the waiting message and writes that a provider took it over.
async fn deliver(app: &App) {
    let store = &app.services.store;
    let claim = Claim {
        lane: Lane::Normal,
        now: NOW,
        limit: 1,
        lease_ms: 1000,
    };
    let claimed = store.claim(claim).await.unwrap().remove(0);
    let mut trace = Trace::default();
    trace.considered.push(
        TraceEntry::new(NOW, TraceCode::Usable, "will be tried")
            .on(Channel::Email)
            .via("smtp"),
    );
    trace.push(TraceEntry::new(NOW, TraceCode::Accepted, "taken over").via("smtp"));
    let path = format!("/messages/{}/output/elem_1/html", claimed.message.id);
    let record = Record {
        environment: Environment::Test,
        id: claimed.message.id,
        token: claimed.token,
        lane: claimed.lane,
        status: Status::Sent,
        reason: None,
        error: None,
        sent: Some(NOW),
        providers: vec![ProviderRecord {
            channel: json!({"key": "email:smtp", "name": "SMTP", "template": "elem_1"}),
            provider: "smtp".to_owned(),
            status: "SENT".to_owned(),
            reference: json!({"message-id": "abc"}),
            sent: Some(NOW),
            ..ProviderRecord::default()
        }],
        progress: Progress::default(),
        trace,
        notification: None,
        one_time: false,
        events: vec![
            Event::new(EventType::Rendered, NOW).with("output", json!({ "html": path })),
            Event::new(EventType::Sent, NOW),
        ],
        outputs: vec![Output {
            channel: "email:smtp".to_owned(),
            channel_id: "elem_1".to_owned(),
            content: json!({"subject": "Hi", "html": "<p>Hello Ann</p>", "text": "Hello Ann"}),
        }],
        feed: Vec::new(),
        caught: Vec::new(),
        hold: None,
        jobs: Vec::new(),
        next: Next::Finished,
    };
    assert!(store.record(record).await.unwrap());
}

#[tokio::test]
async fn a_message_is_shown_whole() {
    let app = App::start().await;
    let id = app.sent().await;
    insta::assert_json_snapshot!("waiting", app.get(&format!("/messages/{id}")).await.shown());
    deliver(&app).await;
    insta::assert_json_snapshot!("sent", app.get(&format!("/messages/{id}")).await.shown());
    insta::assert_json_snapshot!("history", app.get(&format!("/messages/{id}/history")).await.shown());
    insta::assert_json_snapshot!("output", app.get(&format!("/messages/{id}/output")).await.shown());
    insta::assert_json_snapshot!("trace", app.get(&format!("/messages/{id}/trace")).await.shown());
    insta::assert_json_snapshot!("list", app.get("/messages").await.shown());
}

#[tokio::test]
async fn history_can_be_narrowed_to_a_type() {
    let app = App::start().await;
    let id = app.sent().await;
    deliver(&app).await;
    let kinds = |reply: Value| -> Vec<String> {
        let lines = reply["results"].as_array().unwrap().iter();
        lines.map(|line| line["type"].as_str().unwrap().to_owned()).collect()
    };
    let all = kinds(app.get(&format!("/messages/{id}/history")).await.json());
    assert_eq!(all, ["ENQUEUED", "RENDERED", "SENT"]);
    assert_eq!(
        kinds(app.get(&format!("/messages/{id}/history?type=SENT")).await.json()),
        ["SENT"]
    );
    let wrong = app.get(&format!("/messages/{id}/history?type=LOST")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_paths_that_history_names_serve_the_rendering() {
    let app = App::start().await;
    let id = app.sent().await;
    deliver(&app).await;
    let history = app.get(&format!("/messages/{id}/history?type=RENDERED")).await.json();
    let path = history["results"][0]["output"]["html"].as_str().unwrap().to_owned();
    let html = app.get(&path).await;
    assert_eq!(
        (html.body.as_str(), html.header("content-type")),
        ("<p>Hello Ann</p>", Some("text/html; charset=utf-8"))
    );
    assert_eq!(html.header("content-security-policy"), Some("sandbox"));
    for missing in ["elem_1/blocks", "elem_1/secrets", "elem_2/html"] {
        app.get(&format!("/messages/{id}/output/{missing}"))
            .await
            .is_error(404, "Output not found");
    }
}

#[tokio::test]
async fn unknown_messages_answer_404_everywhere() {
    let app = App::start().await;
    for part in ["", "/history", "/output", "/trace"] {
        app.get(&format!("/messages/1-0-0{part}"))
            .await
            .is_error(404, "Message not found");
    }
    for part in ["cancel", "resend", "archive"] {
        app.post(&format!("/messages/1-0-0/{part}"), json!({}))
            .await
            .is_error(404, "Message not found");
    }
    app.put("/requests/1-0-0/archive", json!({}))
        .await
        .is_error(404, "Message not found");
}

#[tokio::test]
async fn pages_neither_skip_nor_repeat() {
    let app = App::start().await;
    let mut sent = Vec::new();
    for _ in 0..5 {
        sent.push(app.sent().await);
        app.clock.advance(1);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("/messages?limit=2{cursor}")).await.json();
        seen.extend(
            page["results"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["id"].as_str().unwrap().to_owned()),
        );
        if page["paging"]["more"] == false {
            assert_eq!(page["paging"]["cursor"], Value::Null);
            break;
        }
        cursor = format!("&cursor={}", page["paging"]["cursor"].as_str().unwrap());
    }
    sent.reverse();
    assert_eq!(seen, sent);
}

#[tokio::test]
async fn a_waiting_message_can_be_called_off_once() {
    let app = App::start().await;
    let id = app.sent().await;
    let path = format!("/messages/{id}/cancel");
    let reply = app.call(Method::POST, &path).send().await;
    insta::assert_json_snapshot!("canceled", reply.shown());
    let again = app.call(Method::POST, &path).send().await;
    insta::assert_json_snapshot!("canceled_before", again.shown());
    assert_eq!(again.header("x-should-retry"), Some("false"));
}

#[tokio::test]
async fn a_sent_message_cannot_be_called_off() {
    let app = App::start().await;
    let id = app.sent().await;
    deliver(&app).await;
    let reply = app.call(Method::POST, &format!("/messages/{id}/cancel")).send().await;
    reply.is_error(409, "The message can no longer be canceled: it is SENT");
    assert_eq!(reply.header("x-should-retry"), Some("false"));
    assert_eq!(reply.json()["id"], id);
    assert_eq!(reply.json()["providers"][0]["provider"], "smtp");
}

#[tokio::test]
async fn a_request_with_several_recipients_is_called_off_whole() {
    let app = App::start().await;
    let to = json!([{"email": "a@example.com"}, {"email": "b@example.com"}]);
    let reply = app
        .post("/send", json!({"message": {"to": to, "content": {"body": "x"}}}))
        .await;
    let id = reply.json()["requestId"].as_str().unwrap().to_owned();
    let reply = app.call(Method::POST, &format!("/messages/{id}/cancel")).send().await;
    assert_eq!(
        (reply.status, reply.json()["status"].clone()),
        (StatusCode::OK, json!("CANCELED"))
    );
    let children = app.get(&format!("/messages?traceId={id}&status=CANCELED")).await.json();
    assert_eq!(children["results"].as_array().unwrap().len(), 2);
    let again = app.call(Method::POST, &format!("/messages/{id}/cancel")).send().await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_message_can_be_sent_again() {
    let app = App::start().await;
    let id = app.sent().await;
    let reply = app.call(Method::POST, &format!("/messages/{id}/resend")).send().await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let new = reply.json()["messageId"].as_str().unwrap().to_owned();
    assert_ne!(new, id);
    assert_eq!(
        app.get(&format!("/messages/{new}")).await.json()["recipient"],
        "a@example.com"
    );
}

#[tokio::test]
async fn archived_messages_leave_the_list() {
    let app = App::start().await;
    let (one, other) = (app.sent().await, app.sent().await);
    assert_eq!(
        app.put(&format!("/requests/{one}/archive"), json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        app.call(Method::POST, &format!("/messages/{other}/archive"))
            .send()
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(app.get("/messages").await.json()["results"], json!([]));
    let archived = app.get("/messages?archived=true").await.json();
    assert_eq!(archived["results"].as_array().unwrap().len(), 2);
}
