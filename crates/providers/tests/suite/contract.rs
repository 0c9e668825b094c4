//! What every provider must keep to: the registry is walked, so a new provider is held to it from its first day.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tidings_providers::{CatalogFilter, Outgoing, Registry, SettingKind, prepare, validate_settings};
use tidings_types::{Channel, ErrorKind, Object};

use crate::support::fixture::{Sending, account, object};

#[test]
fn descriptions_are_sane() {
    let mut keys = BTreeSet::new();
    for provider in Registry::builtin().list() {
        let spec = provider.spec();
        assert!(keys.insert(spec.key), "{} is there twice", spec.key);
        assert!(
            spec.key
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        );
        assert!(!spec.name.is_empty() && spec.description.ends_with('.'), "{}", spec.key);
        let mut names = BTreeSet::new();
        let mut optional_seen = false;
        for setting in spec.settings {
            assert!(
                names.insert(setting.name),
                "{}.{} is there twice",
                spec.key,
                setting.name
            );
            assert!(
                setting
                    .name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
                "{}",
                setting.name
            );
            assert!(
                setting.doc.ends_with('.'),
                "{}.{} is not documented in a sentence",
                spec.key,
                setting.name
            );
            assert!(
                !(setting.required && optional_seen),
                "{}: required settings come first",
                spec.key
            );
            optional_seen |= !setting.required;
            let looks_secret = ["password", "token", "secret", "api_key", "webhook_url"]
                .iter()
                .any(|word| setting.name.contains(word));
            assert_eq!(setting.secret, looks_secret, "{}.{}", spec.key, setting.name);
            if let SettingKind::Enum(values) = setting.kind {
                assert!(values.len() > 1, "{}.{}", spec.key, setting.name);
            }
        }
        assert!(!names.contains("rate_limit"), "every account has it already");
    }
}

#[test]
fn accounts_that_work_are_valid_and_each_required_setting_is_missed() {
    for provider in Registry::builtin().list() {
        let spec = provider.spec();
        let whole = object(account(spec.key));
        validate_settings(spec, &whole).unwrap_or_else(|error| panic!("{}: {error}", spec.key));
        for setting in spec.settings.iter().filter(|setting| setting.required) {
            for missing in [None, Some(Value::Null), Some(json!(""))] {
                let mut given = whole.clone();
                given.remove(setting.name);
                if let Some(value) = missing {
                    given.insert(setting.name.to_owned(), value);
                }
                let error = validate_settings(spec, &given).expect_err(setting.name);
                assert_eq!(error.kind(), ErrorKind::Invalid);
                assert!(error.message().contains(setting.name), "{}: {error}", spec.key);
            }
        }
    }
}

#[test]
fn unknown_settings_and_wrong_types_are_refused_by_name() {
    for provider in Registry::builtin().list() {
        let spec = provider.spec();
        let mut given = object(account(spec.key));
        given.insert("colour".to_owned(), json!("red"));
        let error = validate_settings(spec, &given).unwrap_err();
        assert!(
            error.kind() == ErrorKind::Invalid && error.message().contains("settings.colour"),
            "{error}"
        );
        for setting in spec.settings {
            let mut given = object(account(spec.key));
            given.insert(setting.name.to_owned(), json!(["no", "such", "type"]));
            let error = validate_settings(spec, &given).expect_err(setting.name);
            assert!(error.message().contains(setting.name), "{}: {error}", spec.key);
        }
    }
}

#[test]
fn the_same_call_always_gives_the_same_request() {
    for provider in Registry::builtin().list() {
        let sending = Sending::with(provider.spec().key);
        match (sending.outgoing().unwrap(), sending.outgoing().unwrap()) {
            (Outgoing::Http(one), Outgoing::Http(two)) => {
                assert_eq!(
                    (&one.method, &one.url, &one.headers),
                    (&two.method, &two.url, &two.headers)
                );
                assert_eq!(one.body, two.body);
            }
            (Outgoing::Smtp(one), Outgoing::Smtp(two)) => {
                assert_eq!(
                    (&one.mail, &one.message_id, one.date),
                    (&two.mail, &two.message_id, two.date)
                );
            }
            (Outgoing::Feed, Outgoing::Feed) => {}
            (one, two) => panic!("{one:?} and {two:?}"),
        }
    }
}

#[test]
fn printing_what_goes_out_shows_no_secret_and_no_content() {
    for provider in Registry::builtin().list() {
        let spec = provider.spec();
        let sending = Sending::with(spec.key);
        let printed =
            sending.call(|provider, call| format!("{:?} {:?}", prepare(provider, call, &Object::new()), call.settings));
        for name in spec.secrets() {
            if let Some(secret) = sending.settings.text(name) {
                assert!(!printed.contains(&secret), "{}.{name} in {printed}", spec.key);
            }
        }
        assert!(!printed.contains(crate::support::fixture::CODE), "{printed}");
        assert!(!printed.contains("secret-path"), "{printed}");
        assert!(!printed.contains("c2VjcmV0"), "{printed}");
    }
}

#[test]
fn content_of_another_channel_is_refused() {
    for provider in Registry::builtin()
        .list()
        .filter(|provider| provider.spec().channel != Channel::Inbox)
    {
        let mut sending = Sending::with(provider.spec().key);
        sending.rendered = crate::support::fixture::rendered(Channel::Inbox);
        assert!(sending.outgoing().is_err(), "{}", provider.spec().key);
    }
}

#[test]
fn the_feed_answers_to_both_its_names_and_cannot_be_configured() {
    let registry = Registry::builtin();
    for name in ["inbox", "courier"] {
        assert_eq!(registry.get(name).unwrap().spec().key, "inbox");
        assert!(registry.configurable(name).is_err());
    }
    assert!(
        registry
            .configurable("outbox")
            .unwrap_err_text()
            .contains("without configuration")
    );
    assert!(registry.configurable("pigeon").unwrap_err_text().contains("pigeon"));
    assert!(registry.configurable("smtp").is_ok());
}

trait ErrorText {
    fn unwrap_err_text(self) -> String;
}

impl<T> ErrorText for tidings_types::Result<T> {
    fn unwrap_err_text(self) -> String {
        self.err().map(|error| error.message().to_owned()).unwrap()
    }
}

#[test]
fn the_catalog_is_filtered_by_keys_name_and_channel() {
    let registry = Registry::builtin();
    let keys =
        |filter: CatalogFilter<'_>| -> Vec<_> { registry.catalog(&filter).iter().map(|spec| spec.key).collect() };
    assert_eq!(
        keys(CatalogFilter::default()),
        [
            "smtp", "sendgrid", "twilio", "slack", "msteams", "discord", "whatsapp", "inbox", "webhook"
        ]
    );
    assert_eq!(
        keys(CatalogFilter {
            keys: Some(vec!["courier", "twilio"]),
            ..Default::default()
        }),
        ["twilio", "inbox"]
    );
    assert_eq!(
        keys(CatalogFilter {
            name: Some("GRID"),
            ..Default::default()
        }),
        ["sendgrid"]
    );
    assert_eq!(
        keys(CatalogFilter {
            channel: Some(Channel::Email),
            ..Default::default()
        }),
        ["smtp", "sendgrid"]
    );
}
