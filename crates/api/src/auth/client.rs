//! What pages may do that hold nothing but a client key, which everyone can read in them.

use axum::extract::FromRequestParts;
use http::request::Parts;
use tidings_types::Environment;

use super::{ApiCaller, client_key};
use crate::AppState;
use crate::error::ApiError;

/// A call made with an API key, or with the environment's client key alone.
#[derive(Clone, Copy, Debug)]
pub struct AnyClient {
    /// The environment.
    pub environment: Environment,
}

impl FromRequestParts<AppState> for AnyClient {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let environment = match client_key(&parts.headers) {
            Some((key, _)) => state.auth().client_environment(key).await?,
            None => ApiCaller::from_request_parts(parts, state).await?.environment,
        };
        Ok(Self { environment })
    }
}
