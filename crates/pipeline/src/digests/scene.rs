//! What a gathering is looked at with: its topic's digest, and what its person wants.

use tidings_domain::preference::{Effective, effective};
use tidings_store::{DigestFilter, DigestInstance, DigestKey, PageRequest};
use tidings_types::digest::Digest;
use tidings_types::{Environment, Result, UserId};

use crate::Services;
use crate::preferences::Said;

/// A topic's digest, and what one person wants of the topic.
pub(super) struct Scene {
    pub(super) digest: Digest,
    pub(super) effective: Effective,
}

impl Scene {
    /// Looks both up. None when there is no such topic any more, or it has no digest.
    pub(super) async fn look(services: &Services, environment: Environment, key: &DigestKey) -> Result<Option<Self>> {
        let topic = services.documents().topic(environment, key.topic_id.as_str()).await?;
        let Some(mut topic) = topic else { return Ok(None) };
        let Some(digest) = topic.digest.take() else {
            return Ok(None);
        };
        let user = Some(&key.user_id);
        let said = Said::read(services, environment, user, key.tenant_id.as_deref()).await?;
        let said = said.with_consents(services, environment, user).await?;
        let layers = said.layers(&key.topic_id, None);
        let effective = effective(&topic, &layers, services.clock.now());
        Ok(Some(Self { digest, effective }))
    }

    /// The rhythm that the person chose, if any.
    pub(super) fn chosen(&self) -> Option<&str> {
        self.effective.preference.digest_schedule_id.as_deref()
    }
}

/// Whether a digest is for a person: for everybody, or for those who belong to its audience.
pub(super) async fn is_in_scope(
    services: &Services,
    environment: Environment,
    digest: &Digest,
    user: &UserId,
) -> Result<bool> {
    match &digest.audience_id {
        None => Ok(true),
        Some(audience) => services.store.is_audience_member(environment, audience, user).await,
    }
}

/// The open gathering of a key, if there is one.
pub(super) async fn open(
    services: &Services,
    environment: Environment,
    key: &DigestKey,
) -> Result<Option<DigestInstance>> {
    let filter = DigestFilter {
        schedule_id: Some(key.schedule_id.clone()),
        user_id: Some(key.user_id.clone()),
        topic_id: Some(key.topic_id.clone()),
        tenant_id: Some(key.tenant_id.clone()),
        open: true,
    };
    let page = PageRequest { after: None, limit: 1 };
    let found = services.store.digest_instances(environment, filter, page).await?;
    Ok(found.items.into_iter().next())
}
