//! Sections and topics as they stand for one person.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use tidings_domain::preference::{Effective, Layers, Standing, effective};
use tidings_pipeline::LinkClaims;
use tidings_store::{Document, DocumentKind, PageRequest, StoredPreference};
use tidings_types::{Channel, Environment, Error, Result, Topic, TopicId, UserId};

use crate::Pages;

/// How many documents are read at once.
const PAGE: u32 = 200;

/// A group of topics.
pub(super) struct Section {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) topics: Vec<Item>,
}

/// A topic and what holds for the person.
pub(super) struct Item {
    pub(super) topic: Topic,
    pub(super) description: Option<String>,
    /// The channels to choose from; none where channels cannot be chosen.
    pub(super) channels: Vec<Channel>,
    /// What the person said before, in the layer that is written.
    pub(super) stored: StoredPreference,
    pub(super) locked: bool,
    /// What the form shows.
    pub(super) choice: Choice,
}

/// What a person says of a topic on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// Whether its messages come at all.
    pub(super) on: bool,
    /// Only through these channels; none for any.
    pub(super) only: Option<Vec<Channel>>,
}

/// What the page reads of a section's or a topic's document.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    name: String,
    description: Option<String>,
    routing_options: Option<Vec<Value>>,
    has_custom_routing: bool,
}

impl Body {
    fn of(document: &Document) -> Result<Self> {
        serde_json::from_value(document.body.clone()).map_err(Error::internal)
    }

    fn channels(&self) -> Vec<Channel> {
        let options = self.routing_options.iter().flatten();
        options.filter_map(|option| Channel::parse(option.as_str()?)).collect()
    }
}

impl Pages {
    /// All sections that have topics, oldest first.
    pub(super) async fn sections(&self, claims: &LinkClaims) -> Result<Vec<Section>> {
        let own = Own::read(self, claims).await?;
        let mut topics: HashMap<String, Vec<Document>> = HashMap::new();
        for document in self.all(claims.environment, DocumentKind::Topic).await? {
            topics
                .entry(document.parent.clone().unwrap_or_default())
                .or_default()
                .push(document);
        }
        let mut sections = Vec::new();
        for document in self.all(claims.environment, DocumentKind::Section).await? {
            let Some(topics) = topics.remove(&document.id) else {
                continue;
            };
            let section = Body::of(&document)?;
            let items = topics
                .iter()
                .map(|topic| item(self, &section, topic, &own))
                .collect::<Result<_>>()?;
            sections.push(Section {
                name: section.name,
                description: section.description,
                topics: items,
            });
        }
        Ok(sections)
    }

    async fn all(&self, environment: Environment, kind: DocumentKind) -> Result<Vec<Document>> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let page = self
                .services
                .store
                .documents(environment, kind, None, PageRequest { after, limit: PAGE })
                .await?;
            all.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    }
}

/// What the person said, in both layers.
struct Own {
    everywhere: HashMap<TopicId, StoredPreference>,
    within: Option<HashMap<TopicId, StoredPreference>>,
}

impl Own {
    async fn read(pages: &Pages, claims: &LinkClaims) -> Result<Self> {
        let user = UserId::from(claims.user_id.as_str());
        let store = &pages.services.store;
        let by_topic = |all: Vec<StoredPreference>| all.into_iter().map(|one| (one.topic_id.clone(), one)).collect();
        let everywhere = by_topic(store.preferences(claims.environment, &user, None).await?);
        let within = match claims.tenant_id.as_deref() {
            Some(tenant) => Some(by_topic(
                store.preferences(claims.environment, &user, Some(tenant)).await?,
            )),
            None => None,
        };
        Ok(Self { everywhere, within })
    }

    /// The layers that speak of a topic, everywhere first.
    fn layers(&self, topic: &TopicId) -> Vec<tidings_types::Preference> {
        let within = self.within.as_ref().and_then(|within| within.get(topic));
        self.everywhere
            .get(topic)
            .into_iter()
            .chain(within)
            .map(|stored| stored.preference.clone())
            .collect()
    }

    /// What was said in the layer that is written.
    fn written(&self, topic: &TopicId) -> StoredPreference {
        let layer = self.within.as_ref().unwrap_or(&self.everywhere);
        layer
            .get(topic)
            .cloned()
            .unwrap_or_else(|| StoredPreference::silent(topic.clone()))
    }
}

fn item(pages: &Pages, section: &Body, document: &Document, own: &Own) -> Result<Item> {
    let mut body = document.body.clone();
    if let Some(object) = body.as_object_mut() {
        object.insert("id".to_owned(), Value::String(document.id.clone()));
    }
    let topic: Topic = serde_json::from_value(body).map_err(Error::internal)?;
    let body = Body::of(document)?;
    let standing = effective(
        &topic,
        &Layers {
            person: own.layers(&topic.id),
            ..Layers::default()
        },
        pages.services.clock.now(),
    );
    let offered = [body.channels(), section.channels(), Channel::ALL.to_vec()];
    let channels = if section.has_custom_routing {
        offered.into_iter().find(|some| !some.is_empty()).unwrap_or_default()
    } else {
        Vec::new()
    };
    Ok(Item {
        stored: own.written(&topic.id),
        description: body.description,
        locked: standing.standing == Standing::Required,
        choice: choice(&standing, &channels),
        channels,
        topic,
    })
}

fn choice(standing: &Effective, channels: &[Channel]) -> Choice {
    let on = match standing.standing {
        Standing::Required | Standing::In | Standing::Snoozed { .. } => true,
        Standing::OptedOut | Standing::NotOptedIn => false,
    };
    let chosen = standing.preference.has_custom_routing == Some(true) && !channels.is_empty();
    let kept = || {
        channels
            .iter()
            .copied()
            .filter(|one| standing.preference.custom_routing.contains(one))
            .collect()
    };
    Choice {
        on,
        only: chosen.then(kept),
    }
}
