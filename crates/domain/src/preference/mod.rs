//! What a person's preferences come to, over all layers.
//!
//! Five layers, later ones over earlier ones and only where they say something: the topic's default, parent tenants'
//! defaults from the root to the leaf, the tenant's, the person's own, the person's own within the tenant. What the call
//! itself says comes last. What a person said of everything at once (a pause, quiet hours) holds beneath what they said
//! of the topic.

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;

use tidings_types::consent::ConsentState;
use tidings_types::quiet::QuietHours;
use tidings_types::{Classification, Preference, PreferenceStatus, Timestamp, Topic};

/// What was said, layer by layer. Absent layers say nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layers {
    /// What tenants say of the topic: the root's first, the tenant's own last.
    pub tenants: Vec<Preference>,
    /// What the person said of the topic: everywhere first, then within the tenant.
    pub person: Vec<Preference>,
    /// What the person said of all topics: everywhere first, then within the tenant.
    pub everything: Vec<Preference>,
    /// What the call says.
    pub call: Option<Preference>,
    /// What is on record of the person's consent to the topic. It matters to marketing only.
    pub consent: ConsentState,
}

/// What holds for one person and topic at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Effective {
    /// The outcome.
    pub standing: Standing,
    /// What holds for who says nothing: the topic's default with the tenants' over it. What is transactional and on is
    /// required.
    pub default_status: PreferenceStatus,
    /// All layers merged.
    pub preference: Preference,
    /// The hours in which its messages wait.
    pub quiet_hours: Option<QuietHours>,
}

/// Whether messages of a topic reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They do, and the person cannot change it.
    Required,
    /// They do.
    In,
    /// The person opted out.
    OptedOut,
    /// The topic is opt-in, and the person did not opt in.
    NotOptedIn,
    /// It is marketing, and no consent is on record.
    NoConsent,
    /// It is marketing, and the person agreed, but has yet to confirm it by mail.
    Unconfirmed,
    /// The person paused it.
    Snoozed {
        /// Until then.
        until: Timestamp,
    },
}

impl Standing {
    /// Whether the person wants it, be it now, after a pause, or as soon as they confirmed it.
    pub const fn is_on(self) -> bool {
        matches!(
            self,
            Self::Required | Self::In | Self::Unconfirmed | Self::Snoozed { .. }
        )
    }
}

/// Merges the layers.
pub fn effective(topic: &Topic, layers: &Layers, now: Timestamp) -> Effective {
    let mut preference = Preference {
        status: Some(topic.default_status),
        ..Preference::default()
    };
    for layer in &layers.tenants {
        preference.merge(layer);
    }
    let marketing = topic.class() == Classification::Marketing;
    let mut default_status = preference.status.unwrap_or(topic.default_status);
    if marketing && default_status == PreferenceStatus::Required {
        // Nobody has to take advertising, whatever a tenant says.
        default_status = PreferenceStatus::OptedIn;
        preference.status = Some(default_status);
    }
    if topic.classification == Some(Classification::Transactional) && default_status == PreferenceStatus::OptedIn {
        // Nobody opts out of what answers their own doing.
        default_status = PreferenceStatus::Required;
    }
    let locked = default_status == PreferenceStatus::Required;
    let mut spoke = false;
    let own = layers.person.iter().chain(layers.call.as_ref().filter(|_| !locked));
    for layer in own {
        // Nobody makes a topic required for themselves.
        let status = layer.status.filter(|status| *status != PreferenceStatus::Required);
        spoke |= status.is_some();
        let mut said = Preference {
            status,
            ..layer.clone()
        };
        if !topic.offers_channels {
            said.has_custom_routing = None;
            said.custom_routing.clear();
        }
        preference.merge(&said);
    }
    if locked {
        preference.status = Some(PreferenceStatus::Required);
    }
    let standing = match preference.status {
        Some(PreferenceStatus::Required) => Standing::Required,
        Some(PreferenceStatus::OptedOut) if !spoke => Standing::NotOptedIn,
        Some(PreferenceStatus::OptedOut) => Standing::OptedOut,
        _ if marketing && layers.consent == ConsentState::None => Standing::NoConsent,
        _ if marketing && layers.consent == ConsentState::Pending => Standing::Unconfirmed,
        _ => match paused_until(topic, &preference, &layers.everything, now) {
            Some(until) => Standing::Snoozed { until },
            None => Standing::In,
        },
    };
    Effective {
        standing,
        default_status,
        quiet_hours: quiet_hours(topic, standing, &preference, &layers.everything),
        preference,
    }
}

/// The end of the pauses that hold now, of the topic and of everything. What answers the person's own doing is not
/// paused with everything else.
fn paused_until(topic: &Topic, own: &Preference, everything: &[Preference], now: Timestamp) -> Option<Timestamp> {
    let mut all = Preference::default();
    if topic.class() != Classification::Transactional {
        for layer in everything {
            all.merge(layer);
        }
    }
    let active = |snooze: &&tidings_types::preference::Snooze| {
        snooze.start.is_none_or(|start| start <= now) && now < snooze.until
    };
    let pauses = own.snooze.iter().chain(&all.snooze);
    pauses.filter(active).map(|snooze| snooze.until).max()
}

/// The person's own quiet hours, else the topic's. Transactional messages know none.
fn quiet_hours(topic: &Topic, standing: Standing, own: &Preference, everything: &[Preference]) -> Option<QuietHours> {
    if standing == Standing::Required || topic.class() == Classification::Transactional {
        return None;
    }
    let of_everything = everything.iter().rev().find_map(|layer| layer.quiet_hours);
    let hours = own.quiet_hours.or(of_everything).or(topic.quiet_hours)?;
    (!hours.is_none()).then_some(hours)
}
