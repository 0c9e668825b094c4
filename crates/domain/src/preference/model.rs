//! The same rules once more, written as plainly as possible and in another way, to hold the real ones against.

use tidings_types::consent::ConsentState;
use tidings_types::preference::Snooze;
use tidings_types::quiet::QuietHours;
use tidings_types::{Channel, Classification, Preference, PreferenceStatus, Timestamp, Topic};

use super::{Layers, Standing};

/// What should come out.
#[derive(Debug, PartialEq)]
pub(super) struct Expected {
    pub(super) standing: Standing,
    pub(super) default_status: PreferenceStatus,
    pub(super) chosen: Option<Vec<Channel>>,
    pub(super) preferred: Vec<Channel>,
    pub(super) digest: Option<String>,
    pub(super) quiet_hours: Option<QuietHours>,
}

/// Every question is asked of the layers from the top; the first answer counts.
pub(super) fn expected(topic: &Topic, layers: &Layers, now: Timestamp) -> Expected {
    let kind = kind(topic);
    let mut default_status = first(&layers.tenants, |layer| layer.status).unwrap_or(topic.default_status);
    if kind == Classification::Marketing && default_status == PreferenceStatus::Required {
        default_status = PreferenceStatus::OptedIn;
    }
    if topic.classification == Some(Classification::Transactional) && default_status == PreferenceStatus::OptedIn {
        default_status = PreferenceStatus::Required;
    }
    let required = default_status == PreferenceStatus::Required;
    let mut own = layers.person.clone();
    if !required {
        own.extend(layers.call.clone());
    }
    let word = first(&own, |layer| {
        layer.status.filter(|word| *word != PreferenceStatus::Required)
    });
    let all: Vec<Preference> = layers.tenants.iter().chain(&own).cloned().collect();
    // What people choose of channels counts where they may choose; what tenants say of them always does.
    let routers = if topic.offers_channels { &all } else { &layers.tenants };
    let routing = first(routers, |layer| {
        layer
            .has_custom_routing
            .map(|flag| (flag, layer.custom_routing.clone()))
    });
    let preferred = first(&all, |layer| {
        (!layer.channel_preferences.is_empty()).then(|| layer.channel_preferences.clone())
    });
    let wants = match (required, word, default_status) {
        (true, ..) => Standing::Required,
        (_, Some(PreferenceStatus::OptedOut), _) => Standing::OptedOut,
        (_, None, PreferenceStatus::OptedOut) => Standing::NotOptedIn,
        _ => Standing::In,
    };
    let standing = match (wants, kind, layers.consent) {
        (Standing::In, Classification::Marketing, ConsentState::None) => Standing::NoConsent,
        (Standing::In, Classification::Marketing, ConsentState::Pending) => Standing::Unconfirmed,
        (Standing::In, ..) => paused(&all, layers, kind, now),
        (other, ..) => other,
    };
    let may_wait = !required && kind != Classification::Transactional;
    let own_hours = first(&all, |layer| layer.quiet_hours);
    let of_everything = first(&layers.everything, |layer| layer.quiet_hours);
    let hours = own_hours.or(of_everything).or(topic.quiet_hours);
    Expected {
        standing,
        default_status,
        chosen: routing.and_then(|(flag, channels)| flag.then_some(channels)),
        preferred: preferred.unwrap_or_default(),
        digest: first(&all, |layer| layer.digest_schedule_id.clone()),
        quiet_hours: hours.filter(|hours| may_wait && hours.start != hours.end),
    }
}

/// What the owner said, else what the topic's own default suggests.
fn kind(topic: &Topic) -> Classification {
    match (topic.classification, topic.default_status) {
        (Some(said), _) => said,
        (None, PreferenceStatus::Required) => Classification::Transactional,
        (None, _) => Classification::Product,
    }
}

fn paused(all: &[Preference], layers: &Layers, kind: Classification, now: Timestamp) -> Standing {
    let pauses = |layer: &Preference| (!layer.snooze.is_empty()).then(|| layer.snooze.clone());
    let mut holding: Vec<Snooze> = first(all, pauses).unwrap_or_default();
    if kind != Classification::Transactional {
        holding.extend(first(&layers.everything, pauses).unwrap_or_default());
    }
    let mut until = None;
    for pause in holding {
        let begun = pause.start.is_none_or(|start| start <= now);
        if begun && now < pause.until {
            until = until.max(Some(pause.until));
        }
    }
    until.map_or(Standing::In, |until| Standing::Snoozed { until })
}

/// The answer of the highest layer that has one.
fn first<T>(layers: &[Preference], answer: impl Fn(&Preference) -> Option<T>) -> Option<T> {
    layers.iter().rev().find_map(answer)
}
