//! Who calls, found out once per request.

use http::request::Parts;
use http::{HeaderMap, header};
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

/// What an older client brings in place of a key or token: its client key, and the person's id as signed on the
/// application's own server. None when the request has a credential of the usual kind, or no client key.
pub(crate) fn client_key(headers: &HeaderMap) -> Option<(&str, Option<&str>)> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let key = text("x-courier-client-key").filter(|key| !key.is_empty())?;
    let is_alone = !headers.contains_key(header::AUTHORIZATION);
    is_alone.then(|| (key, text("x-courier-user-signature")))
}

/// The environment of the API key in a request's headers, for parts of the program that are no operations of the API.
///
/// # Errors
/// `Unauthenticated` as for any operation; `Forbidden` for a person's token.
pub async fn environment_of(state: &AppState, headers: &HeaderMap) -> Result<Environment> {
    match Credential::read(headers)? {
        Credential::Token(_) => Err(Error::forbidden("This needs an API key")),
        key @ Credential::Key(_) => Ok(state.auth().identify(&key).await?.environment()),
    }
}
