//! Client keys, for clients of the older protocol: a public key that names the environment, and a person's id signed
//! on the application's own server.
//!
//! A client key is base64 of `<workspace>` in production and `<workspace>/test` in the test environment; clients take it
//! apart. The signature is the hex HMAC-SHA256 of the user id under the environment's client secret. It is always
//! asked for: with the key alone, which everyone can read in a page, anyone could read anyone's messages.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tidings_pipeline::Services;
use tidings_pipeline::links::environment_secret;
use tidings_types::{Environment, Error, ExposeSecret as _, Result, SecretString, UserId};
use tokio::sync::OnceCell;

/// The name of the stored workspace id.
const WORKSPACE: &str = "workspace";
/// The name of the secret by which user ids are signed.
const SECRET: &str = "client-keys";

/// A client key and what belongs to it.
#[derive(Clone, Debug)]
pub struct ClientKey {
    /// The public key, for a page or an app.
    pub key: String,
    /// By which the application's server signs user ids. Not for pages and apps.
    pub secret: SecretString,
}

impl ClientKey {
    /// The signature that proves a user id.
    pub fn sign(&self, user: &UserId) -> String {
        hex::encode(mac(&self.secret, user).finalize().into_bytes())
    }
}

/// The client keys of both environments, loaded when first needed.
#[derive(Default)]
pub(crate) struct ClientKeys {
    workspace: OnceCell<String>,
    production: OnceCell<SecretString>,
    test: OnceCell<SecretString>,
}

impl ClientKeys {
    /// What clients know an environment by: an id of this installation, and `/test` behind it for the test environment.
    pub(crate) async fn workspace(&self, services: &Services, environment: Environment) -> Result<String> {
        let id = self.workspace.get_or_try_init(|| workspace(services)).await?;
        Ok(match environment {
            Environment::Production => id.clone(),
            Environment::Test => format!("{id}/{}", Environment::Test),
        })
    }

    pub(crate) async fn of(&self, services: &Services, environment: Environment) -> Result<ClientKey> {
        let workspace = self.workspace(services, environment).await?;
        let secret = self.secret(services, environment).await?.clone();
        Ok(ClientKey {
            key: STANDARD.encode(workspace),
            secret,
        })
    }

    pub(crate) async fn verify(
        &self,
        services: &Services,
        key: &str,
        user: &UserId,
        signature: Option<&str>,
    ) -> Result<Environment> {
        let environment = self.environment(services, key).await?;
        let signature = signature.and_then(|text| hex::decode(text).ok());
        let signature = signature
            .ok_or_else(|| Error::unauthenticated("Unauthorized: a client key needs the user id's signature"))?;
        let secret = self.secret(services, environment).await?;
        mac(secret, user)
            .verify_slice(&signature)
            .map_err(|_| Error::unauthenticated("Unauthorized: the signature does not fit the user id"))?;
        Ok(environment)
    }

    pub(crate) async fn environment(&self, services: &Services, key: &str) -> Result<Environment> {
        let unknown = || Error::unauthenticated("Unauthorized: the client key is not valid");
        let named = STANDARD
            .decode(key)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok());
        let named = named.ok_or_else(unknown)?;
        for environment in Environment::ALL {
            if self.workspace(services, environment).await? == named {
                return Ok(environment);
            }
        }
        Err(unknown())
    }

    async fn secret(&self, services: &Services, environment: Environment) -> Result<&SecretString> {
        let cell = match environment {
            Environment::Production => &self.production,
            Environment::Test => &self.test,
        };
        let load = || {
            environment_secret(
                services.store.as_ref(),
                &services.vault,
                services.random.as_ref(),
                environment,
                SECRET,
            )
        };
        cell.get_or_try_init(load).await
    }
}

/// The installation's id, made once. It is no secret.
async fn workspace(services: &Services) -> Result<String> {
    let mut bytes = [0_u8; 16];
    services.random.fill(&mut bytes);
    let candidate = hex::encode(bytes);
    services
        .store
        .secret(Environment::Production, WORKSPACE, &candidate)
        .await
}

fn mac(secret: &SecretString, user: &UserId) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).expect("any key length works");
    mac.update(user.as_str().as_bytes());
    mac
}
