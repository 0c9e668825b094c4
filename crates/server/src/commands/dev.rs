//! `tidings dev`: try it out. A data folder, a first key, an outbox that catches every message.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use tidings_pages::StartInfo;
use tidings_store::Store;
use tidings_store_sqlite::SqliteStore;
use tidings_types::{Environment, KeyMode, KeyScope, SystemClock, SystemRandom};

use crate::cli::ServerOptions;
use crate::wiring::{self, Opener};
use crate::{key, node, settings, telemetry};

/// Where the first key is kept, so that it can be shown again at the next start.
pub(crate) const KEY_FILE: &str = "dev.key";

/// Serves until asked to stop.
///
/// # Errors
/// Names the setting that is wrong, or what failed.
pub(crate) async fn run(mut options: ServerOptions) -> anyhow::Result<()> {
    // What matters to a newcomer is printed; the log only speaks of trouble unless asked.
    if options.log.is_none() && std::env::var_os("TIDINGS_LOG").is_none() {
        options.log = Some("warn".to_owned());
    }
    let settings = settings::load(&options, true)?;
    telemetry::start(&settings.log)?;
    wiring::data_dir(&settings)?;
    let _lock = match settings.database_url {
        Some(_) => None,
        None => Some(SqliteStore::lock(&settings.data_dir)?),
    };
    let bus = wiring::bus();
    let store = wiring::store(&settings, Opener::Server(&bus)).await?;
    let api_key = first_key(&settings.data_dir, store.as_ref()).await?;
    let services = wiring::services(&settings, store, bus).await?;
    let start = StartInfo {
        base_url: settings.public_url.clone(),
        api_key: api_key.clone(),
    };
    let welcome = welcome(&settings.public_url, &api_key, settings.is_for_this_machine());
    node::run(&settings, services, Some(start), || {
        // A closed terminal does not stop the server.
        let _printed = std::io::stdout().write_all(welcome.as_bytes());
    })
    .await
}

/// The key of the last start if it is still valid, else a new one.
async fn first_key(data_dir: &Path, store: &dyn Store) -> anyhow::Result<String> {
    let path = data_dir.join(KEY_FILE);
    if let Ok(text) = fs::read_to_string(&path) {
        let text = text.trim().to_owned();
        let hash = hex::encode(Sha256::digest(text.as_bytes()));
        if store.key_by_hash(&hash).await?.is_some_and(|key| key.revoked.is_none()) {
            return Ok(text);
        }
    }
    let name = "made by tidings dev";
    let (text, key) = key::generate(
        Environment::Test,
        KeyScope::Published,
        KeyMode::Live,
        name,
        &SystemClock,
        &SystemRandom,
    );
    store.create_key(key).await?;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&path)
        .with_context(|| format!("the key file {} cannot be made", path.display()))?;
    writeln!(file, "{text}")?;
    Ok(text)
}

fn welcome(url: &str, key: &str, is_for_this_machine: bool) -> String {
    let demo = if is_for_this_machine {
        format!("{url}/demo/inbox")
    } else {
        "only where the server listens for this machine alone: the page holds the key".to_owned()
    };
    format!(
        r#"
  Tidings is running. Every message is caught in the outbox; nothing leaves this machine.

    Inbox demo  {demo}
    Outbox      {url}/outbox
    Reference   {url}/reference
    API         {url}
    Key         {key}

  Send the first message:

    curl {url}/send \
      -H "Authorization: Bearer {key}" \
      -d '{{"message": {{"to": {{"email": "ada@example.com"}},
            "content": {{"title": "Hi, {{{{name}}}}!", "body": "Your code is **{{{{code}}}}**."}},
            "data": {{"name": "Ada", "code": "123456"}}}}}}'

  Or with Python (pip install trycourier==5.0.0):

    from trycourier import Courier
    client = Courier(auth_token="{key}", base_url="{url}")
    client.send_message(message={{
        "to": {{"email": "ada@example.com"}},
        "content": {{"title": "Hi, {{{{name}}}}!", "body": "Your code is **{{{{code}}}}**."}},
        "data": {{"name": "Ada", "code": "123456"}},
    }})

"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newcomer_is_told_where_to_look() {
        let told = welcome("http://localhost:8200", "pk", true);
        for place in ["/demo/inbox\n", "/outbox\n", "/reference\n"] {
            assert!(told.contains(&format!("http://localhost:8200{place}")), "{told}");
        }
        assert!(!welcome("http://localhost:8200", "pk", false).contains("/demo/inbox"));
    }
}
