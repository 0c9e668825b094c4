//! Who may write what is known of a person, from that person's own page.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::Deserialize as _;
use tidings_store::DocumentKind;
use tidings_types::{ClientSettings, Environment, Error, Result, SettingsSection as _, UserId};

use super::scoped::{person_in, reaches};
use super::{WriteProfiles, authenticate, client_key};
use crate::AppState;
use crate::error::ApiError;

/// A call that writes the profile of the person in the path (`{user_id}`).
///
/// Who writes a profile decides where its messages go, a link to set a new password among them. So a token must say that
/// it may (`write:profiles`) and be bound to that person: one that was made for reading the inbox, and taken from a page, is
/// not enough. A client key with the person's id signed, which never ends, counts only where the environment says so
/// ([`ClientSettings`]). A client key alone never does.
#[derive(Clone, Debug)]
pub struct OwnProfile {
    /// The environment.
    pub environment: Environment,
    /// The person.
    pub user: UserId,
}

impl FromRequestParts<AppState> for OwnProfile {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let user = person_in(parts, state).await?;
        let environment = if let Some((key, signature)) = client_key(&parts.headers) {
            let identity = state.auth().identify_client(key, &user, signature).await?;
            may_sign(state, identity.environment()).await?;
            identity.environment()
        } else {
            let identity = authenticate(parts, state).await?;
            reaches::<WriteProfiles>(&identity, &user)?;
            identity.environment()
        };
        Ok(Self { environment, user })
    }
}

/// Refuses signatures where the environment does not take them. The setting is read afresh, so that what is switched off is
/// off at once.
async fn may_sign(state: &AppState, environment: Environment) -> Result<()> {
    let store = &state.services().store;
    let found = store
        .document(environment, DocumentKind::Settings, ClientSettings::NAME)
        .await?;
    let settings = match found {
        None => ClientSettings::default(),
        Some(document) => ClientSettings::deserialize(&document.body).map_err(Error::internal)?,
    };
    if settings.identify_by_signature {
        return Ok(());
    }
    Err(Error::forbidden(
        "A signed user id cannot write a profile while `identify_by_signature` of the settings `clients` is off: use a token \
         with the scope `write:profiles`",
    ))
}
