//! What answers mean, as the vendors document them.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tidings_providers::{Registry, Response};
use tidings_types::Outcome;

use crate::support::fixture::NOW;

fn outcome(provider: &str, status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Outcome {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect();
    let status = StatusCode::from_u16(status).unwrap();
    let response = Response {
        status,
        headers,
        body: body.as_bytes().to_vec(),
        received: NOW,
    };
    Registry::builtin().get(provider).unwrap().outcome(&response)
}

/// The kind of an outcome, without its words.
fn kind(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted { .. } => "accepted",
        Outcome::Retry { .. } => "retry",
        Outcome::ProviderDown { permanent: false, .. } => "down",
        Outcome::ProviderDown { permanent: true, .. } => "broken",
        Outcome::AddressDead { .. } => "dead",
        Outcome::Refused { .. } => "refused",
        Outcome::Unknown { .. } => "unknown",
    }
}

#[test]
fn statuses_mean_the_same_everywhere() {
    for provider in ["sendgrid", "twilio", "webhook"] {
        for (status, expected) in [
            (301, "refused"),
            (400, "refused"),
            (401, "broken"),
            (403, "broken"),
            (404, "refused"),
            (408, "retry"),
            (413, "refused"),
            (422, "refused"),
            (429, "retry"),
            (500, "down"),
            (502, "down"),
            (503, "down"),
            (504, "down"),
        ] {
            let outcome = outcome(provider, status, &[], "");
            assert_eq!(kind(&outcome), expected, "{provider} {status}");
            assert!(outcome.error().unwrap().contains(&status.to_string()), "{outcome:?}");
        }
    }
}

#[test]
fn a_wait_that_is_asked_for_is_passed_on() {
    for provider in ["sendgrid", "twilio", "webhook"] {
        let outcome = outcome(provider, 429, &[("retry-after", "7")], "");
        assert!(
            matches!(
                outcome,
                Outcome::Retry {
                    after_ms: Some(7000),
                    ..
                }
            ),
            "{provider}: {outcome:?}"
        );
    }
}

#[test]
fn twilio_success_needs_a_sid() {
    let body = r#"{"sid": "SM304417148af644198a0efaceebc965a5", "status": "queued"}"#;
    let Outcome::Accepted { id, reference } = outcome("twilio", 201, &[], body) else {
        panic!("not accepted")
    };
    assert_eq!(id.as_deref(), Some("SM304417148af644198a0efaceebc965a5"));
    assert_eq!(reference["sid"], "SM304417148af644198a0efaceebc965a5");
    for cut in ["", "{", "{}", r#"{"sid": null}"#, "<html>"] {
        assert_eq!(kind(&outcome("twilio", 200, &[], cut)), "unknown", "{cut}");
    }
}

#[test]
fn twilio_codes_decide() {
    for (status, code, expected) in [
        (400, 21211, "dead"),
        (400, 21614, "dead"),
        (400, 21610, "dead"),
        (403, 21610, "dead"),
        (401, 20003, "broken"),
        (400, 21606, "broken"),
        (429, 20429, "retry"),
        (400, 20429, "retry"),
        (400, 14107, "retry"),
        (400, 21617, "refused"),
        (400, 21408, "refused"),
    ] {
        let body = format!(r#"{{"code": {code}, "message": "No.", "status": {status}}}"#);
        let outcome = outcome("twilio", status, &[], &body);
        assert_eq!(kind(&outcome), expected, "{status} {code}");
        assert!(outcome.error().unwrap().contains(&code.to_string()), "{outcome:?}");
    }
    assert!(
        outcome("twilio", 400, &[], r#"{"code": 21610}"#)
            .error()
            .unwrap()
            .contains("opted out")
    );
}

#[test]
fn sendgrid_gives_its_id_in_a_header() {
    let Outcome::Accepted { id, reference } = outcome("sendgrid", 202, &[("x-message-id", "14c5d75ce93")], "") else {
        panic!("not accepted")
    };
    assert_eq!(id.as_deref(), Some("14c5d75ce93"));
    assert_eq!(reference["x-message-id"], "14c5d75ce93");
    assert_eq!(kind(&outcome("sendgrid", 202, &[], "")), "accepted");
}

#[test]
fn sendgrid_names_the_field_at_fault() {
    for (field, expected) in [
        ("personalizations.0.to.0.email", "dead"),
        ("personalizations.0.to", "dead"),
        ("from.email", "refused"),
        ("content", "refused"),
        ("personalizations.0.cc", "refused"),
    ] {
        let body = format!(r#"{{"errors": [{{"message": "Does not contain a valid address.", "field": "{field}"}}]}}"#);
        let outcome = outcome("sendgrid", 400, &[], &body);
        assert_eq!(kind(&outcome), expected, "{field}");
        assert!(outcome.error().unwrap().contains("valid address"), "{outcome:?}");
    }
}

#[test]
fn a_webhooks_words_are_not_repeated() {
    assert_eq!(kind(&outcome("webhook", 204, &[], "")), "accepted");
    let outcome = outcome("webhook", 500, &[], "you sent: your code is 493021");
    assert_eq!(outcome.error(), Some("HTTP 500 Internal Server Error"));
}
