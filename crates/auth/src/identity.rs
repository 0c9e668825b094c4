//! From a credential to who calls.

use std::sync::Arc;

use tidings_pipeline::{Caller, Services};
use tidings_types::{Environment, Error, KeyMode, KeyScope, Result, UserId};

use crate::client_key::ClientKeys;
use crate::keys::KeyCache;
use crate::token::Signers;
use crate::{Claims, ClientKey, Credential, Of, Right, Scope};

/// Who calls.
#[derive(Clone, Debug)]
pub struct Identity {
    caller: Caller,
    scope: Option<Scope>,
    actor: String,
}

impl Identity {
    /// A client limited to a scope. When it is bound to nobody, `id` says who it is.
    fn limited(environment: Environment, scope: Scope, id: &str) -> Self {
        let caller = Caller {
            environment,
            scope: KeyScope::Published,
            mode: KeyMode::Live,
        };
        let bound = scope.people().next().map(UserId::into_string);
        let actor = bound.unwrap_or_else(|| id.to_owned());
        Self {
            caller,
            scope: Some(scope),
            actor,
        }
    }

    /// The environment and how sends behave.
    pub fn caller(&self) -> Caller {
        self.caller
    }

    /// The environment.
    pub fn environment(&self) -> Environment {
        self.caller.environment
    }

    /// Who it is, for the record: the id of an API key, of the first person a token is bound to, or of a token that is
    /// bound to nobody.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// What a token is limited to; an API key is not.
    pub fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }

    /// Whether it may do something: an API key may do all, a token what its scope grants.
    pub fn grants(&self, need: &str, resource: Option<&str>) -> bool {
        self.scope.as_ref().is_none_or(|scope| scope.grants(need, resource))
    }

    /// Whether it may see or change something of a tenant: an API key may, a token as its scope grants it.
    pub fn grants_of_tenant(&self, of: Of, right: Right, tenant: &str) -> bool {
        let granted = |scope: &Scope| scope.grants_of_tenant(of, right, tenant);
        self.scope.as_ref().is_none_or(granted)
    }

    /// Whether it may see or change anything of a tenant.
    pub fn concerns_tenant(&self, tenant: &str) -> bool {
        self.scope.as_ref().is_none_or(|scope| scope.concerns_tenant(tenant))
    }

    /// Whether it may see or change something of some tenant.
    pub fn grants_of_some_tenant(&self, of: Of, right: Right) -> bool {
        let granted = |scope: &Scope| scope.grants_of_some_tenant(of, right);
        self.scope.as_ref().is_none_or(granted)
    }

    /// Whether it may act for a person: an API key for all, a token for those it is bound to.
    pub fn acts_for(&self, user: &UserId) -> bool {
        self.scope.as_ref().is_none_or(|scope| scope.binds(user))
    }
}

/// Proves callers. It remembers keys and secrets, so a program has one.
pub struct Auth {
    services: Arc<Services>,
    keys: KeyCache,
    signers: Signers,
    client_keys: ClientKeys,
}

impl Auth {
    /// Over a set of services.
    pub fn new(services: Arc<Services>) -> Self {
        Self {
            services,
            keys: KeyCache::new(),
            signers: Signers::default(),
            client_keys: ClientKeys::default(),
        }
    }

    /// Finds out who brings a credential.
    ///
    /// # Errors
    /// `Unauthenticated` when it is unknown, revoked or expired.
    pub async fn identify(&self, credential: &Credential) -> Result<Identity> {
        match credential {
            Credential::Key(text) => {
                let key = self.keys.find(self.services.store.as_ref(), text).await?;
                let key = key.ok_or_else(|| Error::unauthenticated("Unauthorized: the API key is not valid"))?;
                let caller = Caller {
                    environment: key.environment,
                    scope: key.scope,
                    mode: key.mode,
                };
                Ok(Identity {
                    caller,
                    scope: None,
                    actor: key.id,
                })
            }
            Credential::Token(text) => {
                let (environment, claims) = self.signers.verify(&self.services, text).await?;
                let scope = Scope::parse(&claims.scope);
                let scope =
                    scope.map_err(|_| Error::unauthenticated("Unauthorized: the token's scope is not known"))?;
                Ok(Identity::limited(environment, scope, &claims.jti))
            }
        }
    }

    /// Finds out who brings a client key and a user id signed with its secret.
    ///
    /// # Errors
    /// `Unauthenticated` when the key is not one of ours, or the signature is missing or wrong.
    pub async fn identify_client(&self, key: &str, user: &UserId, signature: Option<&str>) -> Result<Identity> {
        let environment = self.client_keys.verify(&self.services, key, user, signature).await?;
        Ok(Identity::limited(environment, Scope::of_client(user), ""))
    }

    /// The environment of a client key.
    ///
    /// # Errors
    /// `Unauthenticated` when the key is not one of ours.
    pub async fn client_environment(&self, key: &str) -> Result<Environment> {
        self.client_keys.environment(&self.services, key).await
    }

    /// The client key of an environment, and the secret its user ids are signed with.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn client_key(&self, environment: Environment) -> Result<ClientKey> {
        self.client_keys.of(&self.services, environment).await
    }

    /// Signs a token of an environment.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign(&self, environment: Environment, mut claims: Claims) -> Result<String> {
        claims.tenant_id = self.client_keys.workspace(&self.services, environment).await?;
        self.signers.sign(&self.services, environment, &claims).await
    }
}
