//! What a tracked link says.

use serde::{Deserialize, Serialize};
use tidings_types::Environment;

use crate::{LinkError, Links};

/// What a tracked link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TrackingKind {
    /// A link in a mail: it leads on.
    #[serde(rename = "c")]
    Click,
    /// The pixel in a mail.
    #[serde(rename = "o")]
    Open,
    /// Where an app reports to.
    #[serde(rename = "e")]
    Device,
}

/// What a tracked link says. Names are short because links are long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackingClaims {
    /// What it is for.
    #[serde(rename = "k")]
    pub kind: TrackingKind,
    /// The environment.
    #[serde(rename = "e")]
    pub environment: Environment,
    /// The message.
    #[serde(rename = "m")]
    pub message_id: String,
    /// Channel and provider it went through, such as `email:smtp`.
    #[serde(rename = "v")]
    pub via: String,
    /// Where it leads.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

/// Keeps signatures of tracked links apart from those of people's pages, which are made with the same key.
const DOMAIN: &str = "tracking";

impl TrackingClaims {
    /// The whole address.
    pub fn url(&self, links: &Links) -> String {
        let token = links.sign_claims(self.environment, DOMAIN, self);
        match self.kind {
            TrackingKind::Click => links.address(&format!("r/{token}")),
            TrackingKind::Open => links.address(&format!("o/{token}.gif")),
            TrackingKind::Device => links.address(&format!("e/{token}")),
        }
    }

    /// Reads a token, if it is ours and for this.
    ///
    /// # Errors
    /// [`LinkError`] when it is not.
    pub fn read(links: &Links, token: &str, kind: TrackingKind) -> Result<Self, LinkError> {
        let claims: Self = links.read_claims(token, DOMAIN, |claims: &Self| claims.environment)?;
        if claims.kind == kind {
            Ok(claims)
        } else {
            Err(LinkError)
        }
    }
}
