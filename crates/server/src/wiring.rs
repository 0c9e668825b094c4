//! Putting the parts together.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tidings_bus::{Bus, Hint, LocalBus};
use tidings_pipeline::images::Gallery;
use tidings_pipeline::{Library, Links, PipelineSettings, Sandbox, Services};
use tidings_providers::{Driver, DriverOptions, Registry};
use tidings_store::Store;
use tidings_store_postgres::{Notification, PostgresStore};
use tidings_store_sqlite::SqliteStore;
use tidings_types::{Clock, ExposeSecret as _, Random, SecretString, SystemClock, SystemRandom};

use crate::settings::Settings;

/// The embedded database within the data folder.
const DATABASE_FILE: &str = "tidings.db";

/// Who opens the store.
#[derive(Clone, Copy)]
pub(crate) enum Opener<'a> {
    /// A server, with the bus on which it hears of other nodes.
    Server(&'a Arc<dyn Bus>),
    /// A command-line tool, beside a server or alone.
    Tool,
}

/// The bus of this node.
pub(crate) fn bus() -> Arc<dyn Bus> {
    Arc::new(LocalBus::default())
}

/// Opens the store that the settings name.
///
/// # Errors
/// When it cannot be opened; the message says where it is, without the password.
pub(crate) async fn store(settings: &Settings, opener: Opener<'_>) -> anyhow::Result<Arc<dyn Store>> {
    match &settings.database_url {
        Some(url) => postgres(url, extra_roots(settings)?, opener).await,
        None => sqlite(&settings.data_dir.join(DATABASE_FILE), opener),
    }
}

fn sqlite(path: &Path, opener: Opener<'_>) -> anyhow::Result<Arc<dyn Store>> {
    let options = match opener {
        Opener::Server(_) => tidings_store_sqlite::Options::server(),
        Opener::Tool => tidings_store_sqlite::Options::tool(),
    };
    let store = SqliteStore::open(path, options)
        .with_context(|| format!("the database {} cannot be opened", path.display()))?;
    Ok(Arc::new(store))
}

async fn postgres(
    url: &SecretString,
    extra_roots: Vec<CertificateDer<'static>>,
    opener: Opener<'_>,
) -> anyhow::Result<Arc<dyn Store>> {
    let options = match opener {
        Opener::Server(_) => tidings_store_postgres::Options::server(),
        Opener::Tool => tidings_store_postgres::Options::tool(),
    };
    let options = tidings_store_postgres::Options { extra_roots, ..options };
    let store = PostgresStore::connect(url.expose_secret(), options)
        .await
        .map_err(|error| {
            let cause = error.internal_message().unwrap_or(error.message());
            anyhow::anyhow!("database_url: {cause}")
        })?;
    if let Opener::Server(bus) = opener {
        let bus = Arc::clone(bus);
        store.listen(move |notification| bus.send(hint(notification)));
    }
    Ok(Arc::new(store))
}

/// What another node did, as this node tells it its own parts.
fn hint(notification: Notification) -> Hint {
    match notification {
        Notification::Work(lane) => Hint::Work(lane),
        Notification::Jobs => Hint::Jobs,
        Notification::Documents(environment) => Hint::Documents(environment),
        Notification::Feed(environment, person) => Hint::Feed(environment, person),
        Notification::Feeds => Hint::Feeds,
    }
}

/// Makes the data folder, for its owner only: what is in it are people's addresses and messages.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn data_dir(settings: &Settings) -> anyhow::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&settings.data_dir)
        .with_context(|| format!("data_dir: the folder {} cannot be made", settings.data_dir.display()))
}

/// Everything that sending needs.
///
/// # Errors
/// When the master key is wrong, or the store fails.
pub(crate) async fn services(
    settings: &Settings,
    store: Arc<dyn Store>,
    bus: Arc<dyn Bus>,
) -> anyhow::Result<Arc<Services>> {
    if !settings.dev && settings.public_url.starts_with("http://") {
        // RFC 8058, section 3.1: the link of one-click unsubscribe is an HTTPS one. Mails carry it all the same.
        tracing::warn!("public_url is not https: mail programs may not offer to unsubscribe with one click");
    }
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let vault = Arc::new(crate::master_key::vault(settings, random.as_ref())?);
    let links = Links::load(store.as_ref(), &vault, random.as_ref(), &settings.public_url).await;
    let links = links.context("the signing secrets cannot be opened: was the master key changed?")?;
    let driver = Driver::new(DriverOptions {
        allow_private_targets: settings.allow_private_targets,
        extra_roots: extra_roots(settings)?,
        ..DriverOptions::default()
    })?;
    let registry = Arc::new(Registry::builtin());
    let gallery = Gallery::new(Arc::clone(&store), Arc::clone(&clock), &settings.public_url);
    Ok(Arc::new(Services {
        library: Library::new(Arc::clone(&store), Arc::clone(&vault), Arc::clone(&registry)).with_gallery(gallery),
        store,
        clock,
        random,
        bus,
        vault,
        registry,
        driver: Arc::new(driver),
        links,
        settings: PipelineSettings {
            sandbox: std::env::current_exe().map(Sandbox::new).unwrap_or_default(),
            default_region: settings.default_region.clone(),
            dev: settings.dev,
            public_url: settings.public_url.clone(),
            one_time_retention_ms: settings.one_time_retention_ms,
            infer_tenant: settings.infer_tenant,
            concurrency: settings.concurrency,
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
