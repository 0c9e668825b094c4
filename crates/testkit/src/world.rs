//! Everything between the API and the providers, over a store in a folder of its own.

mod documents;
mod messages;

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use tidings_bus::LocalBus;
use tidings_pipeline::images::Gallery;
use tidings_pipeline::{Caller, Drain, Library, Links, PipelineSettings, Services};
use tidings_providers::{Driver, DriverOptions, Registry};
use tidings_store::{Store, Upkeep as _, Vault};
use tidings_store_sqlite::{Options, SqliteStore};
use tidings_types::random::FixedRandom;
use tidings_types::time::MockClock;
use tidings_types::{Environment, KeyMode, KeyScope, Timestamp};

use crate::{Faults, FaultyStore};

/// When worlds begin: 2026-09-21T14:13:20Z, a Monday.
pub const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// A server without its API: services, a clock that stands still, and a store that can be made to fail.
pub struct World {
    /// What every step is handed.
    pub services: Arc<Services>,
    /// The services' clock.
    pub clock: Arc<MockClock>,
    /// What is to go wrong with the store.
    pub faults: Arc<Faults>,
    /// On whose behalf the world's own methods act: production, published templates, live.
    pub caller: Caller,
    drain: Drain,
    store: Arc<SqliteStore>,
    random: Arc<FixedRandom>,
    folder: TempDir,
}

impl World {
    /// An empty one.
    pub async fn new() -> Self {
        Self::with(PipelineSettings {
            public_url: "http://tidings.test".to_owned(),
            ..PipelineSettings::default()
        })
        .await
    }

    /// An empty one with these settings.
    pub async fn with(settings: PipelineSettings) -> Self {
        let (clock, random) = (Arc::new(MockClock::at(NOW)), Arc::new(FixedRandom::new(1)));
        Self::over(tempfile::tempdir().unwrap(), settings, clock, random).await
    }

    /// The same after the program ended and was started again: nothing is left of it but the folder.
    pub async fn restarted(self) -> Self {
        self.store.close().await.unwrap();
        let Self {
            services,
            clock,
            caller,
            random,
            folder,
            ..
        } = self;
        let world = Self::over(folder, services.settings.clone(), clock, random).await;
        Self { caller, ..world }
    }

    async fn over(
        folder: TempDir,
        settings: PipelineSettings,
        clock: Arc<MockClock>,
        random: Arc<FixedRandom>,
    ) -> Self {
        let store = Arc::new(open(folder.path()));
        let faults = Arc::new(Faults::default());
        let failing: Arc<dyn Store> = Arc::new(FaultyStore::new(Arc::clone(&store) as _, Arc::clone(&faults)));
        let (vault, registry) = (Arc::new(Vault::new([7; 32])), Arc::new(Registry::builtin()));
        let options = DriverOptions {
            allow_private_targets: true,
            ..DriverOptions::default()
        };
        let links = Links::load(failing.as_ref(), &vault, random.as_ref(), &settings.public_url)
            .await
            .unwrap();
        let gallery = Gallery::new(Arc::clone(&failing), Arc::clone(&clock) as _, &settings.public_url);
        let services = Arc::new(Services {
            library: Library::new(Arc::clone(&failing), Arc::clone(&vault), Arc::clone(&registry))
                .with_gallery(gallery),
            store: failing,
            clock: Arc::clone(&clock) as _,
            random: Arc::clone(&random) as _,
            bus: Arc::new(LocalBus::default()),
            vault,
            registry,
            driver: Arc::new(Driver::new(options).unwrap()),
            links,
            settings,
        });
        let caller = Caller {
            environment: Environment::Production,
            scope: KeyScope::Published,
            mode: KeyMode::Live,
        };
        Self {
            drain: Drain::new(Arc::clone(&services)),
            services,
            clock,
            faults,
            caller,
            store,
            random,
            folder,
        }
    }
}

fn open(folder: &Path) -> SqliteStore {
    SqliteStore::open(&folder.join("tidings.db"), Options::server()).unwrap()
}
