//! Signed links to a person's own pages: preferences and unsubscribe.
//!
//! A token is `base64url(claims) "." base64url(HMAC-SHA256(claims), first 16 bytes)`, keyed per environment. Whoever
//! holds the link may act for that person on that page, so it stands only in messages to that person.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use tidings_store::Store;
use tidings_store::vault::Vault;
use tidings_types::{Environment, Random, Result, SecretString, Timestamp};

use crate::mac::keyed;

/// How many bytes of the signature a link carries: 128 bits.
const SIGNATURE_BYTES: usize = 16;

/// Which page a link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    /// All of a person's preferences.
    Preferences,
    /// Opting out of one topic.
    Unsubscribe,
    /// Confirming what was opted in to at the moment the link was made.
    Confirm,
    /// The preference page as it will be once it is published. Nothing can be changed on it.
    Preview,
}

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkClaims {
    /// Which page.
    #[serde(rename = "k")]
    pub kind: LinkKind,
    /// The environment.
    #[serde(rename = "e")]
    pub environment: Environment,
    /// The person.
    #[serde(rename = "u")]
    pub user_id: String,
    /// For this tenant only.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// The topic to opt out of.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub topic_id: Option<String>,
    /// The message the link stood in.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// When it was made.
    #[serde(rename = "i")]
    pub issued: Timestamp,
}

/// A link that is not one of ours: forged, cut or mistyped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkError;

impl std::fmt::Display for LinkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("this link is not valid")
    }
}

impl std::error::Error for LinkError {}

/// Makes and reads signed links.
#[derive(Clone)]
pub struct Links {
    public_url: String,
    keys: [SecretString; 2],
}

impl Links {
    /// Loads the signing secrets, making them at the first start.
    pub async fn load(store: &dyn Store, vault: &Vault, random: &dyn Random, public_url: &str) -> Result<Self> {
        let mut keys = Vec::with_capacity(2);
        for environment in Environment::ALL {
            keys.push(environment_secret(store, vault, random, environment, "links").await?);
        }
        let [production, test]: [SecretString; 2] = keys
            .try_into()
            .map_err(|_| tidings_types::Error::internal("two environments have two keys"))?;
        Ok(Self {
            public_url: public_url.trim_end_matches('/').to_owned(),
            keys: [production, test],
        })
    }

    /// The whole address of a page.
    pub fn url(&self, claims: &LinkClaims) -> String {
        let page = match claims.kind {
            LinkKind::Preferences | LinkKind::Preview => "p",
            LinkKind::Unsubscribe => "u",
            LinkKind::Confirm => "c",
        };
        self.address(&format!("{page}/{}", self.token(claims)))
    }

