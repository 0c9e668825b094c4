//! What every step is handed: the store, the clock, the providers. Built once by the program that starts.

use std::sync::Arc;

use tidings_bus::Bus;
use tidings_providers::{Driver, Registry};
use tidings_store::Store;
use tidings_store::vault::Vault;
use tidings_types::{Clock, Environment, KeyMode, KeyScope, Random};

use crate::{Library, Links, Sandbox};

/// What every step is handed.
pub struct Services {
    /// Where everything is remembered.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for ids and secrets.
    pub random: Arc<dyn Random>,
    /// Hints to the other parts of this node and to other nodes.
    pub bus: Arc<dyn Bus>,
    /// Seals and opens secrets at rest.
    pub vault: Arc<Vault>,
    /// The providers there are.
    pub registry: Arc<Registry>,
    /// Makes the calls.
    pub driver: Arc<Driver>,
    /// Templates, topics, brands, strategies and provider accounts, cached.
    pub library: Library,
    /// Makes and reads signed links.
    pub links: Links,
    /// What an operator can set.
    pub settings: PipelineSettings,
}

impl Services {
    /// What teams edit, as sending needs it.
    pub fn documents(&self) -> &Library {
        let Self { library, .. } = self;
        library
    }
}

/// What an operator can set about sending.
#[derive(Clone, Debug)]
pub struct PipelineSettings {
    /// The region in which phone numbers without `+` are read: ISO 3166-1 alpha-2, such as `US`.
    pub default_region: String,
    /// Development: the outbox stands in for every provider.
    pub dev: bool,
    /// Where people reach this server, without a slash at the end.
    pub public_url: String,
    /// How many messages are worked on at once, by lane: urgent, normal, bulk.
    pub concurrency: [usize; 3],
    /// How many calls one provider account gets at once.
    pub account_slots: usize,
    /// How long one-time messages keep their data, in milliseconds.
    pub one_time_retention_ms: u64,
    /// How many entries the outbox keeps.
    pub outbox_keep: u32,
    /// Whether a message that names no tenant is for the only one its person belongs to.
    pub infer_tenant: bool,
    /// Where programs that content holds are run.
    pub sandbox: Sandbox,
    /// How long a link to a person's preference page is good, in milliseconds. One that unsubscribes never ends.
    pub preference_link_ms: u64,
}

impl Default for PipelineSettings {
    fn default() -> Self {
        Self {
            default_region: "US".to_owned(),
            dev: false,
            public_url: "http://localhost:8200".to_owned(),
            concurrency: [128, 256, 128],
            account_slots: 64,
            one_time_retention_ms: 24 * 60 * 60 * 1000,
            outbox_keep: 10_000,
            infer_tenant: true,
            sandbox: Sandbox::default(),
            preference_link_ms: 180 * 24 * 60 * 60 * 1000,
        }
    }
}

/// On whose behalf a call is made: what its API key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The key's environment.
    pub environment: Environment,
    /// Published or draft templates.
    pub scope: KeyScope,
    /// Live or mock.
    pub mode: KeyMode,
}
