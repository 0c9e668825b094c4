//! `tidings keys`: works beside a running server.

use std::io::Write as _;
use std::sync::Arc;

use tidings_auth::Auth;
use tidings_store::Store;
use tidings_types::{Clock as _, Environment, ExposeSecret as _, SystemClock, SystemRandom};

use crate::cli::{CreateKey, KeysCommand, ServerOptions, StoreOptions};
use crate::wiring::{self, Opener};
use crate::{key, settings};

/// Makes, lists or revokes keys.
///
/// # Errors
/// When the store cannot be opened, or there is no such key.
pub(crate) async fn run(command: KeysCommand) -> anyhow::Result<()> {
    match command {
        KeysCommand::Create(options) => create(options).await,
        KeysCommand::List(options) => list(&options).await,
        KeysCommand::Client { environment, store } => client(environment.into(), &store).await,
        KeysCommand::Revoke { id, store } => revoke(&id, &store).await,
    }
}

async fn open(options: &StoreOptions) -> anyhow::Result<Arc<dyn Store>> {
    let settings = settings::load(&ServerOptions::from(options), false)?;
    wiring::data_dir(&settings)?;
    wiring::store(&settings, Opener::Tool).await
}

async fn create(options: CreateKey) -> anyhow::Result<()> {
    let store = open(&options.store).await?;
    let (scope, mode) = (options.scope.into(), options.mode.into());
    let (text, key) = key::generate(
        options.environment.into(),
        scope,
        mode,
        &options.name,
        &SystemClock,
        &SystemRandom,
    );
    store.create_key(key).await?;
    store.close().await?;
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

async fn list(options: &StoreOptions) -> anyhow::Result<()> {
    let store = open(options).await?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:<31} {:<11} {:<10} {:<5} {:<14} {:<25} NAME",
        "ID", "ENVIRONMENT", "SCOPE", "MODE", "KEY", "STATE"
    )?;
    for key in store.keys().await? {
        let state = match key.revoked {
            Some(at) => format!("revoked {}", at.to_rfc3339().get(..10).unwrap_or_default()),
            None => format!("since {}", key.created.to_rfc3339().get(..10).unwrap_or_default()),
        };
        writeln!(
            out,
            "{:<31} {:<11} {:<10} {:<5} {:<14} {:<25} {}",
            key.id,
            key.environment,
            key.scope.as_str(),
            key.mode.as_str(),
            format!("{}..", key.hint),
            state,
            key.name
        )?;
    }
    drop(out);
    store.close().await?;
    Ok(())
}

async fn client(environment: Environment, options: &StoreOptions) -> anyhow::Result<()> {
    let settings = settings::load(&ServerOptions::from(options), false)?;
    wiring::data_dir(&settings)?;
    let store = wiring::store(&settings, Opener::Tool).await?;
    let services = wiring::services(&settings, Arc::clone(&store), wiring::bus()).await?;
    let key = Auth::new(services).client_key(environment).await?;
    store.close().await?;
    writeln!(
        std::io::stdout(),
        "client key:     {}\nsigning secret: {}\n\nSign user ids on your own server: hex HMAC-SHA256, the secret as the key.",
        key.key,
        key.secret.expose_secret()
    )?;
    Ok(())
}

async fn revoke(id: &str, options: &StoreOptions) -> anyhow::Result<()> {
    let store = open(options).await?;
    let revoked = store.revoke_key(id, SystemClock.now()).await?;
    store.close().await?;
    if !revoked {
        anyhow::bail!("there is no key {id} that is still valid");
    }
    writeln!(
        std::io::stdout(),
        "{id} is revoked; a running server stops accepting it within a few seconds"
    )?;
    Ok(())
}
