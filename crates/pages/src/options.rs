//! What the program that serves the pages decides about them.

use std::path::PathBuf;
use std::sync::Arc;

use axum::http::HeaderMap;
use futures_util::future::BoxFuture;
use tidings_types::{Environment, Result};

/// Says whose outbox the bearer of a request's headers may read: the environment of their API key, or an error of kind
/// `Unauthenticated` or `Forbidden`.
pub type Authorise = Arc<dyn for<'a> Fn(&'a HeaderMap) -> BoxFuture<'a, Result<Environment>> + Send + Sync>;

/// What the program that serves the pages decides about them.
pub struct PagesOptions {
    /// Whether the outbox shows both environments to whoever reaches this server. For development only. Requests
    /// under a public host name that is not the server's own are refused even so, since a web page could otherwise
    /// point its own name at this machine and read along.
    pub open: bool,
    /// Opens the outbox where it is not open to all.
    pub authorise: Authorise,
    /// Makes the OpenAPI document that the reference is made of.
    pub openapi: fn() -> serde_json::Value,
    /// The folders in which the published inbox components may have been built, for the demo; the first that has them counts.
    pub demo_bundles: Vec<PathBuf>,
    /// The start page at `/`; none in production, since it shows a key.
    pub start: Option<StartInfo>,
}

/// What the start page shows.
#[derive(Clone)]
pub struct StartInfo {
    /// Where this server is reached, without a slash at the end.
    pub base_url: String,
    /// The key in the snippets.
    pub api_key: String,
}
