//! Putting the parts together.

use std::sync::Arc;

use anyhow::Context as _;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tidings_bus::{Bus, LocalBus};
use tidings_pipeline::{Library, Links, PipelineSettings, Services};
use tidings_providers::{Driver, DriverOptions, Registry};
use tidings_store::Store;
use tidings_store_sqlite::{Options, SqliteStore};
use tidings_types::{Clock, Random, SystemClock, SystemRandom};

use crate::settings::Settings;

/// The embedded database within the data folder.
const DATABASE_FILE: &str = "tidings.db";

/// Who opens the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opener {
    /// The one server.
    Server,
    /// A command-line tool, beside a server or alone.
    Tool,
}

/// Opens the store that the settings name.
///
/// # Errors
/// When it cannot be opened; the message says where it is.
pub(crate) fn store(settings: &Settings, opener: Opener) -> anyhow::Result<Arc<dyn Store>> {
    if settings.database_url.is_some() {
        anyhow::bail!("database_url: PostgreSQL is not supported yet; leave it out to use the embedded database");
    }
    let path = settings.data_dir.join(DATABASE_FILE);
    let options = match opener {
        Opener::Server => Options::server(),
        Opener::Tool => Options::tool(),
    };
    let store = SqliteStore::open(&path, options)
        .with_context(|| format!("the database {} cannot be opened", path.display()))?;
    Ok(Arc::new(store))
}

/// Makes the data folder.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn data_dir(settings: &Settings) -> anyhow::Result<()> {
    std::fs::create_dir_all(&settings.data_dir)
        .with_context(|| format!("data_dir: the folder {} cannot be made", settings.data_dir.display()))
}

/// Everything that sending needs.
///
/// # Errors
/// When the master key is wrong, or the store fails.
pub(crate) async fn services(settings: &Settings, store: Arc<dyn Store>) -> anyhow::Result<Arc<Services>> {
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let bus: Arc<dyn Bus> = Arc::new(LocalBus::default());
    let vault = Arc::new(crate::master_key::vault(settings, random.as_ref())?);
    let links = Links::load(store.as_ref(), &vault, random.as_ref(), &settings.public_url).await;
    let links = links.context("the signing secrets cannot be opened: was the master key changed?")?;
    let driver = Driver::new(DriverOptions {
        allow_private_targets: settings.allow_private_targets,
        extra_roots: extra_roots(settings)?,
        ..DriverOptions::default()
    })?;
    let registry = Arc::new(Registry::builtin());
    Ok(Arc::new(Services {
        library: Library::new(Arc::clone(&store), Arc::clone(&vault), Arc::clone(&registry)),
        store,
        clock,
        random,
        bus,
        vault,
        registry,
        driver: Arc::new(driver),
        links,
        settings: PipelineSettings {
            default_region: settings.default_region.clone(),
            dev: settings.dev,
            public_url: settings.public_url.clone(),
            one_time_retention_ms: settings.one_time_retention_ms,
            ..PipelineSettings::default()
        },
    }))
}

/// The certificate authorities of `ca_file`.
fn extra_roots(settings: &Settings) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let Some(file) = &settings.ca_file else {
        return Ok(Vec::new());
    };
    let told = || format!("ca_file: {} holds no certificates that can be read", file.display());
    let roots = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let roots = roots.with_context(told)?;
    anyhow::ensure!(!roots.is_empty(), told());
    Ok(roots)
}
