//! What a send changes about one provider's call.

use serde_json::json;
use tidings_providers::{Guard, Outgoing, Reject, SmtpSubmission};
use tidings_types::ExposeSecret;

use crate::support::fixture::{Sending, form_of, json_of};

fn submission(sending: &Sending) -> Box<SmtpSubmission> {
    match sending.outgoing() {
        Ok(Outgoing::Smtp(submission)) => submission,
        other => panic!("not SMTP: {other:?}"),
    }
}

#[test]
fn a_body_is_merged_deeply_into_json() {
    let request = Sending::with("sendgrid")
        .overriding(json!({ "body": {
            "tracking_settings": { "click_tracking": { "enable": false } },
            "from": { "name": "Other" },
            "subject": null,
        }}))
        .request();
    let body = json_of(&request);
    assert_eq!(body["tracking_settings"]["click_tracking"]["enable"], false);
    assert_eq!(
        body["from"],
        json!({ "email": "no-reply@example.com", "name": "Other" })
    );
    assert!(body.get("subject").is_none());
}

#[test]
fn a_body_is_merged_into_a_form() {
    let request = Sending::with("twilio")
        .overriding(
            json!({ "body": { "Body": "other", "MediaUrl": ["https://a.example/1", "https://a.example/2"],
            "ValidityPeriod": 60, "From": null } }),
        )
        .request();
    let mut fields = form_of(&request);
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            ("Body", "other"),
            ("MediaUrl", "https://a.example/1"),
            ("MediaUrl", "https://a.example/2"),
            ("To", "+15558675310"),
            ("ValidityPeriod", "60"),
        ]
    );
}

#[test]
fn config_replaces_settings_in_either_case() {
    for config in [json!({ "apiKey": "SG.other" }), json!({ "api_key": "SG.other" })] {
        let request = Sending::with("sendgrid")
            .overriding(json!({ "config": config }))
            .request();
        assert_eq!(request.header("authorization"), Some("Bearer SG.other"));
        assert_eq!(request.guard, Guard::Operator);
    }
}

#[test]
fn other_keys_are_settings_or_else_parts_of_the_body() {
    let request = Sending::with("sendgrid")
        .overriding(json!({ "ip_pool_name": "codes", "categories": ["reset"] }))
        .request();
    assert_eq!(json_of(&request)["ip_pool_name"], "codes");
    assert_eq!(json_of(&request)["categories"], json!(["reset"]));
    let request = Sending::with("twilio")
        .overriding(json!({ "messagingServiceSid": "MG1" }))
        .request();
    assert!(form_of(&request).contains(&("MessagingServiceSid", "MG1")));
}

#[test]
fn headers_method_and_url_replace_those_of_a_webhook() {
    let request = Sending::with("webhook")
        .overriding(json!({ "url": "https://other.example.com/x", "method": "PUT", "headers": { "X-A": "b" } }))
        .request();
    assert_eq!(
        (request.url.as_str(), request.method.as_str()),
        ("https://other.example.com/x", "PUT")
    );
    assert_eq!((request.header("x-a"), request.guard), (Some("b"), Guard::Person));
    for wrong in [
        json!({ "url": "nowhere" }),
        json!({ "url": 5 }),
        json!({ "method": "DELETE" }),
    ] {
        assert!(matches!(
            Sending::with("webhook").overriding(wrong).outgoing(),
            Err(Reject::Message(_))
        ));
    }
}

#[test]
fn an_accounts_secrets_do_not_follow_an_override_to_another_host() {
    for overrides in [
        json!({ "url": "https://evil.example.com/" }),
        json!({ "baseUrl": "https://evil.example.com/" }),
        json!({ "config": { "base_url": "https://evil.example.com/" } }),
        json!({ "config": { "url": "https://evil.example.com/" } }),
    ] {
        for provider in ["sendgrid", "twilio"] {
            let Err(Reject::Message(why)) = Sending::with(provider).overriding(overrides.clone()).outgoing() else {
                panic!("{provider}: {overrides} was not refused")
            };
            assert!(why.contains("must bring its own credentials"), "{why}");
        }
    }
    let own = json!({ "url": "https://evil.example.com/", "config": { "apiKey": "theirs" } });
    let request = Sending::with("sendgrid").overriding(own).request();
    assert_eq!(
        (request.header("authorization"), request.guard),
        (Some("Bearer theirs"), Guard::Person)
    );
}

