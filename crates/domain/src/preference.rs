//! What a person's preferences come to, over all layers.
//!
//! Five layers, later ones over earlier ones and only where they say something: the topic's default, parent tenants'
//! defaults, the tenant's, the person's own, the person's own within the tenant. What the call itself says comes last.

use tidings_types::{Preference, PreferenceStatus, Timestamp, Topic};

/// What holds for one person and topic at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Effective {
    /// The outcome.
    pub standing: Standing,
    /// All layers merged.
    pub preference: Preference,
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
    /// The person paused it.
    Snoozed {
        /// Until then.
        until: Timestamp,
    },
}

/// Merges the layers. `defaults` are the tenants' (root first), `own` the person's (everywhere first, then within the
/// tenant, then what the call says).
pub fn effective(topic: &Topic, defaults: &[Preference], own: &[Preference], now: Timestamp) -> Effective {
    let mut preference = Preference {
        status: Some(topic.default_status),
        ..Preference::default()
    };
    for layer in defaults {
        preference.merge(layer);
    }
    let locked = preference.status == Some(PreferenceStatus::Required);
    let default_out = preference.status == Some(PreferenceStatus::OptedOut);
    let mut spoke = false;
    for layer in own {
        spoke |= layer.status.is_some();
        preference.merge(layer);
    }
    if locked {
        preference.status = Some(PreferenceStatus::Required);
        return Effective {
            standing: Standing::Required,
            preference,
        };
    }
    let standing = match preference.status {
        Some(PreferenceStatus::OptedOut) if default_out && !spoke => Standing::NotOptedIn,
        Some(PreferenceStatus::OptedOut) => Standing::OptedOut,
        _ => match paused_until(&preference, now) {
            Some(until) => Standing::Snoozed { until },
            None => Standing::In,
        },
    };
    Effective { standing, preference }
}

fn paused_until(preference: &Preference, now: Timestamp) -> Option<Timestamp> {
    let active = |snooze: &&tidings_types::preference::Snooze| {
        snooze.start.is_none_or(|start| start <= now) && now < snooze.until
    };
    preference.snooze.iter().filter(active).map(|snooze| snooze.until).max()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tidings_types::preference::Snooze;
    use tidings_types::{Channel, TopicId};

    use super::*;

    fn topic(default_status: PreferenceStatus) -> Topic {
        Topic {
            id: TopicId::from("t"),
            name: "T".to_owned(),
            default_status,
            classification: None,
            include_unsubscribe_header: false,
        }
    }

    fn says(status: PreferenceStatus) -> Preference {
        Preference {
            status: Some(status),
            ..Preference::default()
        }
    }

    #[test]
    fn each_default_without_a_word_from_the_person() {
        let now = Timestamp::from_millis(0);
        let of = |status| effective(&topic(status), &[], &[], now).standing;
        assert_eq!(of(PreferenceStatus::OptedIn), Standing::In);
        assert_eq!(of(PreferenceStatus::OptedOut), Standing::NotOptedIn);
        assert_eq!(of(PreferenceStatus::Required), Standing::Required);
    }

    #[test]
    fn the_person_decides_unless_it_is_required() {
        let now = Timestamp::from_millis(0);
        let out = [says(PreferenceStatus::OptedOut)];
        assert_eq!(
            effective(&topic(PreferenceStatus::OptedIn), &[], &out, now).standing,
            Standing::OptedOut
        );
        assert_eq!(
            effective(&topic(PreferenceStatus::OptedOut), &[], &out, now).standing,
            Standing::OptedOut
        );
        assert_eq!(
            effective(&topic(PreferenceStatus::Required), &[], &out, now).standing,
            Standing::Required
        );
        let tenant = [says(PreferenceStatus::Required)];
        assert_eq!(
            effective(&topic(PreferenceStatus::OptedIn), &tenant, &out, now).standing,
            Standing::Required
        );
    }

    #[test]
    fn pauses_hold_from_start_until_their_end_excluded() {
        let pause = Preference {
            snooze: vec![Snooze {
                start: Some(Timestamp::from_millis(10)),
                until: Timestamp::from_millis(20),
            }],
            ..Preference::default()
        };
        let at = |now| {
            let now = Timestamp::from_millis(now);
            effective(
                &topic(PreferenceStatus::OptedIn),
                &[],
                std::slice::from_ref(&pause),
                now,
            )
            .standing
        };
        assert_eq!(at(9), Standing::In);
        assert_eq!(
            at(10),
            Standing::Snoozed {
                until: Timestamp::from_millis(20)
            }
        );
        assert_eq!(at(20), Standing::In);
    }

    fn any_status() -> impl Strategy<Value = Option<PreferenceStatus>> {
        prop_oneof![
            Just(None),
            Just(Some(PreferenceStatus::OptedIn)),
            Just(Some(PreferenceStatus::OptedOut)),
        ]
    }

    proptest! {
        /// A plain model: the last layer that speaks decides; required defaults cannot be changed.
        #[test]
        fn layers_behave_like_the_last_word(
            default in prop_oneof![Just(PreferenceStatus::OptedIn), Just(PreferenceStatus::OptedOut), Just(PreferenceStatus::Required)],
            tenants in proptest::collection::vec(any_status(), 0..4),
            own in proptest::collection::vec(any_status(), 0..3),
        ) {
            let layer = |status: &Option<PreferenceStatus>| Preference { status: *status, ..Preference::default() };
            let defaults: Vec<_> = tenants.iter().map(layer).collect();
            let mine: Vec<_> = own.iter().map(layer).collect();
            let standing = effective(&topic(default), &defaults, &mine, Timestamp::from_millis(0)).standing;
            let base = tenants.iter().rev().find_map(|status| *status).unwrap_or(default);
            let word = own.iter().rev().find_map(|status| *status);
            let expected = match (base, word) {
                (PreferenceStatus::Required, _) => Standing::Required,
                (PreferenceStatus::OptedOut, None) => Standing::NotOptedIn,
                (_, Some(PreferenceStatus::OptedOut)) => Standing::OptedOut,
                _ => Standing::In,
            };
            prop_assert_eq!(standing, expected);
        }

        #[test]
        fn routing_goes_over_as_a_pair(first in any::<bool>(), second in proptest::option::of(any::<bool>())) {
            let mut below = Preference { has_custom_routing: Some(first), custom_routing: vec![Channel::Sms], ..Preference::default() };
            let above = Preference { has_custom_routing: second, custom_routing: vec![Channel::Email], ..Preference::default() };
            below.merge(&above);
            let expected = if second.is_none() { Channel::Sms } else { Channel::Email };
            prop_assert_eq!(below.custom_routing, vec![expected]);
        }
    }
}
