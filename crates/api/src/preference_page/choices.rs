//! What is chosen of topics, held against what the page offers.

use std::collections::HashSet;

use tidings_pipeline::preferences::{Choice, Refusal, Routing, TopicView, View};
use tidings_types::{Channel, Classification, Error, PreferenceStatus, Result, Timestamp, TopicId};
use tidings_wire::preference_page::PersonTopicChange;

use crate::user_preferences::choice::{hours, pause};

/// Wishes as the pipeline takes them.
///
/// # Errors
/// `Invalid`, naming the field, when the page does not offer one of them.
pub(super) fn choices(written: Vec<PersonTopicChange>, page: &View, now: Timestamp) -> Result<Vec<(TopicId, Choice)>> {
    let mut named = HashSet::new();
    let mut choices = Vec::with_capacity(written.len());
    for (index, change) in written.into_iter().enumerate() {
        let field = format!("topics.{index}");
        let id = TopicId::from(change.topic_id.as_str());
        let mut topics = page.sections.iter().flat_map(|section| &section.topics);
        let Some(topic) = topics.find(|one| one.topic.topic.id == id) else {
            return Err(Error::invalid(format!("{field}.topic_id: The page has no topic {id}")));
        };
        if !named.insert(id.clone()) {
            return Err(Error::invalid(format!("{field}.topic_id: Named twice")));
        }
        choices.push((id, choice(change, topic, &field, now)?));
    }
    Ok(choices)
}

fn choice(change: PersonTopicChange, topic: &TopicView, field: &str, now: Timestamp) -> Result<Choice> {
    let invalid = |name: &str, told: &str| Error::invalid(format!("{field}.{name}: {told}"));
    let choice = Choice {
        status: change.status,
        routing: change
            .channels
            .map(|channels| channels.map_or(Routing::Any, Routing::Only)),
        digest_schedule_id: change.digest_schedule_id.map(Option::unwrap_or_default),
        snooze: pause(&format!("{field}.pause_until"), change.pause_until, now)?,
        quiet_hours: change.quiet_hours.map(hours),
    };
    let digest = topic.topic.topic.digest.as_ref();
    if let Some(refusal) = choice.refusal(topic.effective.default_status, digest) {
        let name = match refusal {
            Refusal::UnknownTopic => "topic_id",
            Refusal::Required | Refusal::NotForPeople => "status",
            Refusal::NoChannel | Refusal::NoChoiceOfChannels | Refusal::ChannelNotOffered => "channels",
            Refusal::NoPause => "pause_until",
            Refusal::UnknownSchedule => "digest_schedule_id",
        };
        return Err(invalid(name, refusal.told()));
    }
    if let Some(Routing::Only(channels)) = &choice.routing {
        check_channels(channels, topic).map_err(|told| invalid("channels", told))?;
    }
    let stays_on = choice.status != Some(PreferenceStatus::OptedOut);
    if choice.snooze.as_ref().is_some_and(|pauses| !pauses.is_empty()) && !(topic.may_pause() && stays_on) {
        return Err(invalid("pause_until", Refusal::NoPause.told()));
    }
    let never_waits = topic.is_locked() || topic.topic.topic.class() == Classification::Transactional;
    if choice.quiet_hours.is_some() && never_waits {
        return Err(invalid("quiet_hours", "Its messages never wait"));
    }
    Ok(choice)
}

fn check_channels(channels: &[Channel], topic: &TopicView) -> std::result::Result<(), &'static str> {
    if topic.channels.is_empty() {
        return Err(Refusal::NoChoiceOfChannels.told());
    }
    if channels.iter().any(|channel| !topic.channels.contains(channel)) {
        return Err(Refusal::ChannelNotOffered.told());
    }
    Ok(())
}
