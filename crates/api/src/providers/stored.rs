//! A provider account between the wire and the store.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_pipeline::{Services, accounts};
use tidings_store::Document;
use tidings_store::vault::Vault;
use tidings_types::{Environment, Error, Object, Result};
use tidings_wire::provider::Provider;

use super::alias;
use crate::document;
use crate::validation::no_control_characters;

const DEFAULT_TITLE: &str = "Default Configuration";
const MAX_KEY_LENGTH: usize = 128;
/// Every account has this setting; reads show it even when it is not set.
const RATE_LIMIT: &str = "rate_limit";

/// A provider account as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredProvider {
    /// The provider's key.
    pub(super) provider: String,
    /// What people call it.
    pub(super) title: String,
    /// A name by which routing finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) alias: Option<String>,
    /// Its settings, secret ones sealed.
    pub(super) settings: Object,
}

impl StoredProvider {
    /// Checks what was written and seals it. Where a setting holds the mask, the value of `before` is kept.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub(super) fn seal(
        services: &Services,
        environment: Environment,
        id: &str,
        written: Self,
        before: &Object,
    ) -> Result<Self> {
        let Self {
            provider,
            title,
            alias,
            settings,
        } = written;
        if provider.chars().count() > MAX_KEY_LENGTH {
            return Err(Error::invalid(format!(
                "provider: Longer than {MAX_KEY_LENGTH} characters"
            )));
        }
        no_control_characters("provider", &provider)?;
        no_control_characters("title", &title)?;
        if let Some(alias) = &alias {
            alias::check(services, alias)?;
        }
        let settings = accounts::keep_masked(before, settings);
        if let Some((name, _)) = settings
            .iter()
            .find(|(_, value)| value.as_str() == Some(accounts::MASK))
        {
            return Err(Error::invalid(format!(
                "settings.{name}: A mask keeps what is stored, and nothing is"
            )));
        }
        // What looks sealed is opened as such, so it must be ours.
        let posing = |name: &String, value: &Value| {
            value.as_str().is_some_and(Vault::is_sealed) && before.get(name) != Some(value)
        };
        if let Some((name, _)) = settings.iter().find(|(name, value)| posing(name, value)) {
            return Err(Error::invalid(format!(
                "settings.{name}: Must not have the form of a sealed secret"
            )));
        }
        let settings = accounts::seal_settings(services, environment, id, &provider, &settings)?;
        Ok(Self {
            provider,
            title,
            alias,
            settings,
        })
    }

    /// The names the document is found by.
    pub(super) fn names(&self) -> Vec<String> {
        self.alias.iter().cloned().collect()
    }
}

/// A title, or the usual one.
pub(super) fn title(given: Option<String>) -> String {
    given
        .filter(|title| !title.is_empty())
        .unwrap_or_else(|| DEFAULT_TITLE.to_owned())
}

/// An account as reads show it.
pub(super) fn on_the_wire(services: &Services, document: Document) -> Result<Provider> {
    let stored: StoredProvider = document::read(document.body)?;
    let mut settings = accounts::mask_settings(services, &stored.provider, &stored.settings);
    settings.entry(RATE_LIMIT).or_insert(Value::Null);
    Ok(Provider {
        id: document.id,
        provider: stored.provider,
        title: stored.title,
        alias: stored.alias,
        settings,
        created: document.created,
        updated: document.updated,
    })
}