    /// An address on this server.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}/{path}", self.public_url)
    }

    /// Whether an address is that of a link which is tracked already.
    pub(crate) fn is_tracked(&self, url: &str) -> bool {
        let path = url.strip_prefix(&self.public_url);
        path.is_some_and(|path| path.starts_with("/r/"))
    }

    /// Whether an address is one of people's own pages, which are never tracked.
    pub(crate) fn is_personal(&self, url: &str) -> bool {
        let path = url.strip_prefix(&self.public_url).unwrap_or_default();
        ["/p/", "/u/", "/c/"].iter().any(|page| path.starts_with(page))
    }

    /// The signed part of a link.
    pub fn token(&self, claims: &LinkClaims) -> String {
        self.sign_claims(claims.environment, "", claims)
    }

    /// Reads the signed part of a link.
    ///
    /// # Errors
    /// [`LinkError`] when it was not made by this server.
    pub fn verify(&self, token: &str) -> std::result::Result<LinkClaims, LinkError> {
        self.read_claims(token, "", |claims: &LinkClaims| claims.environment)
    }

    /// Signs claims. `domain` keeps tokens of one use from passing for another's.
    pub(crate) fn sign_claims(&self, environment: Environment, domain: &str, claims: &impl Serialize) -> String {
        // Claims hold only strings and numbers: they always serialise.
        let payload = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims).unwrap_or_default());
        let mut signature = self
            .mac(environment, domain, payload.as_bytes())
            .finalize()
            .into_bytes()
            .to_vec();
        signature.truncate(SIGNATURE_BYTES);
        format!("{payload}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Reads what [`Self::sign_claims`] signed for this domain. `environment` says under whose key.
    pub(crate) fn read_claims<C: DeserializeOwned>(
        &self,
        token: &str,
        domain: &str,
        environment: impl Fn(&C) -> Environment,
    ) -> std::result::Result<C, LinkError> {
        let (payload, signature) = token.split_once('.').ok_or(LinkError)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| LinkError)?;
        let json = URL_SAFE_NO_PAD.decode(payload).map_err(|_| LinkError)?;
        let claims: C = serde_json::from_slice(&json).map_err(|_| LinkError)?;
        if signature.len() != SIGNATURE_BYTES {
            return Err(LinkError);
        }
        self.mac(environment(&claims), domain, payload.as_bytes())
            .verify_truncated_left(&signature)
            .map_err(|_| LinkError)?;
        Ok(claims)
    }

    fn mac(&self, environment: Environment, domain: &str, payload: &[u8]) -> Hmac<Sha256> {
        let [production, test] = &self.keys;
        let key = match environment {
            Environment::Production => production,
            Environment::Test => test,
        };
        let mut mac = keyed(key);
        if !domain.is_empty() {
            mac.update(domain.as_bytes());
            // No payload holds this: they are base64.
            mac.update(b":");
        }
        mac.update(payload);
        mac
    }
}

/// A named secret of an environment, made at first use: 256 random bits, sealed at rest.
pub async fn environment_secret(
    store: &dyn Store,
    vault: &Vault,
    random: &dyn Random,
    environment: Environment,
    name: &str,
) -> Result<SecretString> {
    let context = format!("secret/{environment}/{name}");
    let mut bytes = [0_u8; 32];
    random.fill(&mut bytes);
    let candidate = vault.seal(random, &context, &URL_SAFE_NO_PAD.encode(bytes));
    let sealed = store.secret(environment, name, &candidate).await?;
    vault.open(&context, &sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links() -> Links {
        Links {
            public_url: "https://t.example".to_owned(),
            keys: [SecretString::from("a"), SecretString::from("b")],
        }
    }

    fn claims(environment: Environment) -> LinkClaims {
        LinkClaims {
            kind: LinkKind::Unsubscribe,
            environment,
            user_id: "u/1".to_owned(),
            tenant_id: None,
            topic_id: Some("topic".to_owned()),
            message_id: None,
            issued: Timestamp::from_millis(5),
        }
    }

    #[test]
    fn a_token_passes_only_for_its_own_use() {
        let links = links();
        let claims = claims(Environment::Test);
        let environment = |claims: &LinkClaims| claims.environment;
        let token = links.sign_claims(Environment::Test, "tracking", &claims);
        assert_eq!(links.verify(&token), Err(LinkError));
        assert_eq!(links.read_claims(&token, "tracking", environment), Ok(claims.clone()));
        let page = links.token(&claims);
        assert_eq!(
            links.read_claims::<LinkClaims>(&page, "tracking", environment),
            Err(LinkError)
        );
        assert!(links.is_personal(&links.url(&claims)));
        assert!(!links.is_personal("https://t.example/r/x") && !links.is_personal("https://elsewhere.example/p/x"));
    }

    #[test]
    fn links_round_trip_and_forgeries_are_refused() {
        let links = links();
        let token = links.token(&claims(Environment::Production));
        assert_eq!(links.verify(&token), Ok(claims(Environment::Production)));
        assert!(
            links
                .url(&claims(Environment::Test))
                .starts_with("https://t.example/u/")
        );
        let (payload, signature) = token.split_once('.').unwrap();
        let other = links.token(&claims(Environment::Test));
        let (other_payload, _) = other.split_once('.').unwrap();
        for forged in [
            format!("{other_payload}.{signature}"),
            format!("{payload}."),
            format!("{payload}.AAAA"),
            payload.to_owned(),
            String::new(),
        ] {
            assert_eq!(links.verify(&forged), Err(LinkError), "{forged}");
        }
    }
}
