//! Tokens for browsers and phones: JSON Web Tokens (RFC 7519), HS256 with one secret per environment.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use tidings_pipeline::Services;
use tidings_pipeline::links::environment_secret;
use tidings_types::{Environment, Error, ExposeSecret as _, Result, SecretString, Timestamp};
use tokio::sync::OnceCell;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// What it may do.
    pub scope: String,
    /// Which world it belongs to.
    pub tenant_scope: String,
    /// What clients know the environment by; filled in when the token is signed.
    #[serde(default)]
    pub tenant_id: String,
    /// When it was made, in seconds since the epoch.
    pub iat: i64,
    /// When it ends, in seconds since the epoch.
    pub exp: i64,
    /// Its id.
    pub jti: String,
}

/// The secrets by which tokens are signed, loaded when first needed.
#[derive(Default)]
pub(crate) struct Signers {
    production: OnceCell<SecretString>,
    test: OnceCell<SecretString>,
}

impl Signers {
    /// Signs a token.
    pub(crate) async fn sign(&self, services: &Services, environment: Environment, claims: &Claims) -> Result<String> {
        let secret = self.secret(services, environment).await?;
        let header = Header {
            kid: Some(environment.as_str().to_owned()),
            ..Header::new(Algorithm::HS256)
        };
        let key = EncodingKey::from_secret(secret.expose_secret().as_bytes());
        jsonwebtoken::encode(&header, claims, &key).map_err(Error::internal)
    }

    /// Reads a token.
    ///
    /// # Errors
    /// `Unauthenticated` when it was not signed here, was changed, or has ended.
    pub(crate) async fn verify(&self, services: &Services, token: &str) -> Result<(Environment, Claims)> {
        let invalid = || Error::unauthenticated("Unauthorized: the token is not valid");
        let header = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
        let environment = header.kid.as_deref().and_then(Environment::parse).ok_or_else(invalid)?;
        let secret = self.secret(services, environment).await?;
        let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
        let mut validation = Validation::new(Algorithm::HS256);
        // The library would look at the machine's clock; ours is handed in.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation)
            .map_err(|_| invalid())?
            .claims;
        if seconds(services.clock.now()) >= claims.exp {
            return Err(Error::unauthenticated("Unauthorized: the token has expired"));
        }
        Ok((environment, claims))
    }

    async fn secret(&self, services: &Services, environment: Environment) -> Result<&SecretString> {
        let cell = match environment {
            Environment::Production => &self.production,
            Environment::Test => &self.test,
        };
        cell.get_or_try_init(|| {
            environment_secret(
                services.store.as_ref(),
                &services.vault,
                services.random.as_ref(),
                environment,
                "tokens",
            )
        })
        .await
    }
}

/// A moment in whole seconds, as RFC 7519 counts.
pub fn seconds(moment: Timestamp) -> i64 {
    moment.as_millis().div_euclid(1000)
}
