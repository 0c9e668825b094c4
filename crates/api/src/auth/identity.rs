//! From a credential to who calls.

use http::request::Parts;
use tidings_pipeline::Caller;
use tidings_types::{Environment, Error, KeyMode, KeyScope, Result};

use super::credential::Credential;
use super::scope::Scope;
use crate::AppState;

/// Who calls.
#[derive(Clone, Debug)]
pub struct Identity {
    caller: Caller,
    scope: Option<Scope>,
}

impl Identity {
    /// The environment and how sends behave.
    pub fn caller(&self) -> Caller {
        self.caller
    }

    /// The environment.
    pub fn environment(&self) -> Environment {
        self.caller.environment
    }

    /// What a token is limited to; an API key is not.
    pub(super) fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }
}

/// Finds out who calls, once per request.
///
/// # Errors
/// `Unauthenticated` when the credential is missing, unknown, revoked or expired.
pub(crate) async fn authenticate(parts: &mut Parts, state: &AppState) -> Result<Identity> {
    if let Some(known) = parts.extensions.get::<Identity>() {
        return Ok(known.clone());
    }
    let identity = match Credential::read(&parts.headers)? {
        Credential::Key(text) => {
            let key = state.keys().find(state.services().store.as_ref(), &text).await?;
            let key = key.ok_or_else(|| Error::unauthenticated("Unauthorized: the API key is not valid"))?;
            let caller = Caller {
                environment: key.environment,
                scope: key.scope,
                mode: key.mode,
            };
            Identity { caller, scope: None }
        }
        Credential::Token(text) => {
            let (environment, claims) = state.signers().verify(state.services(), &text).await?;
            let scope = Scope::parse(&claims.scope);
            let scope = scope.map_err(|_| Error::unauthenticated("Unauthorized: the token's scope is not known"))?;
            let caller = Caller {
                environment,
                scope: KeyScope::Published,
                mode: KeyMode::Live,
            };
            Identity {
                caller,
                scope: Some(scope),
            }
        }
    };
    parts.extensions.insert(identity.clone());
    Ok(identity)
}

/// The environment of the API key in a request's headers, for parts of the program that are no operations of the API.
///
/// # Errors
/// `Unauthenticated` as for any operation; `Forbidden` for a person's token.
pub async fn environment_of(state: &AppState, headers: &http::HeaderMap) -> Result<Environment> {
    match Credential::read(headers)? {
        Credential::Token(_) => Err(Error::forbidden("This needs an API key")),
        Credential::Key(text) => {
            let key = state.keys().find(state.services().store.as_ref(), &text).await?;
            let key = key.ok_or_else(|| Error::unauthenticated("Unauthorized: the API key is not valid"))?;
            Ok(key.environment)
        }
    }
}
