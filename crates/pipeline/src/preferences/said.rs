//! What one person said, in both layers, read at once.

use std::collections::HashMap;

use tidings_domain::preference::Layers;
use tidings_store::StoredPreference;
use tidings_types::preference::{EVERYTHING, OF_TEMPLATE};
use tidings_types::{Environment, Preference, Result, TopicId, UserId};

use crate::Services;

type Layer = HashMap<TopicId, Preference>;

/// What one person said.
#[derive(Clone, Debug, Default)]
pub struct Said {
    everywhere: Layer,
    within: Option<Layer>,
}

impl Said {
    /// Reads it: for everywhere, and for one tenant if one is named.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(
        services: &Services,
        environment: Environment,
        user: &UserId,
        tenant: Option<&str>,
    ) -> Result<Self> {
        let by_topic = |all: Vec<StoredPreference>| all.into_iter().map(|one| (one.topic_id, one.preference)).collect();
        let everywhere = by_topic(services.store.preferences(environment, user, None).await?);
        let within = match tenant {
            Some(_) => Some(by_topic(services.store.preferences(environment, user, tenant).await?)),
            None => None,
        };
        Ok(Self { everywhere, within })
    }

    /// Lays it over what tenants say of a topic. Of a template, an older kind of choice may speak too, and counts more.
    pub fn over(&self, tenants: Vec<Preference>, topic: &TopicId, template: Option<&str>) -> Layers {
        let template = template.map(|id| TopicId::from(format!("{OF_TEMPLATE}{id}")));
        let layers = || [Some(&self.everywhere), self.within.as_ref()].into_iter().flatten();
        let of = |layer: &Layer, topic: &TopicId| layer.get(topic).cloned();
        let mut person = Vec::new();
        for layer in layers() {
            person.extend(of(layer, topic));
            person.extend(template.as_ref().and_then(|template| of(layer, template)));
        }
        let everything = TopicId::from(EVERYTHING);
        Layers {
            tenants,
            person,
            everything: of(&self.everywhere, &everything).into_iter().collect(),
            call: None,
        }
    }

    /// What was said of a topic in the layer that is written: within the tenant if one was named.
    pub fn written(&self, topic: &TopicId) -> StoredPreference {
        let layer = self.within.as_ref().unwrap_or(&self.everywhere);
        StoredPreference {
            topic_id: topic.clone(),
            preference: layer.get(topic).cloned().unwrap_or_default(),
        }
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
