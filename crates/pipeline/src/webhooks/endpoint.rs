//! Endpoints: where a team wants to be told, of what, and signed with which secret.

use serde::{Deserialize, Serialize};
use tidings_store::webhooks::{
    AUDIENCE_CALCULATED, AUDIENCE_MATCHED, AUDIENCE_UNMATCHED, AUDIENCE_UPDATED, MESSAGE_UPDATED,
};
use tidings_store::{Document, DocumentKind, PageRequest, Vault};
use tidings_types::{Environment, Random, Result, SecretString, Timestamp};

use crate::Services;

/// What can be told.
pub const EVENTS: [&str; 8] = [
    MESSAGE_UPDATED,
    "notification:submitted",
    "notification:submission_canceled",
    "notification:published",
    AUDIENCE_UPDATED,
    AUDIENCE_MATCHED,
    AUDIENCE_UNMATCHED,
    AUDIENCE_CALCULATED,
];

/// How many endpoints an environment has at most.
pub const MAX_ENDPOINTS: usize = 100;
/// How many are read: two that are made at the same moment may be one too many.
const READ_ENDPOINTS: u32 = 200;

/// An endpoint as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Where to.
    pub url: String,
    /// What people say of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Which events it wants; empty for all.
    #[serde(default)]
    pub events: Vec<String>,
    /// Its secret, sealed. Without one, deliveries are not signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Whether it is told anything.
    pub enabled: bool,
    /// Why it was disabled, when it was not by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_reason: Option<String>,
    /// When it was disabled, when it was not by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<Timestamp>,
}

impl Endpoint {
    /// A stored endpoint.
    ///
    /// # Errors
    /// `Internal` when it is none.
    pub fn of(document: &Document) -> Result<Self> {
        Self::deserialize(&document.body).map_err(tidings_types::Error::internal)
    }

    /// Whether it wants to hear of this.
    pub fn wants(&self, event: &str) -> bool {
        self.enabled && (self.events.is_empty() || self.events.iter().any(|one| one == event))
    }
}

fn context(environment: Environment, id: &str) -> String {
    format!("webhook/{environment}/{id}/secret")
}

/// Seals an endpoint's secret for storage.
pub fn seal_secret(vault: &Vault, random: &dyn Random, environment: Environment, id: &str, plain: &str) -> String {
    vault.seal(random, &context(environment, id), plain)
}

/// Opens an endpoint's secret.
///
/// # Errors
/// When it was sealed with another master key.
pub fn open_secret(vault: &Vault, environment: Environment, id: &str, sealed: &str) -> Result<SecretString> {
    vault.open(&context(environment, id), sealed)
}

/// All endpoints of an environment, with their ids, oldest first.
///
/// # Errors
/// When the store cannot be read.
pub async fn endpoints(services: &Services, environment: Environment) -> Result<Vec<(String, Endpoint)>> {
    let page = PageRequest {
        after: None,
        limit: READ_ENDPOINTS,
    };
    let read = services
        .store
        .documents(environment, DocumentKind::Webhook, None, page)
        .await?;
    read.items
        .into_iter()
        .map(|document| Ok((document.id.clone(), Endpoint::of(&document)?)))
        .collect()
}
