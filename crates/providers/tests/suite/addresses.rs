//! Where providers reach a person.

use serde_json::{Value, json};
use tidings_providers::{AddressProblem, Person, Registry};
use tidings_types::{Address, Settings};

use crate::support::fixture::object;

fn addresses(provider: &str, profile: Value, settings: Value) -> Result<Vec<Address>, AddressProblem> {
    let profile = object(profile);
    let user_id = profile.get("user_id").and_then(Value::as_str);
    let person = Person {
        user_id,
        profile: &profile,
        tokens: &[],
        default_region: "US",
    };
    Registry::builtin()
        .get(provider)
        .unwrap()
        .addresses(&person, &Settings::new(object(settings)))
}

#[test]
fn mails_go_to_the_profiles_address_under_its_name() {
    for provider in ["smtp", "sendgrid"] {
        let found = addresses(
            provider,
            json!({ "email": "ada@example.org", "given_name": "Ada" }),
            json!({}),
        )
        .unwrap();
        assert_eq!(
            found,
            [Address::Email {
                email: "ada@example.org".to_owned(),
                name: Some("Ada".to_owned())
            }]
        );
    }
}

#[test]
fn texts_go_to_the_number_in_international_form() {
    let found = addresses("twilio", json!({ "phone_number": "123-456-7890" }), json!({})).unwrap();
    assert_eq!(found, [Address::Phone("+11234567890".to_owned())]);
}

#[test]
fn the_feed_needs_an_id() {
    assert_eq!(
        addresses("courier", json!({ "user_id": "ada" }), json!({})).unwrap(),
        [Address::User("ada".to_owned())]
    );
    assert!(matches!(
        addresses("inbox", json!({}), json!({})),
        Err(AddressProblem::Missing(_))
    ));
}

#[test]
fn webhooks_are_in_the_profile_or_in_the_account() {
    let profile = json!({ "webhook": { "url": "https://example.org/hook", "method": "PUT" } });
    let found = addresses("webhook", profile.clone(), json!({})).unwrap();
    assert_eq!(found, [Address::Webhook(object(profile["webhook"].clone()))]);
    let own = addresses("webhook", json!({}), json!({ "url": "https://ops.example.com/in" })).unwrap();
    assert_eq!(
        own,
        [Address::Webhook(object(json!({ "url": "https://ops.example.com/in" })))]
    );
}

#[test]
fn an_absent_address_is_missing() {
    for (provider, profile) in [
        ("smtp", json!({})),
        ("smtp", json!({ "email": null })),
        ("sendgrid", json!({ "email": " " })),
        ("twilio", json!({ "email": "ada@example.org" })),
        ("webhook", json!({})),
        ("webhook", json!({ "webhook": {} })),
    ] {
        assert!(
            matches!(
                addresses(provider, profile.clone(), json!({})),
                Err(AddressProblem::Missing(_))
            ),
            "{profile}"
        );
    }
}

#[test]
fn an_address_that_cannot_be_one_is_invalid() {
    for (provider, profile) in [
        ("smtp", json!({ "email": "ada" })),
        ("smtp", json!({ "email": ["ada@example.org"] })),
        (
            "sendgrid",
            json!({ "email": "ada@example.org\r\nBcc: eve@example.org" }),
        ),
        ("twilio", json!({ "phone_number": "12" })),
        ("twilio", json!({ "phone_number": true })),
        ("webhook", json!({ "webhook": { "url": "hook" } })),
        ("webhook", json!({ "webhook": { "url": "gopher://example.org" } })),
        (
            "webhook",
            json!({ "webhook": { "url": "https://example.org", "method": "DELETE" } }),
        ),
    ] {
        assert!(
            matches!(
                addresses(provider, profile.clone(), json!({})),
                Err(AddressProblem::Invalid(_))
            ),
            "{profile}"
        );
    }
}
