//! Who calls, found out once per request.

use http::request::Parts;
use tidings_auth::{Credential, Identity};
use tidings_types::{Environment, Error, Result};

use crate::AppState;

/// Finds out who calls, once per request.
///
/// # Errors
/// `Unauthenticated` when the credential is missing, unknown, revoked or expired.
pub(crate) async fn authenticate(parts: &mut Parts, state: &AppState) -> Result<Identity> {
    if let Some(known) = parts.extensions.get::<Identity>() {
        return Ok(known.clone());
    }
    let identity = state.auth().identify(&Credential::read(&parts.headers)?).await?;
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
        key @ Credential::Key(_) => Ok(state.auth().identify(&key).await?.environment()),
    }
}
