//! Every account through which a message could go: configured ones, those that need no account, and the outbox where
//! it stands in.

use std::collections::BTreeMap;

use serde_json::Value;
use tidings_domain::decide::{AddressState, Candidate};
use tidings_providers::{AddressProblem, Person, Provider, PushToken, Registry};
use tidings_types::{Address, Channel, Environment, Object, ProviderAccount, Result, Settings, UserId};

use crate::Services;

/// The provider that catches what would otherwise leave.
pub(crate) const OUTBOX: &str = "outbox";

/// The push services whose tokens are used. Apps may keep others here, too.
const PUSH_SERVICES: [&str; 5] = ["firebase-fcm", "apn", "expo", "onesignal", "pusher-beams"];
/// Profile keys of push providers.
const PUSH_KEYS: [&str; 5] = [
    "firebaseToken",
    "apn",
    "expo",
    "oneSignalPlayerID",
    "oneSignalExternalUserId",
];
/// Profile keys of chat providers, and the providers.
const CHAT_KEYS: [(&str, &str); 6] = [
    ("slack", "slack"),
    ("ms_teams", "msteams"),
    ("discord", "discord"),
    ("whatsapp", "whatsapp"),
    ("facebookPSID", "facebook-messenger"),
    ("viber", "viber"),
];

/// The accounts, in the order of failover, and their settings by account.
pub(super) async fn candidates(
    services: &Services,
    environment: Environment,
    user: Option<&str>,
    profile: &Object,
) -> Result<(Vec<Candidate>, BTreeMap<String, Settings>)> {
    let accounts = services.library.accounts(environment).await?;
    let tokens = match user {
        Some(user) => active_tokens(services, environment, user).await?,
        None => Vec::new(),
    };
    let region = services.settings.default_region.as_str();
    let person = Person {
        user_id: user,
        profile,
        tokens: &tokens,
        default_region: region,
    };
    let mut found = Vec::new();
    let mut settings = BTreeMap::new();
    if !services.settings.dev {
        for account in accounts.iter() {
            if let Some(provider) = services.registry.get(&account.provider) {
                found.push(configured(account, provider.as_ref(), &person));
                settings.insert(account.id.clone(), account.settings.clone());
            }
        }
    }
    let outbox = services.settings.dev || environment == Environment::Test;
    for channel in Channel::ALL {
        if found.iter().any(|one| one.channel == channel) {
            continue;
        }
        let built_in = services
            .registry
            .of_channel(channel)
            .find(|provider| works_without_account(provider.as_ref()));
        // The feed is ours: it is filled whether or not the outbox shows a copy.
        let built_in = built_in.filter(|_| channel == Channel::Inbox || !outbox);
        if let Some(provider) = built_in {
            let account = ProviderAccount {
                id: provider.spec().key.to_owned(),
                provider: provider.spec().key.to_owned(),
                alias: None,
                settings: Settings::default(),
                created: tidings_types::Timestamp::default(),
            };
            found.push(configured(&account, provider.as_ref(), &person));
            settings.insert(account.id, account.settings);
        } else if outbox {
            found.push(Candidate {
                provider: OUTBOX.to_owned(),
                account: format!("{OUTBOX}:{channel}"),
                alias: None,
                channel,
                stands_in: true,
                address: stand_in_address(channel, profile, user, &tokens, region),
            });
        }
    }
    Ok((found, settings))
}

/// Whether a provider can be used though nobody configured it: nothing is required of an account.
fn works_without_account(provider: &dyn Provider) -> bool {
    let spec = provider.spec();
    spec.always_available || (spec.channel == Channel::Webhook && !spec.settings.iter().any(|one| one.required))
}

fn configured(account: &ProviderAccount, provider: &dyn Provider, person: &Person<'_>) -> Candidate {
    Candidate {
        provider: account.provider.clone(),
        account: account.id.clone(),
        alias: account.alias.clone(),
        channel: provider.spec().channel,
        stands_in: false,
        address: state(provider.addresses(person, &account.settings)),
    }
}

fn state(found: std::result::Result<Vec<Address>, AddressProblem>) -> AddressState {
    match found {
        Ok(addresses) => AddressState::Known(addresses),
        Err(AddressProblem::Missing(detail)) => AddressState::Missing(detail),
        Err(AddressProblem::Invalid(detail)) => AddressState::Invalid(detail),
    }
}

