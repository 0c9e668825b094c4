//! One message for each channel, accounts that work, and a way to make calls of them.

use std::time::Duration;

use serde_json::{Value, json};
use tidings_providers::{Body, Call, CallContext, Driver, Outgoing, OutgoingRequest, Provider, Registry, prepare};
use tidings_types::rendered::{Chat, Email, Inbox, Sms, Webhook};
use tidings_types::{Address, Channel, Object, Outcome, Rendered, Settings, Timestamp};

/// 2025-10-09T08:53:21Z.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_760_000_001_000);
/// A word that must never be seen in an error.
pub(crate) const CODE: &str = "493021";

/// A JSON object.
pub(crate) fn object(value: Value) -> Object {
    let Value::Object(object) = value else {
        panic!("not an object: {value}")
    };
    object
}

/// All a call refers to.
pub(crate) struct Sending {
    pub(crate) provider: &'static str,
    pub(crate) rendered: Rendered,
    pub(crate) address: Address,
    pub(crate) settings: Settings,
    pub(crate) given_profile: Object,
    pub(crate) profile: Object,
    pub(crate) data: Object,
    pub(crate) overrides: Object,
}

impl Sending {
    /// A message for a provider, with an account that works.
    pub(crate) fn with(provider: &'static str) -> Self {
        let channel = Registry::builtin().get(provider).unwrap().spec().channel;
        Self {
            provider,
            rendered: rendered(channel),
            address: address_for(provider, channel),
            settings: Settings::new(object(account(provider))),
            given_profile: object(json!({ "user_id": "ada" })),
            profile: object(json!({ "user_id": "ada", "locale": "en" })),
            data: object(json!({ "code": CODE })),
            overrides: Object::new(),
        }
    }

    /// The same with a setting changed.
    pub(crate) fn set(mut self, name: &str, value: Value) -> Self {
        self.settings.set(name, value);
        self
    }

    /// The same with an override.
    pub(crate) fn overriding(mut self, overrides: Value) -> Self {
        self.overrides = object(overrides);
        self
    }

    /// Does something with the call.
    pub(crate) fn call<T>(&self, act: impl FnOnce(&dyn Provider, &Call<'_>) -> T) -> T {
        let registry = Registry::builtin();
        act(
            registry.get(self.provider).unwrap().as_ref(),
            &self.as_call(&self.context()),
        )
    }

    /// What would be done.
    pub(crate) fn outgoing(&self) -> Result<Outgoing, tidings_providers::Reject> {
        self.call(|provider, call| prepare(provider, call, &self.overrides))
    }

    /// The HTTP call that would be made.
    pub(crate) fn request(&self) -> OutgoingRequest {
        match self.outgoing() {
            Ok(Outgoing::Http(request)) => request,
            other => panic!("not an HTTP call: {other:?}"),
        }
    }

    /// Makes the call.
    pub(crate) async fn send(&self, driver: &Driver) -> Outcome {
        self.send_within(driver, Duration::from_secs(10)).await
    }

    /// Makes the call, with a time limit.
    pub(crate) async fn send_within(&self, driver: &Driver, limit: Duration) -> Outcome {
        let registry = Registry::builtin();
        let context = self.context();
        let provider = registry.get(self.provider).unwrap();
        driver
            .call(provider.as_ref(), &self.as_call(&context), &self.overrides, limit)
            .await
    }

    fn context(&self) -> CallContext<'_> {
        CallContext {
            message_id: "1-68e77881-0123456789abcdef01234567",
            event: "password-reset",
            recipient: "ada",
            template: Some("password-reset"),
            given_profile: &self.given_profile,
            profile: &self.profile,
            data: &self.data,
        }
    }

    fn as_call<'a>(&'a self, context: &'a CallContext<'a>) -> Call<'a> {
        Call {
            rendered: &self.rendered,
            address: &self.address,
            settings: &self.settings,
            idempotency_key: "key-1",
            message: context,
            now: NOW,
        }
    }
}

/// The JSON of a request.
pub(crate) fn json_of(request: &OutgoingRequest) -> &Value {
    match &request.body {
        Body::Json(value) => value,
        other => panic!("not JSON: {other:?}"),
    }
}

/// The fields of a form.
pub(crate) fn form_of(request: &OutgoingRequest) -> Vec<(&str, &str)> {
    match &request.body {
        Body::Form(fields) => fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect(),
        other => panic!("not a form: {other:?}"),
    }
}

/// An account's settings, enough for a call.
pub(crate) fn account(provider: &str) -> Value {
    match provider {
        "smtp" => json!({ "host": "mail.example.com", "port": 587, "from_address": "no-reply@example.com",
            "from_name": "Example", "username": "mailer", "password": "correct horse" }),
        "sendgrid" => {
            json!({ "api_key": "SG.secret-key", "from_address": "no-reply@example.com", "from_name": "Example" })
        }
        "twilio" | "whatsapp" => {
            json!({ "account_sid": "AC123", "auth_token": "secret-token", "from": "+15017122661" })
        }
        "slack" => json!({ "access_token": "xoxb-secret-token" }),
        "msteams" => json!({ "webhook_url": "https://prod-1.example.com/workflows/secret-path" }),
        "discord" => json!({ "bot_token": "secret-bot-token" }),
        "webhook" | "inbox" => json!({}),
        other => panic!("no account for {other}: add one here with the provider"),
    }
}

/// An address at which a provider reaches somebody.
fn address_for(provider: &str, channel: Channel) -> Address {
    match provider {
        "slack" => Address::Chat(object(json!({ "channel": "C123" }))),
        "msteams" => Address::Chat(object(json!({}))),
        "discord" => Address::Chat(object(json!({ "channel_id": "99" }))),
        "whatsapp" => address(Channel::Sms),
        _ => address(channel),
    }
}

/// An address of a channel.
pub(crate) fn address(channel: Channel) -> Address {
    match channel {
        Channel::Email => Address::Email {
            email: "ada@example.org".to_owned(),
            name: Some("Ada".to_owned()),
        },
        Channel::Sms => Address::Phone("+15558675310".to_owned()),
        Channel::Inbox => Address::User("ada".to_owned()),
        Channel::Webhook => Address::Webhook(object(json!({ "url": "https://hooks.example.org/T0/secret-path" }))),
        other => panic!("no address for {other}: add one here with the first provider"),
    }
}

/// A message in a channel's form.
pub(crate) fn rendered(channel: Channel) -> Rendered {
    let text = format!("Your code is {CODE}.");
    match channel {
        Channel::Email => Rendered::Email(Email {
            subject: "Reset your password".to_owned(),
            html: format!("<p>Your code is <b>{CODE}</b>.</p>"),
            text,
            ..Email::default()
        }),
        Channel::Sms => Rendered::Sms(Sms { body: text }),
        Channel::Inbox => Rendered::Inbox(Inbox {
            title: "Reset".to_owned(),
            preview: text,
            ..Inbox::default()
        }),
        Channel::DirectMessage => Rendered::DirectMessage(Chat {
            title: "Reset your password".to_owned(),
            text,
            ..Chat::default()
        }),
        Channel::Webhook => Rendered::Webhook(Webhook {
            title: "Reset your password".to_owned(),
            blocks: vec![json!({ "type": "text", "text": text })],
            body: text,
        }),
        Channel::Push => panic!("no content for push: add some here with the first provider"),
    }
}
