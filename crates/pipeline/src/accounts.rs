//! Provider accounts between the API, where people edit them, and the engine, which uses them: validated when saved,
//! sealed at rest, masked when read.

use serde_json::Value;
use tidings_providers::{Registry, validate_settings};
use tidings_store::Document;
use tidings_store::vault::Vault;
use tidings_types::{Environment, ExposeSecret as _, Object, ProviderAccount, Result, Settings};

use crate::Services;

/// What reads show in place of a stored secret. Written back, it means "keep what is stored".
pub const MASK: &str = "********";

fn context(environment: Environment, account: &str, name: &str) -> String {
    format!("provider/{environment}/{account}/{name}")
}

/// Checks settings against the provider's own list and seals the secret ones for storage. A setting that is sealed
/// already is checked like any other and stays as it is.
///
/// # Errors
/// `Invalid`, naming the setting, when one is unknown, missing or of the wrong type.
pub fn seal_settings(
    services: &Services,
    environment: Environment,
    account: &str,
    provider: &str,
    settings: &Object,
) -> Result<Object> {
    let known = services.registry.configurable(provider)?;
    let opened = open_settings(
        &services.vault,
        &services.registry,
        environment,
        account,
        provider,
        settings,
    )?;
    let mut sealed = validate_settings(known.spec(), opened.as_object())?.as_object().clone();
    for name in known.spec().secrets() {
        if let Some(Value::String(plain)) = sealed.get(name) {
            let text = services
                .vault
                .seal(services.random.as_ref(), &context(environment, account, name), plain);
            sealed.insert(name.to_owned(), Value::String(text));
        }
    }
    Ok(sealed)
}

/// Opens stored settings for use.
///
/// # Errors
/// When a secret was sealed with another master key.
pub fn open_settings(
    vault: &Vault,
    registry: &Registry,
    environment: Environment,
    account: &str,
    provider: &str,
    settings: &Object,
) -> Result<Settings> {
    let mut opened = settings.clone();
    if let Some(known) = registry.get(provider) {
        for name in known.spec().secrets() {
            let Some(Value::String(text)) = settings.get(name) else {
                continue;
            };
            if Vault::is_sealed(text) {
                let plain = vault.open(&context(environment, account, name), text)?;
                opened.insert(name.to_owned(), Value::String(plain.expose_secret().to_owned()));
            }
        }
    }
    Ok(Settings::new(opened))
}

/// Settings as reads show them: secrets masked.
pub fn mask_settings(services: &Services, provider: &str, settings: &Object) -> Object {
    let mut masked = settings.clone();
    if let Some(known) = services.registry.get(provider) {
        for name in known.spec().secrets() {
            if let Some(value) = masked.get_mut(name)
                && !value.is_null()
            {
                *value = Value::String(MASK.to_owned());
            }
        }
    }
    masked
}

/// Puts the stored value back wherever the incoming settings hold the mask.
pub fn keep_masked(stored: &Object, mut incoming: Object) -> Object {
    for (name, value) in &mut incoming {
        if value.as_str() == Some(MASK)
            && let Some(kept) = stored.get(name)
        {
            *value = kept.clone();
        }
    }
    incoming
}

/// A stored provider document as the engine uses it.
///
/// # Errors
/// When its secrets cannot be opened.
pub fn account(
    vault: &Vault,
    registry: &Registry,
    environment: Environment,
    document: &Document,
) -> Result<ProviderAccount> {
    let text = |name: &str| document.body.get(name).and_then(Value::as_str).map(str::to_owned);
    let provider = text("provider").unwrap_or_default();
    let stored = document
        .body
        .get("settings")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let settings = open_settings(vault, registry, environment, &document.id, &provider, &stored)?;
    Ok(ProviderAccount {
        id: document.id.clone(),
        provider,
        alias: text("alias"),
        settings,
        created: document.created,
    })
}