#[test]
fn an_accounts_webhook_secret_does_not_follow_either() {
    let request = Sending::with("webhook")
        .set("url", json!("https://ops.example.com/in"))
        .set("authentication", json!("bearer"))
        .set("token", json!("t0ken"))
        .overriding(json!({ "url": "https://evil.example.com/" }))
        .request();
    assert_eq!((request.header("authorization"), request.guard), (None, Guard::Person));
}

#[test]
fn the_same_host_by_another_path_stays_the_operators() {
    let request = Sending::with("sendgrid")
        .overriding(json!({ "url": "https://api.sendgrid.com/v3/other" }))
        .request();
    assert_eq!(request.url.path(), "/v3/other");
    assert_eq!(
        (request.header("authorization"), request.guard),
        (Some("Bearer SG.secret-key"), Guard::Operator)
    );
}

#[test]
fn smtp_takes_credentials_and_parts_of_the_mail() {
    let sending = Sending::with("smtp").overriding(json!({
        "config": { "auth": { "user": "other", "pass": "word" } },
        "headers": { "X-Campaign": "spring" },
        "body": { "subject": "Other", "replyTo": "Help <help@example.com>", "bcc": ["b@example.com"],
            "attachments": [{ "filename": "a.txt", "content": "hi" }, { "filename": "b.bin", "content": "aGk=", "encoding": "base64" }] },
    }));
    let submission = submission(&sending);
    let (user, password) = submission.credentials.unwrap();
    assert_eq!(
        (user.as_str(), password.expose_secret(), submission.guard),
        ("other", "word", Guard::Operator)
    );
    let mail = submission.mail;
    assert_eq!(mail.subject, "Other");
    let reply_to = mail.reply_to.unwrap();
    assert_eq!(
        (reply_to.email.as_str(), reply_to.name.as_deref()),
        ("help@example.com", Some("Help"))
    );
    assert_eq!(mail.bcc[0].email, "b@example.com");
    assert_eq!(mail.headers, [("X-Campaign".to_owned(), "spring".to_owned())]);
    assert!(
        mail.attachments.iter().all(|file| file.data == "aGk="),
        "{:?}",
        mail.attachments
    );
}

#[test]
fn smtp_to_another_server_needs_its_own_login() {
    let elsewhere = Sending::with("smtp").overriding(json!({ "config": { "host": "evil.example.com" } }));
    assert!(matches!(elsewhere.outgoing(), Err(Reject::Message(_))));
    let own = json!({ "config": { "host": "evil.example.com", "auth": { "user": "u", "pass": "p" } } });
    let sending = Sending::with("smtp").overriding(own);
    assert_eq!(submission(&sending).guard, Guard::Person);
}

#[test]
fn a_mails_lines_cannot_be_broken_by_an_override() {
    for body in [
        json!({ "subject": "a\r\nBcc: eve@example.com" }),
        json!({ "headers": { "X-A": "b\r\nBcc: eve@example.com" } }),
        json!({ "headers": { "X-A\r\nBcc": "b" } }),
        json!({ "replyTo": "Eve\r\nBcc: eve@example.com <eve@example.com>" }),
        json!({ "from": "nobody" }),
        json!({ "colour": "red" }),
    ] {
        let sending = Sending::with("smtp").overriding(json!({ "body": body }));
        assert!(matches!(sending.outgoing(), Err(Reject::Message(_))), "{body}");
    }
}

#[test]
fn what_an_account_lacks_is_not_blamed_on_an_override() {
    let sending = Sending::with("sendgrid")
        .set("api_key", json!(null))
        .overriding(json!({ "body": { "categories": [] } }));
    assert!(matches!(sending.outgoing(), Err(Reject::Account(_))));
}
