//! `tidings serve`: production.

use tidings_store_sqlite::SqliteStore;

use crate::cli::ServerOptions;
use crate::wiring::{self, Opener};
use crate::{node, settings, telemetry};

/// Serves until asked to stop.
///
/// # Errors
/// Names the setting that is wrong, or what failed.
pub(crate) async fn run(options: ServerOptions) -> anyhow::Result<()> {
    let settings = settings::load(&options, false)?;
    telemetry::start(&settings.log)?;
    wiring::data_dir(&settings)?;
    let _lock = match settings.database_url {
        Some(_) => None,
        None => Some(SqliteStore::lock(&settings.data_dir)?),
    };
    let bus = wiring::bus();
    let store = wiring::store(&settings, Opener::Server(&bus)).await?;
    let services = wiring::services(&settings, store, bus).await?;
    if settings.public_url.starts_with("http://") {
        tracing::warn!(
            public_url = settings.public_url,
            "links in messages will not be encrypted: set an https public_url"
        );
    }
    node::run(&settings, services, None, || {
        tracing::info!(listen = %settings.listen, public_url = settings.public_url, "serving");
    })
    .await
}
