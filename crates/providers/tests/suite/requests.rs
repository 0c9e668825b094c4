//! What providers would send, written by hand from the vendors' documentation.

use serde_json::json;
use tidings_providers::{Guard, Outgoing, SmtpTls};
use tidings_types::rendered::{Attachment, Email, Mailbox};
use tidings_types::{Address, ExposeSecret, Rendered};

use crate::support::fixture::{NOW, Sending, form_of, json_of, object};

/// The documented example of creating a message:
/// `curl -X POST https://api.twilio.com/2010-04-01/Accounts/$SID/Messages.json --data-urlencode "From=.." -u $SID:$TOKEN`.
#[test]
fn twilio_creates_a_message() {
    let request = Sending::with("twilio").request();
    assert_eq!(request.method, "POST");
    assert_eq!(
        request.url.as_str(),
        "https://api.twilio.com/2010-04-01/Accounts/AC123/Messages.json"
    );
    // base64 of "AC123:secret-token"
    assert_eq!(request.header("authorization"), Some("Basic QUMxMjM6c2VjcmV0LXRva2Vu"));
    let fields = [
        ("To", "+15558675310"),
        ("Body", "Your code is 493021."),
        ("From", "+15017122661"),
    ];
    assert_eq!(form_of(&request), fields);
    assert_eq!(request.guard, Guard::Operator);
}

#[test]
fn twilio_prefers_a_messaging_service_and_its_own_base() {
    let request = Sending::with("twilio")
        .set("messaging_service_sid", json!("MG9752274e9e519418a7406176694466fa"))
        .set("base_url", json!("http://127.0.0.1:9/gateway/"))
        .request();
    assert_eq!(
        request.url.as_str(),
        "http://127.0.0.1:9/gateway/2010-04-01/Accounts/AC123/Messages.json"
    );
    let fields = form_of(&request);
    assert!(
        fields.contains(&("MessagingServiceSid", "MG9752274e9e519418a7406176694466fa")),
        "{fields:?}"
    );
    assert!(!fields.iter().any(|(name, _)| *name == "From"));
}

#[test]
fn a_setting_cannot_leave_its_place_in_a_path() {
    let request = Sending::with("twilio")
        .set("account_sid", json!("../../x?y#z"))
        .request();
    assert_eq!(
        request.url.path(),
        "/2010-04-01/Accounts/..%2F..%2Fx%3Fy%23z/Messages.json"
    );
}

fn full_mail() -> Email {
    Email {
        subject: "Hello, World!".to_owned(),
        html: "<p>Hello</p>".to_owned(),
        text: "Hello".to_owned(),
        from: None,
        reply_to: Some(Mailbox {
            email: "help@example.com".to_owned(),
            name: Some("Help".to_owned()),
        }),
        cc: vec![
            Mailbox {
                email: "cc@example.com".to_owned(),
                name: None,
            },
            Mailbox {
                email: "ADA@example.org".to_owned(),
                name: None,
            },
        ],
        bcc: vec![Mailbox {
            email: "bcc@example.com".to_owned(),
            name: None,
        }],
        headers: vec![
            ("List-Unsubscribe".to_owned(), "<https://example.com/u/1>".to_owned()),
            ("Subject".to_owned(), "reserved".to_owned()),
        ],
        attachments: vec![Attachment {
            filename: "a.txt".to_owned(),
            content_type: "text/plain".to_owned(),
            data: "aGk=".to_owned(),
        }],
    }
}

#[test]
fn sendgrid_sends_a_mail() {
    let mut sending = Sending::with("sendgrid").set("ip_pool_name", json!("codes"));
    sending.rendered = Rendered::Email(full_mail());
    let request = sending.request();
    assert_eq!(request.method, "POST");
    assert_eq!(request.url.as_str(), "https://api.sendgrid.com/v3/mail/send");
    assert_eq!(request.header("authorization"), Some("Bearer SG.secret-key"));
    let expected = json!({
        "personalizations": [{
            "to": [{ "email": "ada@example.org", "name": "Ada" }],
            "cc": [{ "email": "cc@example.com" }],
            "bcc": [{ "email": "bcc@example.com" }],
            "custom_args": { "message_id": "1-68e77881-0123456789abcdef01234567" },
        }],
        "from": { "email": "no-reply@example.com", "name": "Example" },
        "reply_to": { "email": "help@example.com", "name": "Help" },
        "subject": "Hello, World!",
        "content": [{ "type": "text/plain", "value": "Hello" }, { "type": "text/html", "value": "<p>Hello</p>" }],
        "attachments": [{ "content": "aGk=", "filename": "a.txt", "type": "text/plain", "disposition": "attachment" }],
        "headers": { "List-Unsubscribe": "<https://example.com/u/1>" },
        "ip_pool_name": "codes",
    });
    assert_eq!(json_of(&request), &expected);
}

