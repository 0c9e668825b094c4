//! What one person said, in both layers, read at once.

use std::collections::HashMap;
use std::sync::Arc;

use tidings_domain::preference::{Effective, Layers, effective};
use tidings_store::{DocumentKind, StoredPreference};
use tidings_types::consent::{self, Consent};
use tidings_types::id::MAX_USER_ID;
use tidings_types::preference::{EVERYTHING, OF_TEMPLATE};
use tidings_types::{Environment, Error, Preference, PreferenceStatus, Result, Timestamp, Topic, TopicId, UserId};

use crate::Services;
use crate::tenants::TenantChain;

type Layer = HashMap<TopicId, Preference>;

/// Refuses a tenant that is not there.
///
/// # Errors
/// `Invalid`, naming the field.
pub async fn check_tenant(services: &Services, environment: Environment, field: &str, tenant: &str) -> Result<()> {
    // No tenant was ever made whose id is longer.
    let known = tenant.len() <= MAX_USER_ID
        && services
            .documents()
            .document(environment, DocumentKind::Tenant, tenant)
            .await?
            .is_some();
    if known {
        return Ok(());
    }
    Err(Error::invalid(format!("{field}: There is no such tenant")))
}

/// What one person said, and the tenants it may be laid over.
#[derive(Clone, Debug, Default)]
pub struct Said {
    everywhere: Layer,
    within: Option<Layer>,
    tenants: Option<Arc<TenantChain>>,
    tenant: Option<String>,
    /// Of marketing only, and only where it was asked for.
    consents: Vec<Consent>,
}

impl Said {
    /// Reads it: for everywhere, and for one tenant if one is named. Of nobody, nothing was said.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(
        services: &Services,
        environment: Environment,
        user: Option<&UserId>,
        tenant: Option<&str>,
    ) -> Result<Self> {
        let tenants = match tenant {
            Some(id) => services.documents().tenant_chain(environment, id).await?,
            None => None,
        };
        let named = tenant.map(str::to_owned);
        let Some(user) = user else {
            return Ok(Self {
                tenants,
                tenant: named,
                ..Self::default()
            });
        };
        let by_topic = |all: Vec<StoredPreference>| all.into_iter().map(|one| (one.topic_id, one.preference)).collect();
        let everywhere = by_topic(services.store.preferences(environment, user, None).await?);
        let within = match tenant {
            Some(_) => Some(by_topic(services.store.preferences(environment, user, tenant).await?)),
            None => None,
        };
        Ok(Self {
            everywhere,
            within,
            tenants,
            tenant: named,
            consents: Vec::new(),
        })
    }

    /// Reads what the person agreed to as well: what marketing stands or falls with.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn with_consents(
        mut self,
        services: &Services,
        environment: Environment,
        user: Option<&UserId>,
    ) -> Result<Self> {
        if let Some(user) = user {
            self.consents = services.store.consents(environment, user).await?;
        }
        Ok(self)
    }

    /// All layers that speak of a topic. Of a template, an older kind of choice may speak too, and counts more.
    pub fn layers(&self, topic: &TopicId, template: Option<&str>) -> Layers {
        let template = template.map(|id| TopicId::from(format!("{OF_TEMPLATE}{id}")));
        let of = |layer: &Layer, topic: &TopicId| layer.get(topic).cloned();
        let mut person = Vec::new();
        for layer in [Some(&self.everywhere), self.within.as_ref()].into_iter().flatten() {
            person.extend(of(layer, topic));
            person.extend(template.as_ref().and_then(|template| of(layer, template)));
        }
        let everything = TopicId::from(EVERYTHING);
        let tenants = self.tenants.as_ref();
        Layers {
            tenants: tenants
                .map(|chain| chain.default_preferences(topic))
                .unwrap_or_default(),
            person,
            everything: of(&self.everywhere, &everything).into_iter().collect(),
            call: None,
            consent: consent::state(&self.consents, topic, self.tenant.as_deref()),
        }
    }

    /// What holds for who says nothing: the topic's default with the tenants' over it.
    pub fn default_status(&self, topic: &Topic) -> PreferenceStatus {
        // No default depends on the moment.
        self.holds(topic, Timestamp::default()).default_status
    }

    /// What holds of a topic, over all layers.
    pub fn holds(&self, topic: &Topic, now: Timestamp) -> Effective {
        effective(topic, &self.layers(&topic.id, None), now)
    }

    /// What was said of a topic in the layer that is written: within the tenant if one was named.
    pub fn written(&self, topic: &TopicId) -> StoredPreference {
        let layer = self.within.as_ref().unwrap_or(&self.everywhere);
        StoredPreference {
            topic_id: topic.clone(),
            preference: layer.get(topic).cloned().unwrap_or_default(),
        }
    }

    /// All that was said in the layer that is written.
    pub fn layer(&self) -> Vec<StoredPreference> {
        let layer = self.within.as_ref().unwrap_or(&self.everywhere);
        layer
            .iter()
            .map(|(topic_id, preference)| StoredPreference {
                topic_id: topic_id.clone(),
                preference: preference.clone(),
            })
            .collect()
    }

    /// What was said of all topics at once, wherever a message comes from.
    pub fn of_everything(&self) -> StoredPreference {
        let topic_id = TopicId::from(EVERYTHING);
        StoredPreference {
            preference: self.everywhere.get(&topic_id).cloned().unwrap_or_default(),
            topic_id,
        }
    }
}
