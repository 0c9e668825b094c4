//! The same rules once more, written as plainly as possible and in another way, to hold the real ones against.

use tidings_types::{Channel, Preference, PreferenceStatus, Timestamp, Topic};

use super::{Layers, Standing};

/// What should come out.
#[derive(Debug, PartialEq)]
pub(super) struct Expected {
    pub(super) standing: Standing,
    pub(super) default_status: PreferenceStatus,
    pub(super) chosen: Option<Vec<Channel>>,
    pub(super) digest: Option<String>,
}

/// Every question is asked of the layers from the top; the first answer counts.
pub(super) fn expected(topic: &Topic, layers: &Layers, now: Timestamp) -> Expected {
    let default_status = first(&layers.tenants, |layer| layer.status).unwrap_or(topic.default_status);
    let required = default_status == PreferenceStatus::Required;
    let mut own = layers.person.clone();
    if !required {
        own.extend(layers.call.clone());
    }
    let word = first(&own, |layer| {
        layer.status.filter(|word| *word != PreferenceStatus::Required)
    });
    let all: Vec<Preference> = layers.tenants.iter().chain(&own).cloned().collect();
    let routing = first(&all, |layer| {
        layer
            .has_custom_routing
            .map(|flag| (flag, layer.custom_routing.clone()))
    });
    let standing = match (required, word, default_status) {
        (true, ..) => Standing::Required,
        (_, Some(PreferenceStatus::OptedOut), _) => Standing::OptedOut,
        (_, None, PreferenceStatus::OptedOut) => Standing::NotOptedIn,
        _ => {
            let pauses = first(&all, |layer| (!layer.snooze.is_empty()).then(|| layer.snooze.clone()));
            let everything = first(&layers.everything, |layer| {
                (!layer.snooze.is_empty()).then(|| layer.snooze.clone())
            });
            let mut until = None;
            for pause in pauses.into_iter().chain(everything).flatten() {
                let begun = pause.start.is_none_or(|start| start <= now);
                if begun && now < pause.until {
                    until = until.max(Some(pause.until));
                }
            }
            until.map_or(Standing::In, |until| Standing::Snoozed { until })
        }
    };
    Expected {
        standing,
        default_status,
        chosen: routing.and_then(|(flag, channels)| flag.then_some(channels)),
        digest: first(&all, |layer| layer.digest_schedule_id.clone()),
    }
}

/// The answer of the highest layer that has one.
fn first<T>(layers: &[Preference], answer: impl Fn(&Preference) -> Option<T>) -> Option<T> {
    layers.iter().rev().find_map(answer)
}