#[test]
fn sendgrid_is_not_told_of_empty_parts() {
    let mut sending = Sending::with("sendgrid");
    sending.rendered = Rendered::Email(Email {
        subject: "s".to_owned(),
        text: "t".to_owned(),
        ..Email::default()
    });
    assert_eq!(
        json_of(&sending.request())["content"],
        json!([{ "type": "text/plain", "value": "t" }])
    );
    sending.rendered = Rendered::Email(Email::default());
    assert!(sending.outgoing().is_err());
}

#[test]
fn a_webhook_gets_the_message_and_the_profile_as_sent() {
    let request = Sending::with("webhook").request();
    assert_eq!((request.method.as_str(), request.guard), ("POST", Guard::Person));
    assert_eq!(request.url.as_str(), "https://hooks.example.org/T0/secret-path");
    assert_eq!(request.headers, [("idempotency-key".to_owned(), "key-1".to_owned())]);
    let expected = json!({
        "event": "password-reset",
        "recipient": "ada",
        "profile": { "user_id": "ada" },
        "data": { "code": "493021" },
        "messageId": "1-68e77881-0123456789abcdef01234567",
        "content": {
            "title": "Reset your password",
            "body": "Your code is 493021.",
            "blocks": [{ "type": "text", "text": "Your code is 493021." }],
        },
    });
    assert_eq!(json_of(&request), &expected);
}

#[test]
fn a_profiles_webhook_chooses_method_headers_authentication_and_profile() {
    let mut sending = Sending::with("webhook");
    sending.address = Address::Webhook(object(json!({
        "url": "https://hooks.example.org/", "method": "put", "headers": { "X-Team": "blue", "X-Number": 7 },
        "authentication": { "mode": "basic", "username": "user", "password": "pass" }, "profile": "expanded",
    })));
    let request = sending.request();
    assert_eq!(request.method, "PUT");
    assert_eq!(
        (request.header("x-team"), request.header("x-number")),
        (Some("blue"), Some("7"))
    );
    assert_eq!(request.header("authorization"), Some("Basic dXNlcjpwYXNz"));
    assert_eq!(
        json_of(&request)["profile"],
        json!({ "user_id": "ada", "locale": "en" })
    );
}

#[test]
fn an_accounts_own_webhook_is_the_operators() {
    let request = Sending::with("webhook")
        .set("url", json!("http://10.0.0.7/in"))
        .set("method", json!("PUT"))
        .set("authentication", json!("bearer"))
        .set("token", json!("t0ken"))
        .request();
    assert_eq!(
        (request.url.as_str(), request.method.as_str()),
        ("http://10.0.0.7/in", "PUT")
    );
    assert_eq!(
        (request.guard, request.header("authorization")),
        (Guard::Operator, Some("Bearer t0ken"))
    );
}

#[test]
fn an_accounts_token_does_not_go_to_a_profiles_webhook() {
    let request = Sending::with("webhook")
        .set("authentication", json!("bearer"))
        .set("token", json!("t0ken"))
        .request();
    assert_eq!((request.guard, request.header("authorization")), (Guard::Person, None));
}

#[test]
fn a_path_in_a_profile_is_called_under_the_accounts_base() {
    for (path, url, guard) in [
        ("/hook", "http://10.0.0.7/hook", Guard::Operator),
        ("//evil.example.com/hook", "http://evil.example.com/hook", Guard::Person),
        (
            "https://other.example.com/",
            "https://other.example.com/",
            Guard::Person,
        ),
    ] {
        let mut sending = Sending::with("webhook").set("base_url", json!("http://10.0.0.7"));
        sending.address = Address::Webhook(object(json!({ "url": path })));
        let request = sending.request();
        assert_eq!((request.url.as_str(), request.guard), (url, guard), "{path}");
    }
}

#[test]
fn smtp_submits_to_the_accounts_server() {
    let Ok(Outgoing::Smtp(submission)) = Sending::with("smtp").outgoing() else {
        panic!("not SMTP")
    };
    assert_eq!((submission.host.as_str(), submission.port), ("mail.example.com", 587));
    assert_eq!(
        (submission.tls, submission.guard),
        (SmtpTls::Opportunistic, Guard::Operator)
    );
    let (user, password) = submission.credentials.unwrap();
    assert_eq!((user.as_str(), password.expose_secret()), ("mailer", "correct horse"));
    assert_eq!(submission.message_id, "1-68e77881-0123456789abcdef01234567@example.com");
    assert_eq!(submission.date, NOW);
}
