//! What pages may do that hold nothing but a client key, which everyone can read in them.

use axum::extract::FromRequestParts;
use http::request::Parts;
use tidings_auth::{Credential, Identity};
use tidings_types::{Environment, Error};

use super::{authenticate, client_key};
use crate::AppState;
use crate::error::ApiError;

/// A call made with an API key, with any token, or with the environment's client key alone.
#[derive(Clone, Debug)]
pub struct AnyClient {
    /// The environment.
    pub environment: Environment,
    /// Whose API key it is; none for a client key or a token.
    key: Option<Identity>,
}

impl AnyClient {
    /// Who calls with an API key.
    ///
    /// # Errors
    /// `Forbidden` for a client key or a token.
    pub fn with_key(&self) -> Result<&Identity, ApiError> {
        let refused =
            || Error::forbidden("This needs an API key; what a page holds, a client key or a token, cannot do it");
        Ok(self.key.as_ref().ok_or_else(refused)?)
    }
}

impl FromRequestParts<AppState> for AnyClient {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        if let Some((key, _)) = client_key(&parts.headers) {
            let environment = state.auth().client_environment(key).await?;
            return Ok(Self { environment, key: None });
        }
        let refused = match authenticate(parts, state).await {
            Ok(identity) => {
                return Ok(Self {
                    environment: identity.environment(),
                    key: identity.scope().is_none().then_some(identity),
                });
            }
            Err(refused) => refused,
        };
        // Web clients from 2.0 on that were given a client key bring it where others bring a token.
        if let Ok(Credential::Key(text)) = Credential::read(&parts.headers)
            && let Ok(environment) = state.auth().client_environment(&text).await
        {
            return Ok(Self { environment, key: None });
        }
        Err(refused.into())
    }
}
