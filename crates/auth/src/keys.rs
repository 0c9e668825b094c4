//! Looking up API keys.

use std::time::Duration;

use moka::future::Cache;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tidings_store::{ApiKey, Keys};
use tidings_types::Result;

/// For how long a key is believed without asking the store. A revoked key works no longer than this.
const REMEMBERED: Duration = Duration::from_secs(5);

/// How many keys are remembered at once.
const CAPACITY: u64 = 10_000;

/// Keys that were found lately, by hash. What was not found is not remembered: it may be made the next moment.
pub(crate) struct KeyCache(Cache<String, ApiKey>);

impl KeyCache {
    pub(crate) fn new() -> Self {
        Self(Cache::builder().max_capacity(CAPACITY).time_to_live(REMEMBERED).build())
    }

    /// The key with this text, unless it was revoked.
    pub(crate) async fn find<S: Keys + ?Sized>(&self, store: &S, text: &str) -> Result<Option<ApiKey>> {
        let hash = hex::encode(Sha256::digest(text.as_bytes()));
        if let Some(key) = self.0.get(&hash).await {
            return Ok(Some(key));
        }
        let found = store.key_by_hash(&hash).await?;
        // The index compares hashes byte by byte; this comparison takes the same time wherever they differ.
        let key = found.filter(|key| key.revoked.is_none() && bool::from(key.hash.as_bytes().ct_eq(hash.as_bytes())));
        if let Some(key) = &key {
            self.0.insert(hash, key.clone()).await;
        }
        Ok(key)
    }
}
