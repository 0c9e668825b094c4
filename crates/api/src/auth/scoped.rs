//! What tokens of browsers and phones may do too, as far as their scope reaches.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use http::request::Parts;
use tidings_auth::Identity;
use tidings_pipeline::preferences::{Origin, Speaker, check_tenant};
use tidings_types::{Environment, Error, UserId};

use super::{Need, authenticate, client_key};
use crate::AppState;
use crate::error::ApiError;
use crate::path::checked;
use crate::query::Query;

/// A call made with an API key, or with a token that grants `N` (for the resource in the path, where there is one).
#[derive(Clone, Copy, Debug)]
pub struct Scoped<N> {
    /// The environment.
    pub environment: Environment,
    need: PhantomData<N>,
}

impl<N: Need> FromRequestParts<AppState> for Scoped<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let identity = authenticate(parts, state).await?;
        if identity.scope().is_some() {
            let params = checked(parts, state).await?;
            let resource = N::RESOURCE.and_then(|name| params.iter().find(|(one, _)| *one == name));
            if !identity.grants(N::ITEM, resource.map(|(_, value)| value)) {
                return Err(out_of_reach(N::ITEM));
            }
        }
        Ok(Self {
            environment: identity.environment(),
            need: PhantomData,
        })
    }
}

/// A call about the person in the path (`{user_id}`), made with an API key, with a token that grants `N` and is bound to
/// that person, or with a client key and that person's id signed.
#[derive(Clone, Debug)]
pub struct UserCaller<N> {
    /// The environment.
    pub environment: Environment,
    /// The person.
    pub user: UserId,
    /// Whether it is the person's own token, and not an API key.
    pub is_person: bool,
    need: PhantomData<N>,
}

impl<N> UserCaller<N> {
    /// Where the preference log says a change came from.
    pub const fn origin(&self) -> Origin {
        if self.is_person { Origin::App } else { Origin::Api }
    }

    /// The tenant that a call names, to write something for it. A person's own token speaks of tenants that are there; with
    /// an API key, what people say may be written before their tenant is.
    ///
    /// # Errors
    /// `Invalid` for what no tenant can be called, or for one that is not there.
    pub(crate) async fn tenant<'q>(
        &self,
        state: &AppState,
        query: &'q Query,
    ) -> tidings_types::Result<Option<&'q str>> {
        let Some(tenant) = query.tenant()? else { return Ok(None) };
        if self.is_person {
            check_tenant(state.services(), self.environment, "tenant_id", tenant).await?;
        }
        Ok(Some(tenant))
    }

    /// Whoever calls, speaking for the person.
    pub const fn speaker<'a>(&'a self, tenant: Option<&'a str>, wording: Option<&'a str>) -> Speaker<'a> {
        Speaker {
            environment: self.environment,
            user: &self.user,
            tenant,
            origin: self.origin(),
            message_id: None,
            wording,
            language: None,
        }
    }
}

impl<N: Need> FromRequestParts<AppState> for UserCaller<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let user = person_in(parts, state).await?;
        let identity = match client_key(&parts.headers) {
            Some((key, signature)) => state.auth().identify_client(key, &user, signature).await?,
            None => authenticate(parts, state).await?,
        };
        reaches::<N>(&identity, &user)?;
        Ok(Self {
            environment: identity.environment(),
            user,
            is_person: identity.scope().is_some(),
            need: PhantomData,
        })
    }
}

/// The person in the path.
pub(super) async fn person_in(parts: &mut Parts, state: &AppState) -> Result<UserId, ApiError> {
    let params = checked(parts, state).await?;
    let user = params
        .iter()
        .find(|(name, _)| *name == "user_id")
        .map(|(_, value)| UserId::from(value));
    Ok(user.ok_or_else(|| Error::internal("the route of a user's call has no {user_id}"))?)
}

/// Refuses whoever may not do `N`, or not for this person.
pub(super) fn reaches<N: Need>(identity: &Identity, user: &UserId) -> Result<(), ApiError> {
    if !identity.grants(N::ITEM, None) {
        return Err(out_of_reach(N::ITEM));
    }
    if !identity.acts_for(user) {
        return Err(Error::forbidden("The token is not bound to this user").into());
    }
    Ok(())
}

fn out_of_reach(item: &str) -> ApiError {
    Error::forbidden(format!("The token lacks the scope `{item}`")).into()
}
