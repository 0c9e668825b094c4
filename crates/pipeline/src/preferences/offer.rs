//! What people may choose of a topic besides whether its messages come.

use serde_json::Value;
use tidings_store::{Document, DocumentKind};
use tidings_types::preference::Snooze;
use tidings_types::{Channel, Environment, Result};

use super::choice::{Choice, Refusal, Routing};
use super::page::{PAGE_ID, Page, PageSection, PageTopic, read};
use crate::Services;

/// What people may choose of a topic: what the page shows of it, and what its owner has allowed since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The channels to choose from; none where channels cannot be chosen.
    pub channels: Vec<Channel>,
    /// Whether it may be paused by itself.
    pub may_pause: bool,
}

impl Offer {
    /// Looks it up. Of a topic that is not there, nothing is offered.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn find(services: &Services, environment: Environment, topic: &str) -> Result<Self> {
        let mut offer = Self::default();
        let documents = services.documents();
        if let Some(document) = documents.document(environment, DocumentKind::Topic, topic).await? {
            let section = match &document.parent {
                Some(parent) => documents.document(environment, DocumentKind::Section, parent).await?,
                None => None,
            };
            let section = section.as_deref().map(read::<PageSection>).transpose()?;
            offer.add(section.as_ref(), &read(&document)?);
        }
        let page = documents
            .document(environment, DocumentKind::PreferencePage, PAGE_ID)
            .await?;
        for section in &published(page.as_deref()) {
            for one in section.topics.iter().filter(|one| one.topic.id.as_str() == topic) {
                offer.add(Some(section), one);
            }
        }
        Ok(offer)
    }

    fn add(&mut self, section: Option<&PageSection>, topic: &PageTopic) {
        let channels = section.map(|section| section.channels(topic)).unwrap_or_default();
        let new: Vec<_> = channels
            .into_iter()
            .filter(|one| !self.channels.contains(one))
            .collect();
        self.channels.extend(new);
        self.may_pause |= topic.allows_pause();
    }

    /// Why a person may not choose this; none when they may. What they give up, they always may.
    pub fn refusal(&self, choice: &Choice) -> Option<Refusal> {
        match &choice.routing {
            Some(Routing::Only(channels)) if !channels.is_empty() => {
                if self.channels.is_empty() {
                    return Some(Refusal::NoChoiceOfChannels);
                }
                if channels.iter().any(|channel| !self.channels.contains(channel)) {
                    return Some(Refusal::ChannelNotOffered);
                }
            }
            Some(Routing::Only(_) | Routing::Any) | None => {}
        }
        let pauses = choice
            .snooze
            .as_ref()
            .is_some_and(|pauses: &Vec<Snooze>| !pauses.is_empty());
        (pauses && !self.may_pause).then_some(Refusal::NoPause)
    }
}

fn published(page: Option<&Document>) -> Vec<PageSection> {
    let body: Option<&Value> = page.and_then(|page| page.published.as_ref());
    let page: Option<Page> = body.and_then(|body| serde_json::from_value(body.clone()).ok());
    page.unwrap_or_default().sections
}

#[cfg(test)]
mod tests {
    use tidings_types::Timestamp;

    use super::*;

    #[test]
    fn only_what_is_offered_can_be_chosen_and_all_can_be_given_up() {
        let only = |channels: &[Channel]| Choice {
            routing: Some(Routing::Only(channels.to_vec())),
            ..Choice::default()
        };
        let pause = |until: &[i64]| Choice {
            snooze: Some(
                until
                    .iter()
                    .map(|until| Snooze {
                        start: None,
                        until: Timestamp::from_millis(*until),
                    })
                    .collect(),
            ),
            ..Choice::default()
        };
        let nothing = Offer::default();
        assert_eq!(
            nothing.refusal(&only(&[Channel::Sms])),
            Some(Refusal::NoChoiceOfChannels)
        );
        assert_eq!(nothing.refusal(&only(&[])), None);
        assert_eq!(nothing.refusal(&pause(&[1])), Some(Refusal::NoPause));
        assert_eq!(nothing.refusal(&pause(&[])), None);
        let some = Offer {
            channels: vec![Channel::Email],
            may_pause: true,
        };
        assert_eq!(some.refusal(&only(&[Channel::Email])), None);
        assert_eq!(
            some.refusal(&only(&[Channel::Email, Channel::Sms])),
            Some(Refusal::ChannelNotOffered)
        );
        assert_eq!(some.refusal(&pause(&[1])), None);
    }
}
