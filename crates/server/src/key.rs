//! Making API keys.

use sha2::{Digest as _, Sha256};
use tidings_store::ApiKey;
use tidings_types::id::new_prefixed_id;
use tidings_types::{Clock, Environment, KeyMode, KeyScope, Random};

/// How many characters of a key are kept to recognise it by.
const HINT_CHARS: usize = 12;

/// A new key: its text, which is shown once, and what is stored of it.
pub(crate) fn generate(
    environment: Environment,
    scope: KeyScope,
    mode: KeyMode,
    name: &str,
    clock: &dyn Clock,
    random: &dyn Random,
) -> (String, ApiKey) {
    let mut bytes = [0_u8; 32];
    random.fill(&mut bytes);
    let kind = match scope {
        KeyScope::Published => "pk",
        KeyScope::Draft => "dk",
    };
    let short = match environment {
        Environment::Production => "prod",
        Environment::Test => "test",
    };
    let text = format!("{kind}_{short}_{}", hex::encode(bytes));
    let now = clock.now();
    let key = ApiKey {
        id: new_prefixed_id("key_", now, random),
        environment,
        scope,
        mode,
        hint: text.chars().take(HINT_CHARS).collect(),
        hash: hex::encode(Sha256::digest(text.as_bytes())),
        name: name.to_owned(),
        created: now,
        revoked: None,
    };
    (text, key)
}