async fn active_tokens(services: &Services, environment: Environment, user: &str) -> Result<Vec<PushToken>> {
    let now = services.clock.now();
    let tokens = services.store.tokens(environment, &UserId::from(user)).await?;
    let active = tokens.into_iter().filter(|token| {
        PUSH_SERVICES.contains(&token.provider_key.as_str())
            && matches!(token.status.as_str(), "active" | "unknown")
            && token.expires_at.is_none_or(|until| now < until)
    });
    Ok(active
        .map(|token| PushToken {
            provider_key: token.provider_key,
            token: token.token,
        })
        .collect())
}

/// Where the outbox "reaches" a person on a channel: at the address any provider of it would use.
pub(super) fn stand_in_address(
    channel: Channel,
    profile: &Object,
    user: Option<&str>,
    tokens: &[PushToken],
    region: &str,
) -> AddressState {
    let person = Person {
        user_id: user,
        profile,
        tokens,
        default_region: region,
    };
    let settings = Settings::default();
    match channel {
        Channel::Email => state(tidings_providers::smtp::Smtp.addresses(&person, &settings)),
        Channel::Sms => state(tidings_providers::twilio::Twilio.addresses(&person, &settings)),
        Channel::Inbox => state(tidings_providers::inbox::Inbox.addresses(&person, &settings)),
        Channel::Webhook => state(tidings_providers::webhook::Webhook.addresses(&person, &settings)),
        Channel::Push => {
            let mut addresses: Vec<_> = tokens
                .iter()
                .map(|token| Address::PushToken(token.token.clone()))
                .collect();
            for value in PUSH_KEYS.iter().filter_map(|key| profile.get(*key)) {
                collect_tokens(value, &mut addresses);
            }
            known(addresses, "The profile has no push token")
        }
        Channel::DirectMessage => {
            let chats = CHAT_KEYS.iter().filter_map(|(key, _)| profile.get(*key)?.as_object());
            known(
                chats.map(|chat| Address::Chat(chat.clone())).take(1).collect(),
                "The profile has no chat address",
            )
        }
    }
}

/// The chat provider for which the outbox stands in: the one whose address it shows.
pub(crate) fn chat_behind_outbox(profile: &Object) -> Option<&'static str> {
    let mut keys = CHAT_KEYS.iter();
    keys.find(|(key, _)| profile.get(*key).is_some_and(Value::is_object))
        .map(|(_, provider)| *provider)
}

fn known(addresses: Vec<Address>, otherwise: &str) -> AddressState {
    if addresses.is_empty() {
        AddressState::Missing(otherwise.to_owned())
    } else {
        AddressState::Known(addresses)
    }
}

/// Tokens are a text, a list of texts, or an object with `token` or `tokens`.
fn collect_tokens(value: &Value, into: &mut Vec<Address>) {
    match value {
        Value::String(token) if !token.is_empty() => into.push(Address::PushToken(token.clone())),
        Value::Array(list) => list
            .iter()
            .filter(|one| one.is_string())
            .for_each(|one| collect_tokens(one, into)),
        Value::Object(object) => {
            for one in ["token", "tokens"].iter().filter_map(|key| object.get(*key)) {
                if !one.is_object() {
                    collect_tokens(one, into);
                }
            }
        }
        _ => {}
    }
}

/// Provider keys of the public API that later providers will serve, with their channels: routing may name them today,
/// and the outbox stands in for them.
const KNOWN_ELSEWHERE: [(Channel, &[&str]); 4] = [
    (
        Channel::Email,
        &[
            "mailgun",
            "postmark",
            "aws-ses",
            "resend",
            "mailersend",
            "mailjet",
            "mandrill",
            "sparkpost",
            "gmail",
        ],
    ),
    (
        Channel::Sms,
        &[
            "vonage",
            "messagebird",
            "plivo",
            "telnyx",
            "sinch",
            "aws-sns",
            "azure-sms",
        ],
    ),
    (Channel::Push, &["firebase-fcm", "apn", "expo", "onesignal"]),
    (Channel::DirectMessage, &["slack", "msteams", "discord", "whatsapp"]),
];

/// The channel a provider key belongs to.
pub(super) fn channel_of(services: &Services, name: &str) -> Option<Channel> {
    if let Some(provider) = services.registry.get(name) {
        return Some(provider.spec().channel);
    }
    let name = Registry::canonical_key(name);
    KNOWN_ELSEWHERE
        .iter()
        .find(|(_, keys)| keys.contains(&name))
        .map(|(channel, _)| *channel)
}
