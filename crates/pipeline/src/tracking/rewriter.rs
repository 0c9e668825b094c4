//! Leading the links of one mail through this server.

use tidings_render::LinkRewriter;
use tidings_types::{Environment, Object};

use super::claims::{TrackingClaims, TrackingKind};
use super::utm::with_utm;
use crate::Links;

/// The links of one message through one provider.
pub struct Tracked {
    /// Signs.
    pub links: Links,
    /// The environment.
    pub environment: Environment,
    /// The message.
    pub message_id: String,
    /// Channel and provider, such as `email:smtp`.
    pub via: String,
    /// What is added to each target.
    pub utm: Object,
}

impl std::fmt::Debug for Tracked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tracked")
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}

impl Tracked {
    /// The address of one kind.
    pub fn url(&self, kind: TrackingKind, target: Option<String>) -> String {
        let claims = TrackingClaims {
            kind,
            environment: self.environment,
            message_id: self.message_id.clone(),
            via: self.via.clone(),
            target,
        };
        claims.url(&self.links)
    }
}

impl LinkRewriter for Tracked {
    /// Only links to the web are tracked, and of those not the ones to people's own pages.
    fn rewrite(&self, link: &str) -> Option<String> {
        let lower = link.get(..8).unwrap_or(link).to_ascii_lowercase();
        let is_web = lower.starts_with("https://") || lower.starts_with("http://");
        if !is_web || self.links.is_personal(link) || self.links.is_tracked(link) {
            return None;
        }
        Some(self.url(TrackingKind::Click, Some(with_utm(link, &self.utm))))
    }
}
