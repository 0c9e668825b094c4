//! A person's wish for one topic, and why it may be refused.

use tidings_types::digest::Digest;
use tidings_types::preference::Snooze;
use tidings_types::quiet::QuietHours;
use tidings_types::{Channel, Preference, PreferenceStatus};

/// What a person wishes of a topic. What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// Whether its messages come.
    pub status: Option<PreferenceStatus>,
    /// Through which channels only, or through any.
    pub routing: Option<Routing>,
    /// In which digest rhythm; an empty text goes back to the topic's own.
    pub digest_schedule_id: Option<String>,
    /// Times of silence, instead of those there were.
    pub snooze: Option<Vec<Snooze>>,
    /// Quiet hours, or the topic's own again.
    pub quiet_hours: Option<Hours>,
}

/// Through which channels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Routing {
    /// Any.
    Any,
    /// These only.
    Only(Vec<Channel>),
}

/// Which quiet hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hours {
    /// The topic's own.
    Default,
    /// These.
    Own(QuietHours),
}

/// Why a wish was refused; nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such topic.
    UnknownTopic,
    /// Nobody can opt out of it.
    Required,
    /// Only `OPTED_IN` and `OPTED_OUT` can be chosen.
    NotForPeople,
    /// The topic has no such digest rhythm, or offers it no longer.
    UnknownSchedule,
    /// On, and through no channel at all.
    NoChannel,
    /// Nobody chooses channels of the topic.
    NoChoiceOfChannels,
    /// A channel that is not among those to choose from.
    ChannelNotOffered,
    /// The topic cannot be paused by itself.
    NoPause,
}

impl Refusal {
    /// In words.
    pub const fn told(self) -> &'static str {
        match self {
            Self::UnknownTopic => "There is no such topic",
            Self::Required => "A required topic cannot be opted out of",
            Self::NotForPeople => "Invalid value. Expected 'OPTED_IN' or 'OPTED_OUT'",
            Self::UnknownSchedule => "The topic has no such digest schedule",
            Self::NoChannel => "Choose at least one channel, or opt out",
            Self::NoChoiceOfChannels => "The topic lets nobody choose channels",
            Self::ChannelNotOffered => "The topic does not offer this channel",
            Self::NoPause => "The topic allows no pause",
        }
    }
}

impl Choice {
    /// Turning a topic on or off, and nothing else.
    pub fn of_status(status: PreferenceStatus) -> Self {
        Self {
            status: Some(status),
            ..Self::default()
        }
    }

    /// Why it must be refused, given what holds for who says nothing and the topic's digest.
    pub fn refusal(&self, default_status: PreferenceStatus, digest: Option<&Digest>) -> Option<Refusal> {
        match (default_status, self.status) {
            (_, Some(PreferenceStatus::Required)) => return Some(Refusal::NotForPeople),
            (PreferenceStatus::Required, Some(PreferenceStatus::OptedOut)) => return Some(Refusal::Required),
            _ => {}
        }
        let none_left = matches!(&self.routing, Some(Routing::Only(channels)) if channels.is_empty());
        if none_left && self.status != Some(PreferenceStatus::OptedOut) {
            return Some(Refusal::NoChannel);
        }
        if let Some(wanted) = self.digest_schedule_id.as_deref().filter(|wanted| !wanted.is_empty()) {
            let offered = digest.into_iter().flat_map(|digest| &digest.schedules);
            let mut offered = offered.filter(|schedule| !schedule.disabled);
            if !offered.any(|schedule| schedule.schedule_id == wanted) {
                return Some(Refusal::UnknownSchedule);
            }
        }
        None
    }

    /// Lays it over what was said before.
    pub fn lay_over(&self, said: &mut Preference) {
        if self.status.is_some() {
            said.status = self.status;
        }
        match &self.routing {
            None => {}
            // Who opts out and leaves no channel must find some when they opt in again.
            Some(Routing::Only(channels)) if !channels.is_empty() => {
                said.has_custom_routing = Some(true);
                said.custom_routing.clone_from(channels);
            }
            Some(Routing::Any | Routing::Only(_)) => {
                said.has_custom_routing = Some(false);
                said.custom_routing.clear();
            }
        }
        if let Some(wanted) = &self.digest_schedule_id {
            said.digest_schedule_id = Some(wanted.clone()).filter(|wanted| !wanted.is_empty());
        }
        if let Some(snooze) = &self.snooze {
            said.snooze.clone_from(snooze);
        }
        match self.quiet_hours {
            None => {}
            Some(Hours::Default) => said.quiet_hours = None,
            Some(Hours::Own(hours)) => said.quiet_hours = Some(hours),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_and_through_no_channel_is_refused() {
        let nothing = |status| Choice {
            status,
            routing: Some(Routing::Only(Vec::new())),
            ..Choice::default()
        };
        let refused = |choice: &Choice| choice.refusal(PreferenceStatus::OptedIn, None);
        assert_eq!(
            refused(&nothing(Some(PreferenceStatus::OptedIn))),
            Some(Refusal::NoChannel)
        );
        assert_eq!(refused(&nothing(None)), Some(Refusal::NoChannel));
        let out = nothing(Some(PreferenceStatus::OptedOut));
        assert_eq!(refused(&out), None);
        let mut said = Preference::default();
        out.lay_over(&mut said);
        assert_eq!(said.has_custom_routing, Some(false), "who opts in again is reached");
    }
}
