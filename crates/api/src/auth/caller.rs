//! What only API keys may do.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use http::request::Parts;
use tidings_pipeline::Caller;
use tidings_types::Error;

use super::authenticate;
use crate::AppState;
use crate::error::ApiError;

/// A call made with an API key.
#[derive(Clone, Debug)]
pub struct ApiCaller {
    caller: Caller,
    actor: String,
}

impl ApiCaller {
    /// Who it is, for the record: the id of the key.
    pub fn actor(&self) -> &str {
        &self.actor
    }
}

impl Deref for ApiCaller {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl FromRequestParts<AppState> for ApiCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let identity = authenticate(parts, state).await?;
        if identity.scope().is_some() {
            return Err(Error::forbidden("This call needs an API key; a token cannot make it").into());
        }
        Ok(Self {
            caller: identity.caller(),
            actor: identity.actor().to_owned(),
        })
    }
}
