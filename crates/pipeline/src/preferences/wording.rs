//! Which version of which words a person agreed to.

use sha2::{Digest as _, Sha256};
use tidings_types::{Environment, Result, Topic};

use super::page::{self, Page};
use super::write::{Origin, Speaker};
use crate::Services;

/// How many characters of a hash name the words.
const FINGERPRINT: usize = 8;

/// The words about a topic that people agree to where they opt in to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicWords {
    /// Its name.
    pub name: String,
    /// The sentence beneath.
    pub description: Option<String>,
    /// Which words these are, as the ledger names them.
    pub version: String,
}

/// The words about a topic as people see them now.
///
/// # Errors
/// When the store cannot be read.
pub async fn topic_words(services: &Services, environment: Environment, topic: &Topic) -> Result<TopicWords> {
    Wording::default().words(services, environment, topic).await
}

/// The page as people see it, read once.
#[derive(Debug, Default)]
pub(super) struct Wording {
    page: Option<Page>,
}

impl Wording {
    /// What the ledger says of the words somebody saw: as an app named them; else the version of the topic's words, after
    /// that of the page's own where one of our pages was seen.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn seen(&mut self, services: &Services, speaker: &Speaker<'_>, topic: &Topic) -> Result<String> {
        let of_page = matches!(
            speaker.origin,
            Origin::Page | Origin::UnsubscribeLink | Origin::DoubleOptIn
        );
        match speaker.wording {
            Some(page) if of_page => {
                let topic = self.in_force(services, speaker.environment, topic).await?;
                Ok(format!("{page} {topic}"))
            }
            Some(named) if speaker.origin != Origin::OneClick => Ok(named.to_owned()),
            _ => self.in_force(services, speaker.environment, topic).await,
        }
    }

    /// The version of a topic's words in force: as its owner calls it, else a fingerprint of its name and description as
    /// people see them, such as `topic-1a2b3c4d`.
    async fn in_force(&mut self, services: &Services, environment: Environment, topic: &Topic) -> Result<String> {
        match &topic.consent_wording {
            Some(version) => Ok(version.clone()),
            None => Ok(self.words(services, environment, topic).await?.version),
        }
    }

    async fn words(&mut self, services: &Services, environment: Environment, topic: &Topic) -> Result<TopicWords> {
        let page = match &mut self.page {
            Some(page) => page,
            None => self.page.insert(page::load(services, environment, false).await?),
        };
        let mut shown = page.sections.iter().flat_map(|section| &section.topics);
        let shown = shown.find(|one| one.topic.id == topic.id);
        let name = shown.map_or(&topic.name, |one| &one.topic.name).clone();
        let description = shown.and_then(|one| one.description.clone());
        let version = match &topic.consent_wording {
            Some(version) => version.clone(),
            None => fingerprint(&name, description.as_deref().unwrap_or_default()),
        };
        Ok(TopicWords {
            name,
            description,
            version,
        })
    }
}

fn fingerprint(name: &str, description: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(name);
    // Neither can hold this.
    hash.update([0]);
    hash.update(description);
    let mut hash = hex::encode(hash.finalize());
    hash.truncate(FINGERPRINT);
    format!("topic-{hash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_words_have_another_name() {
        assert_eq!(fingerprint("Offers", "Weekly"), fingerprint("Offers", "Weekly"));
        assert_ne!(fingerprint("Offers", "Weekly"), fingerprint("Offers", "Daily"));
        assert_ne!(fingerprint("Offers", ""), fingerprint("Off", "ers"));
        assert_eq!(fingerprint("Offers", "").len(), "topic-".len() + FINGERPRINT);
    }
}
