//! What pages may do that hold nothing but a client key, which everyone can read in them.

use axum::extract::FromRequestParts;
use http::request::Parts;
use tidings_auth::Identity;
use tidings_types::{Environment, Error};

use super::{ApiCaller, authenticate, client_key};
use crate::AppState;
use crate::error::ApiError;

/// A call made with an API key, or with the environment's client key alone.
#[derive(Clone, Debug)]
pub struct AnyClient {
    /// The environment.
    pub environment: Environment,
    /// Whose API key it is; none for a client key.
    key: Option<Identity>,
}

impl AnyClient {
    /// Who calls with an API key.
    ///
    /// # Errors
    /// `Forbidden` for a client key.
    pub fn with_key(&self) -> Result<&Identity, ApiError> {
        let refused = || Error::forbidden("This needs an API key; a client key, which everyone can read, cannot do it");
        Ok(self.key.as_ref().ok_or_else(refused)?)
    }
}

impl FromRequestParts<AppState> for AnyClient {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let (environment, key) = if let Some((key, _)) = client_key(&parts.headers) {
            (state.auth().client_environment(key).await?, None)
        } else {
            let caller = ApiCaller::from_request_parts(parts, state).await?;
            (caller.environment, Some(authenticate(parts, state).await?))
        };
        Ok(Self { environment, key })
    }
}
