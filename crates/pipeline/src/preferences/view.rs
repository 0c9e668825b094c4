//! The page as it stands for one person.

use tidings_domain::preference::{Effective, Standing, effective};
use tidings_store::DocumentKind;
use tidings_types::{Channel, Classification, Environment, PreferenceStatus, Result, UserId};

use super::page::{self, Page, PageSection, PageTopic};
use super::said::Said;
use crate::Services;

/// The page as it stands for one person.
#[derive(Clone, Debug)]
pub struct View {
    /// The page.
    pub page: Page,
    /// Its sections; those without topics are left out.
    pub sections: Vec<SectionView>,
    /// All that the person said.
    pub said: Said,
}

/// A section as it stands for one person.
#[derive(Clone, Debug)]
pub struct SectionView {
    /// The section.
    pub section: PageSection,
    /// Its topics.
    pub topics: Vec<TopicView>,
}

/// A topic as it stands for one person.
#[derive(Clone, Debug)]
pub struct TopicView {
    /// The topic.
    pub topic: PageTopic,
    /// What holds.
    pub effective: Effective,
    /// The channels to choose from; none where channels cannot be chosen.
    pub channels: Vec<Channel>,
}

impl TopicView {
    /// Whether the person cannot opt out.
    pub fn is_locked(&self) -> bool {
        self.effective.standing == Standing::Required
    }

    /// Whether opting out of everything opts out of it.
    pub fn may_be_left(&self) -> bool {
        !self.is_locked() && self.topic.topic.class() != Classification::Transactional
    }

    /// Whether it may be paused by itself.
    pub fn may_pause(&self) -> bool {
        !self.is_locked() && self.topic.allows_pause()
    }

    /// Whether its messages come, now or after a pause.
    pub fn is_on(&self) -> bool {
        self.effective.standing.is_on()
    }

    /// Whether the person opted in, and has yet to confirm it by mail.
    pub fn awaits_confirmation(&self) -> bool {
        self.effective.standing == Standing::Unconfirmed
    }

    /// What holds, as the API spells it.
    pub fn status(&self) -> PreferenceStatus {
        match self.effective.standing {
            Standing::Required => PreferenceStatus::Required,
            Standing::In | Standing::Unconfirmed | Standing::Snoozed { .. } => PreferenceStatus::OptedIn,
            Standing::OptedOut | Standing::NotOptedIn | Standing::NoConsent => PreferenceStatus::OptedOut,
        }
    }

    /// The channels the person chose, of those offered; none where they chose none in particular.
    pub fn chosen(&self) -> Option<Vec<Channel>> {
        let preference = &self.effective.preference;
        if preference.has_custom_routing != Some(true) || self.channels.is_empty() {
            return None;
        }
        let offered = self.channels.iter().copied();
        Some(offered.filter(|one| preference.custom_routing.contains(one)).collect())
    }
}

/// The page as it stands for one person: the sections as published, and what really holds. Topics that were removed
/// since are left out.
///
/// # Errors
/// When the store cannot be read.
pub async fn view(
    services: &Services,
    environment: Environment,
    user: &UserId,
    tenant: Option<&str>,
    draft: bool,
) -> Result<View> {
    let page = page::load(services, environment, draft).await?;
    let said = Said::read(services, environment, Some(user), tenant).await?;
    let said = said.with_consents(services, environment, Some(user)).await?;
    let now = services.clock.now();
    let mut sections = Vec::new();
    for section in &page.sections {
        let mut topics = Vec::new();
        for shown in &section.topics {
            let id = shown.topic.id.as_str();
            if services
                .documents()
                .document(environment, DocumentKind::Topic, id)
                .await?
                .is_none()
            {
                continue;
            }
            // What holds is what sending goes by, whatever was published.
            let Some(live) = services.documents().topic(environment, id).await? else {
                continue;
            };
            let layers = said.layers(&live.id, None);
            topics.push(TopicView {
                effective: effective(&live, &layers, now),
                channels: section.channels(shown),
                topic: shown.clone(),
            });
        }
        if !topics.is_empty() {
            sections.push(SectionView {
                section: section.clone(),
                topics,
            });
        }
    }
    Ok(View { page, sections, said })
}
