//! Settings beyond what the contract asks of all.

use serde_json::{Value, json};
use tidings_providers::{RateLimit, Registry, validate_settings};
use tidings_types::{Result, Settings};

use crate::support::fixture::{account, object};

fn validate(provider: &str, changes: Value) -> Result<Settings> {
    let mut given = object(account(provider));
    given.extend(object(changes));
    validate_settings(Registry::builtin().get(provider).unwrap().spec(), &given)
}

#[test]
fn values_come_out_in_their_declared_types() {
    let settings = validate("smtp", json!({ "port": "2525", "secure": "true", "from_name": 7 })).unwrap();
    assert_eq!(settings.get("port"), Some(&json!(2525)));
    assert_eq!(settings.get("secure"), Some(&json!(true)));
    assert_eq!(settings.get("from_name"), Some(&json!("7")));
}

#[test]
fn values_that_cannot_be_meant_are_refused() {
    for (provider, changes, name) in [
        ("smtp", json!({ "port": 0 }), "settings.port"),
        ("smtp", json!({ "port": 65_536 }), "settings.port"),
        ("smtp", json!({ "port": -1 }), "settings.port"),
        ("smtp", json!({ "port": 25.5 }), "settings.port"),
        ("smtp", json!({ "secure": "maybe" }), "settings.secure"),
        ("smtp", json!({ "host": "not a host" }), "settings.host"),
        ("smtp", json!({ "from_address": "nobody" }), "settings.from_address"),
        (
            "smtp",
            json!({ "from_name": "a\r\nBcc: eve@example.com" }),
            "settings.from_name",
        ),
        ("smtp", json!({ "username": null }), "settings.username"),
        ("sendgrid", json!({ "from_address": "@" }), "settings.from_address"),
        (
            "sendgrid",
            json!({ "base_url": "ftp://example.com" }),
            "settings.base_url",
        ),
        ("sendgrid", json!({ "base_url": "example.com" }), "settings.base_url"),
        ("twilio", json!({ "from": null }), "settings.from"),
        ("webhook", json!({ "method": "GET" }), "settings.method"),
        ("webhook", json!({ "url": "file:///etc/passwd" }), "settings.url"),
    ] {
        let error = validate(provider, changes.clone()).expect_err(&changes.to_string());
        assert!(error.message().starts_with(name), "{changes}: {error}");
    }
}

#[test]
fn twilio_takes_a_service_or_a_sender() {
    assert!(validate("twilio", json!({ "from": null, "messaging_service_sid": "MG1" })).is_ok());
    assert!(validate("twilio", json!({ "messaging_service_sid": "MG1" })).is_ok());
}

#[test]
fn hosts_may_be_names_or_addresses() {
    for host in ["localhost", "127.0.0.1", "::1", "smtp.example.com", "mail_relay"] {
        assert!(validate("smtp", json!({ "host": host })).is_ok(), "{host}");
    }
}

#[test]
fn rate_limits_have_a_rate_and_a_period_within_reason() {
    for (rate, period, interval) in [
        (1000.0, "second", 1.0),
        (60.0, "minute", 1000.0),
        (1.0 / 12.0, "hour", 43_200_000.0),
    ] {
        let settings = validate("twilio", json!({ "rate_limit": { "rate": rate, "period": period } })).unwrap();
        let limit = RateLimit::of(&settings).unwrap();
        assert!((limit.interval_ms() - interval).abs() < 1e-3, "{rate} per {period}");
    }
    for wrong in [
        json!({ "rate": 0, "period": "second" }),
        json!({ "rate": -1, "period": "second" }),
        json!({ "rate": "5", "period": "second" }),
        json!({ "rate": 1001, "period": "second" }),
        json!({ "rate": 0.08, "period": "hour" }),
        json!({ "rate": 1, "period": "day" }),
        json!({ "rate": 1 }),
        json!(5),
    ] {
        let error = validate("twilio", json!({ "rate_limit": wrong })).unwrap_err();
        assert_eq!(error.code(), Some("InvalidRateLimit"), "{wrong}");
    }
    let none = validate("twilio", json!({ "rate_limit": null })).unwrap();
    assert_eq!(RateLimit::of(&none), None);
}
