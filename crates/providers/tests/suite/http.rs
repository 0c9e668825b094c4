//! The driver against HTTP servers that misbehave.

use std::time::{Duration, Instant};

use serde_json::json;
use tidings_providers::{Driver, DriverOptions};
use tidings_testkit::{HttpDouble, Reply};
use tidings_types::{Address, Outcome};
use tokio::net::TcpListener;

use crate::support::fixture::{CODE, Sending, object};

fn open_driver() -> Driver {
    Driver::new(DriverOptions {
        allow_private_targets: true,
        ..DriverOptions::default()
    })
    .unwrap()
}

fn guarded_driver() -> Driver {
    Driver::new(DriverOptions::default()).unwrap()
}

fn twilio_at(url: &str) -> Sending {
    Sending::with("twilio").set("base_url", json!(url))
}

fn webhook_at(url: &str) -> Sending {
    let mut sending = Sending::with("webhook");
    sending.address = Address::Webhook(object(json!({ "url": url })));
    sending
}

fn is_down(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::ProviderDown { permanent: false, .. })
}

#[tokio::test]
async fn what_arrives_is_what_the_provider_wrote() {
    let double = HttpDouble::start(Reply::answer("201 Created", &[], r#"{"sid": "SM1"}"#)).await;
    // An operator's own address may be private, whatever the guard says of others.
    let outcome = twilio_at(&double.url("/gateway")).send(&guarded_driver()).await;
    assert!(
        matches!(&outcome, Outcome::Accepted { id: Some(id), .. } if id == "SM1"),
        "{outcome:?}"
    );
    let request = double.requests().remove(0).text;
    assert!(
        request.starts_with("POST /gateway/2010-04-01/Accounts/AC123/Messages.json HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.contains("content-type: application/x-www-form-urlencoded\r\n"),
        "{request}"
    );
    assert!(request.contains("user-agent: tidings/"), "{request}");
    assert!(
        request.ends_with("\r\n\r\nTo=%2B15558675310&Body=Your+code+is+493021.&From=%2B15017122661"),
        "{request}"
    );
}

#[tokio::test]
async fn a_refused_connection_is_the_provider_being_down() {
    let port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let outcome = twilio_at(&format!("http://127.0.0.1:{port}"))
        .send(&open_driver())
        .await;
    assert!(is_down(&outcome), "{outcome:?}");
    assert!(outcome.error().unwrap().contains("refused"), "{outcome:?}");
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_the_provider_being_down() {
    let outcome = twilio_at("http://no-such-host.invalid").send(&open_driver()).await;
    assert!(is_down(&outcome), "{outcome:?}");
}

#[tokio::test]
async fn a_failed_handshake_is_the_provider_being_down() {
    // A server that speaks no TLS waits for more of what it takes for a request.
    let double = HttpDouble::start(Reply::answer("200 OK", &[], "")).await;
    let connect_timeout = Duration::from_millis(300);
    let driver = Driver::new(DriverOptions {
        connect_timeout,
        ..DriverOptions::default()
    })
    .unwrap();
    let outcome = twilio_at(&format!("https://{}", double.address)).send(&driver).await;
    assert!(is_down(&outcome), "{outcome:?}");
    let cut = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = cut.local_addr().unwrap();
    tokio::spawn(async move { while cut.accept().await.is_ok() {} });
    let outcome = twilio_at(&format!("https://{address}")).send(&open_driver()).await;
    assert!(is_down(&outcome), "{outcome:?}");
}

#[tokio::test]
async fn silence_after_the_request_is_unknown_within_the_time_limit() {
    let double = HttpDouble::start(Reply::Hang).await;
    let started = Instant::now();
    let outcome = twilio_at(&double.url(""))
        .send_within(&open_driver(), Duration::from_millis(300))
        .await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert!(started.elapsed() < Duration::from_secs(3));
    assert_eq!(double.requests().len(), 1);
}

#[tokio::test]
async fn a_cut_while_waiting_is_unknown_and_not_repeated() {
    let double = HttpDouble::start(Reply::Cut).await;
    let outcome = twilio_at(&double.url("")).send(&open_driver()).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert_eq!(double.requests().len(), 1);
}

#[tokio::test]
async fn half_a_head_is_unknown_and_half_a_body_is_read_as_far_as_it_goes() {
    let half = HttpDouble::start(Reply::Bytes(b"HTTP/1.1 201 Cre".to_vec())).await;
    let outcome = twilio_at(&half.url("")).send(&open_driver()).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");

    let cut = b"HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"sid\": \"SM".to_vec();
    for reply in [Reply::Bytes(cut.clone()), Reply::Half(cut)] {
        let double = HttpDouble::start(reply).await;
        let outcome = twilio_at(&double.url(""))
            .send_within(&open_driver(), Duration::from_millis(500))
            .await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    }

    let refusal = b"HTTP/1.1 503 Busy\r\ncontent-length: 100\r\n\r\nsorr".to_vec();
    let double = HttpDouble::start(Reply::Half(refusal)).await;
    let outcome = twilio_at(&double.url(""))
        .send_within(&open_driver(), Duration::from_millis(500))
        .await;
    assert!(is_down(&outcome), "{outcome:?}");
}

#[tokio::test]
async fn a_wait_is_asked_for_in_seconds_or_as_a_date() {
    let double = HttpDouble::start(Reply::answer("429 Too Many Requests", &["Retry-After: 30"], "")).await;
    let outcome = twilio_at(&double.url("")).send(&open_driver()).await;
    assert!(
        matches!(
            outcome,
            Outcome::Retry {
                after_ms: Some(30_000),
                ..
            }
        ),
        "{outcome:?}"
    );
    // Sixty seconds after the fixture's present.
    let date = "Retry-After: Thu, 09 Oct 2025 08:54:21 GMT";
    let double = HttpDouble::start(Reply::answer("429 Too Many Requests", &[date], "")).await;
    let outcome = twilio_at(&double.url("")).send(&open_driver()).await;
    assert!(
        matches!(
            outcome,
            Outcome::Retry {
                after_ms: Some(50_000..=60_000),
                ..
            }
        ),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn an_endless_body_is_not_read_to_its_end() {
    let body = format!(r#"{{"sid": "SM1", "padding": "{}"}}"#, "x".repeat(4 * 1024 * 1024));
    let double = HttpDouble::start(Reply::answer("201 Created", &[], &body)).await;
    let outcome = twilio_at(&double.url("")).send(&open_driver()).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    let double = HttpDouble::start(Reply::answer("500 Broken", &[], &body)).await;
    let outcome = twilio_at(&double.url("")).send(&open_driver()).await;
    assert!(is_down(&outcome) && outcome.error().unwrap().len() < 400, "{outcome:?}");
}

#[tokio::test]
async fn errors_hold_no_secret_and_nothing_of_the_message() {
    let echo = format!(r#"{{"code": 30007, "message": "secret-token sent: Your code is {CODE}. Really {CODE}\r\n!"}}"#);
    let double = HttpDouble::start(Reply::answer("400 Bad Request", &[], &echo)).await;
    let outcome = twilio_at(&double.url("")).send(&open_driver()).await;
    let error = outcome.error().unwrap();
    assert!(
        !error.contains(CODE) && !error.contains("secret-token") && !error.contains('\n'),
        "{error}"
    );
    assert!(error.contains("30007"), "{error}");
    let long = format!(r#"{{"code": 30007, "message": "{}"}}"#, "word ".repeat(500));
    let double = HttpDouble::start(Reply::answer("400 Bad Request", &[], &long)).await;
    let outcome = twilio_at(&double.url("")).send(&open_driver()).await;
    assert_eq!(outcome.error().unwrap().chars().count(), 301, "{outcome:?}");
}

#[tokio::test]
async fn errors_hold_nothing_of_an_override() {
    let echo = r#"{"code": 30007, "message": "Your other code is 777555, token-of-theirs"}"#;
    let double = HttpDouble::start(Reply::answer("400 Bad Request", &[], echo)).await;
    let overrides = json!({ "body": { "Body": "777555" }, "config": { "authToken": "token-of-theirs" } });
    let outcome = twilio_at(&double.url(""))
        .overriding(overrides)
        .send(&open_driver())
        .await;
    let error = outcome.error().unwrap();
    assert!(
        error.contains("30007") && !error.contains("777555") && !error.contains("token-of-theirs"),
        "{error}"
    );
}

#[tokio::test]
async fn the_address_of_a_webhook_is_not_in_errors() {
    let port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let outcome = webhook_at(&format!("http://127.0.0.1:{port}/T0/secret-path"))
        .send(&open_driver())
        .await;
    assert!(!outcome.error().unwrap().contains("secret-path"), "{outcome:?}");
}

#[tokio::test]
async fn private_hosts_of_profiles_are_refused_without_a_connection() {
    let double = HttpDouble::start(Reply::answer("200 OK", &[], "")).await;
    let port = double.address.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "LOCALHOST.",
        "0.0.0.0",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
    ] {
        let outcome = webhook_at(&format!("http://{host}:{port}/"))
            .send(&guarded_driver())
            .await;
        assert!(
            matches!(&outcome, Outcome::Refused { error } if error.contains("private")),
            "{host}: {outcome:?}"
        );
    }
    assert!(double.requests().is_empty());
    let outcome = webhook_at(&double.url("/")).send(&open_driver()).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_send_cannot_point_a_provider_at_a_private_host() {
    let double = HttpDouble::start(Reply::answer("201 Created", &[], r#"{"sid": "SM1"}"#)).await;
    let overrides = json!({ "config": { "baseUrl": double.url(""), "authToken": "mine", "accountSid": "AC9" } });
    let outcome = Sending::with("twilio")
        .overriding(overrides)
        .send(&guarded_driver())
        .await;
    assert!(
        matches!(&outcome, Outcome::Refused { error } if error.contains("private")),
        "{outcome:?}"
    );
    assert!(double.requests().is_empty());
}

#[tokio::test]
async fn redirects_that_keep_the_method_are_followed_three_times() {
    let end = HttpDouble::start(Reply::answer("200 OK", &[], "")).await;
    let location = format!("Location: {}", end.url("/end"));
    let start = HttpDouble::start(Reply::answer("307 Moved", &[&location], "")).await;
    let outcome = webhook_at(&start.url("/")).send(&open_driver()).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    let request = end.requests().remove(0).text;
    assert!(
        request.starts_with("POST /end") && request.contains("password-reset"),
        "{request}"
    );

    let round = HttpDouble::start(Reply::answer("308 Moved", &["Location: /again"], "")).await;
    let outcome = webhook_at(&round.url("/")).send(&open_driver()).await;
    assert!(
        matches!(&outcome, Outcome::Refused { error } if error.contains("redirects")),
        "{outcome:?}"
    );
    assert_eq!(round.requests().len(), 4);
}

#[tokio::test]
async fn redirects_that_would_lose_the_message_are_not_followed() {
    let end = HttpDouble::start(Reply::answer("200 OK", &[], "")).await;
    for status in ["301 Moved", "302 Found", "303 See Other"] {
        let location = format!("Location: {}", end.url("/"));
        let start = HttpDouble::start(Reply::answer(status, &[&location], "")).await;
        let outcome = webhook_at(&start.url("/")).send(&open_driver()).await;
        assert!(
            matches!(&outcome, Outcome::Refused { error } if error.contains("not followed")),
            "{outcome:?}"
        );
    }
    assert!(end.requests().is_empty());
}

#[tokio::test]
async fn a_providers_redirect_does_not_carry_credentials_away() {
    let end = HttpDouble::start(Reply::answer("201 Created", &[], r#"{"sid": "SM1"}"#)).await;
    let location = format!("Location: {}", end.url("/"));
    let start = HttpDouble::start(Reply::answer("307 Moved", &[&location], "")).await;
    let outcome = twilio_at(&start.url("")).send(&open_driver()).await;
    assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
    assert!(end.requests().is_empty());
}

#[tokio::test]
async fn a_header_that_cannot_be_one_is_refused_without_a_connection() {
    let double = HttpDouble::start(Reply::answer("200 OK", &[], "")).await;
    for headers in [
        json!({ "X-A": "b\r\nX-Evil: 1" }),
        json!({ "X A": "b" }),
        json!({ "": "b" }),
    ] {
        let mut sending = webhook_at("");
        sending.address = Address::Webhook(object(json!({ "url": double.url("/"), "headers": headers })));
        let outcome = sending.send(&open_driver()).await;
        assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
    }
    assert!(double.requests().is_empty());
}

#[tokio::test]
async fn entries_of_the_feed_are_not_called() {
    assert!(matches!(
        Sending::with("inbox").send(&open_driver()).await,
        Outcome::Refused { .. }
    ));
}
