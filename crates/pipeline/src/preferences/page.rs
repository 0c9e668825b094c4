//! What the preference page offers: sections and topics as their owners made them, live or as last published.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_store::{Document, DocumentKind, PageRequest};
use tidings_types::{Channel, Environment, Error, Object, Result, Topic};

use crate::Services;

/// The id of the one page of an environment.
pub(super) const PAGE_ID: &str = "preferences";
/// How many documents are read at once.
const BATCH: u32 = 200;

/// What the page offers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Its heading; the page has one of its own where this is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// The sentence beneath.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `default`, `none`, or a brand's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand_id: Option<String>,
    /// Its sections, oldest first.
    #[serde(default)]
    pub sections: Vec<PageSection>,
}

/// A group of topics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageSection {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub name: String,
    /// Shown beneath the heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The channels people may choose from.
    #[serde(default)]
    pub routing_options: Vec<Channel>,
    /// Whether people may choose channels.
    #[serde(default)]
    pub has_custom_routing: bool,
    /// Its topics, oldest first.
    #[serde(default)]
    pub topics: Vec<PageTopic>,
}

/// A topic as the page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageTopic {
    /// The topic as sending sees it.
    #[serde(flatten)]
    pub topic: Topic,
    /// Shown beneath the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The channels people may choose from.
    #[serde(default)]
    pub routing_options: Vec<Channel>,
    /// What people may set besides the status: `snooze`, `channel_preferences`.
    #[serde(default)]
    pub allowed_preferences: Vec<String>,
    /// The owner's own values.
    #[serde(default)]
    pub topic_data: Object,
}

impl PageTopic {
    /// Whether its owner lets people pause it by itself.
    pub fn allows_pause(&self) -> bool {
        self.allowed_preferences.iter().any(|one| one == "snooze")
    }
}

impl PageSection {
    /// The channels a person may choose from for a topic of this section; none where channels cannot be chosen.
    pub fn channels(&self, topic: &PageTopic) -> Vec<Channel> {
        let allowed = topic.allowed_preferences.iter().any(|one| one == "channel_preferences");
        if !self.has_custom_routing && !allowed {
            return Vec::new();
        }
        let offered = [
            topic.routing_options.clone(),
            self.routing_options.clone(),
            Channel::ALL.to_vec(),
        ];
        offered.into_iter().find(|some| !some.is_empty()).unwrap_or_default()
    }
}

/// The page as it was last published, or as it stands now: for drafts, and where nothing was ever published.
///
/// # Errors
/// When the store cannot be read.
pub async fn load(services: &Services, environment: Environment, draft: bool) -> Result<Page> {
    let document = services
        .documents()
        .document(environment, DocumentKind::PreferencePage, PAGE_ID)
        .await?;
    let published: Option<Page> = document
        .and_then(|document| document.published.clone())
        .map(serde_json::from_value)
        .transpose()
        .map_err(Error::internal)?;
    match published {
        Some(page) if !draft => Ok(page),
        published => {
            let shown = published.unwrap_or_default();
            Ok(Page {
                sections: live(services, environment).await?,
                ..shown
            })
        }
    }
}

/// All sections with their topics, as they stand now.
pub(super) async fn live(services: &Services, environment: Environment) -> Result<Vec<PageSection>> {
    let mut by_section: HashMap<String, Vec<PageTopic>> = HashMap::new();
    for document in all(services, environment, DocumentKind::Topic).await? {
        if let Some(parent) = document.parent.clone() {
            by_section.entry(parent).or_default().push(read(&document)?);
        }
    }
    let mut sections = Vec::new();
    for document in all(services, environment, DocumentKind::Section).await? {
        let mut section: PageSection = read(&document)?;
        section.topics = by_section.remove(&document.id).unwrap_or_default();
        sections.push(section);
    }
    Ok(sections)
}

pub(super) fn read<T: serde::de::DeserializeOwned>(document: &Document) -> Result<T> {
    let mut body = document.body.clone();
    if let Some(object) = body.as_object_mut() {
        // Absent and null are alike here.
        object.retain(|_, value| !value.is_null());
        object.insert("id".to_owned(), Value::String(document.id.clone()));
    }
    serde_json::from_value(body).map_err(Error::internal)
}

async fn all(services: &Services, environment: Environment, kind: DocumentKind) -> Result<Vec<Document>> {
    let mut page = PageRequest {
        after: None,
        limit: BATCH,
    };
    let mut found = Vec::new();
    loop {
        let read = services.store.documents(environment, kind, None, page.clone()).await?;
        found.extend(read.items);
        match read.next {
            Some(next) => page.after = Some(next),
            None => return Ok(found),
        }
    }
}
