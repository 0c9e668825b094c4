//! API keys and signing secrets.

use async_trait::async_trait;
use tidings_types::{Environment, KeyMode, KeyScope, Result, Timestamp};

/// An API key as stored: its text is not, only its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id, `key_...`.
    pub id: String,
    /// Its environment.
    pub environment: Environment,
    /// Published or draft templates.
    pub scope: KeyScope,
    /// Live or mock.
    pub mode: KeyMode,
    /// The first characters, by which people recognise it.
    pub hint: String,
    /// SHA-256 of the whole key, in hex.
    pub hash: String,
    /// What it is for, in the owner's words.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
}

/// API keys and signing secrets.
#[async_trait]
pub trait Keys: Send + Sync + 'static {
    /// Stores a key.
    async fn create_key(&self, key: ApiKey) -> Result<()>;

    /// The key with this hash, revoked or not.
    async fn key_by_hash(&self, hash: &str) -> Result<Option<ApiKey>>;

    /// All keys, oldest first.
    async fn keys(&self) -> Result<Vec<ApiKey>>;

    /// Revokes a key by id. False when there is none, or it was revoked before.
    async fn revoke_key(&self, id: &str, now: Timestamp) -> Result<bool>;

    /// A named secret of an environment: what is stored, or `candidate` if nothing is yet. Stored as given, so seal it first.
    async fn secret(&self, environment: Environment, name: &str, candidate: &str) -> Result<String>;
}
