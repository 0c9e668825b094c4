//! The topic a preference speaks of.

use serde_json::Value;
use tidings_pipeline::Services;
use tidings_pipeline::preferences::{Choice, Hours, Offer, Refusal, Routing, Said};
use tidings_store::DocumentKind;
use tidings_types::digest::Digest;
use tidings_types::{
    Channel, Classification, Environment, Error, Preference, PreferenceStatus, Result, Timestamp, Topic, UserId,
};
use tidings_wire::preference::TopicPreference;

/// What a preference needs to know of its topic.
pub(super) struct KnownTopic {
    topic: Topic,
    id: String,
    name: String,
    default_status: PreferenceStatus,
    digest: Option<Digest>,
    offer: Offer,
    may_wait: bool,
    section: Option<(String, String)>,
}

impl KnownTopic {
    /// A topic as it stands within a tenant if one is named, and its section; none when there is no such topic.
    pub(super) async fn find(
        services: &Services,
        environment: Environment,
        id: &str,
        tenant: Option<&str>,
    ) -> Result<Option<Self>> {
        let library = services.documents();
        let Some(topic) = library.topic(environment, id).await? else {
            return Ok(None);
        };
        let document = library.document(environment, DocumentKind::Topic, id).await?;
        let mut section = None;
        if let Some(parent) = document.and_then(|document| document.parent.clone())
            && let Some(found) = library.document(environment, DocumentKind::Section, &parent).await?
        {
            let name = found
                .body
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            section = Some((parent, name));
        }
        let said = Said::read(services, environment, None, tenant).await?;
        let default_status = said.default_status(&topic);
        let is_locked = default_status == PreferenceStatus::Required;
        let offer = Offer::find(services, environment, id).await?;
        Ok(Some(Self {
            topic: topic.clone(),
            offer: Offer {
                may_pause: offer.may_pause && !is_locked,
                ..offer
            },
            may_wait: !is_locked && topic.class() != Classification::Transactional,
            id: topic.id.into_string(),
            name: topic.name,
            default_status,
            digest: topic.digest,
            section,
        }))
    }

    /// As [`Self::find`].
    ///
    /// # Errors
    /// `NotFound` when there is no such topic.
    pub(super) async fn get(
        services: &Services,
        environment: Environment,
        id: &str,
        tenant: Option<&str>,
    ) -> Result<Self> {
        Self::find(services, environment, id, tenant)
            .await?
            .ok_or_else(|| Error::not_found(unknown(id)))
    }

    /// Why a person may not choose a status; none when they may.
    pub(super) fn refusal(&self, status: PreferenceStatus) -> Option<&'static str> {
        self.refused(&Choice::of_status(status)).map(Refusal::told)
    }

    /// Why a person may not choose something; none when they may.
    pub(super) fn refused(&self, choice: &Choice) -> Option<Refusal> {
        choice.refusal(self.default_status, self.digest.as_ref())
    }

    /// Why these channels may not be chosen; none when they may. A person chooses from what is offered; whoever holds an API
    /// key may write what does not hold for as long as it is not.
    pub(super) fn refused_channels(
        &self,
        is_person: bool,
        status: PreferenceStatus,
        has_custom_routing: Option<bool>,
        custom_routing: Option<&[Channel]>,
    ) -> Option<Refusal> {
        if has_custom_routing != Some(true) {
            return None;
        }
        let channels = custom_routing.unwrap_or_default();
        if channels.is_empty() {
            // Somebody would opt in, and be reached through no channel at all.
            return (status == PreferenceStatus::OptedIn).then_some(Refusal::NoChannel);
        }
        let choice = Choice {
            routing: Some(Routing::Only(channels.to_vec())),
            ..Choice::default()
        };
        self.offer.refusal(&choice).filter(|_| is_person)
    }

    /// What holds for a person, over all layers: also what tenants say of channels, and consent.
    pub(super) async fn holds(
        &self,
        services: &Services,
        environment: Environment,
        user: &UserId,
        tenant: Option<&str>,
    ) -> Result<Preference> {
        let said = Said::read(services, environment, Some(user), tenant).await?;
        let said = said.with_consents(services, environment, Some(user)).await?;
        let holds = said.holds(&self.topic, services.clock.now());
        let status = if holds.standing.is_on() {
            PreferenceStatus::OptedIn
        } else {
            PreferenceStatus::OptedOut
        };
        Ok(Preference {
            status: Some(status),
            ..holds.preference
        })
    }

    /// Refuses what the topic does not offer.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub(super) fn check(&self, field: &str, choice: &Choice) -> Result<()> {
        if let Some(refusal) = self.refused(choice) {
            return Err(Error::invalid(format!(
                "{field}.digest_schedule_id: {}",
                refusal.told()
            )));
        }
        if let Some(refusal) = self.offer.refusal(choice) {
            return Err(Error::invalid(format!("{field}.pause_until: {}", refusal.told())));
        }
        if matches!(choice.quiet_hours, Some(Hours::Own(_))) && !self.may_wait {
            return Err(Error::invalid(format!("{field}.quiet_hours: Its messages never wait")));
        }
        Ok(())
    }

    /// What holds, given what the person said.
    pub(super) fn with(self, said: Preference) -> TopicPreference {
        let status = match self.default_status {
            PreferenceStatus::Required => PreferenceStatus::Required,
            default => said.status.unwrap_or(default),
        };
        let (section_id, section_name) = self.section.unzip();
        TopicPreference {
            topic_id: self.id,
            topic_name: self.name,
            status,
            default_status: self.default_status,
            has_custom_routing: said.has_custom_routing.unwrap_or(false),
            custom_routing: said.custom_routing,
            digest_schedule_id: said.digest_schedule_id,
            section_id,
            section_name,
            pause_until: said
                .snooze
                .iter()
                .map(|pause| pause.until)
                .max()
                .map(Timestamp::to_rfc3339),
            quiet_hours: said.quiet_hours,
        }
    }
}

/// How an unknown topic is told.
pub(super) fn unknown(id: &str) -> String {
    format!("Topic {id} not found")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_opts_out_of_what_is_required_or_makes_it_so() {
        let topic = |default_status| KnownTopic {
            topic: Topic::new("t".into(), "T", default_status),
            id: "t".to_owned(),
            name: "T".to_owned(),
            default_status,
            digest: None,
            offer: Offer::default(),
            may_wait: false,
            section: Some(("s".to_owned(), "S".to_owned())),
        };
        let required = topic(PreferenceStatus::Required);
        assert!(required.refusal(PreferenceStatus::OptedOut).is_some());
        assert!(required.refusal(PreferenceStatus::OptedIn).is_none());
        let open = topic(PreferenceStatus::OptedIn);
        assert!(open.refusal(PreferenceStatus::OptedOut).is_none());
        assert!(open.refusal(PreferenceStatus::Required).is_some());
        let said = Preference {
            status: Some(PreferenceStatus::OptedOut),
            ..Preference::default()
        };
        assert_eq!(required.with(said.clone()).status, PreferenceStatus::Required);
        assert_eq!(open.with(said).status, PreferenceStatus::OptedOut);
    }
}
