use proptest::prelude::*;
use tidings_types::consent::ConsentState;
use tidings_types::preference::Snooze;
use tidings_types::quiet::TimeOfDay;
use tidings_types::{Channel, TopicId};

use super::model::expected;
use super::*;

fn topic(default_status: PreferenceStatus) -> Topic {
    Topic::new(TopicId::from("t"), "T", default_status)
}

fn says(status: PreferenceStatus) -> Preference {
    Preference {
        status: Some(status),
        ..Preference::default()
    }
}

fn person(own: &[Preference]) -> Layers {
    Layers {
        person: own.to_vec(),
        ..Layers::default()
    }
}

fn standing(topic: &Topic, layers: &Layers) -> Standing {
    effective(topic, layers, Timestamp::from_millis(0)).standing
}

#[test]
fn each_default_without_a_word_from_the_person() {
    let of = |status| standing(&topic(status), &Layers::default());
    assert_eq!(of(PreferenceStatus::OptedIn), Standing::In);
    assert_eq!(of(PreferenceStatus::OptedOut), Standing::NotOptedIn);
    assert_eq!(of(PreferenceStatus::Required), Standing::Required);
}

#[test]
fn the_person_decides_unless_it_is_required() {
    let mut out = person(&[says(PreferenceStatus::OptedOut)]);
    assert_eq!(standing(&topic(PreferenceStatus::OptedIn), &out), Standing::OptedOut);
    assert_eq!(standing(&topic(PreferenceStatus::OptedOut), &out), Standing::OptedOut);
    assert_eq!(standing(&topic(PreferenceStatus::Required), &out), Standing::Required);
    out.tenants = vec![says(PreferenceStatus::Required)];
    assert_eq!(standing(&topic(PreferenceStatus::OptedIn), &out), Standing::Required);
    out.tenants.push(says(PreferenceStatus::OptedIn));
    assert_eq!(
        standing(&topic(PreferenceStatus::Required), &out),
        Standing::OptedOut,
        "a tenant may free what is required elsewhere"
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
    for layers in [
        person(std::slice::from_ref(&pause)),
        Layers {
            everything: vec![pause],
            ..Layers::default()
        },
    ] {
        let at = |now| {
            let now = Timestamp::from_millis(now);
            effective(&topic(PreferenceStatus::OptedIn), &layers, now).standing
        };
        let until = Timestamp::from_millis(20);
        assert_eq!(
            [at(9), at(10), at(20)],
            [Standing::In, Standing::Snoozed { until }, Standing::In]
        );
    }
}

#[test]
fn quiet_hours_are_the_persons_else_the_topics_and_never_of_what_is_transactional() {
    let hours = |start: &str, end: &str| QuietHours {
        start: start.parse().unwrap(),
        end: end.parse().unwrap(),
    };
    let own = |hours| Preference {
        quiet_hours: Some(hours),
        ..Preference::default()
    };
    let mut news = topic(PreferenceStatus::OptedIn);
    let of = |topic: &Topic, layers: &Layers| effective(topic, layers, Timestamp::from_millis(0)).quiet_hours;
    assert_eq!(of(&news, &Layers::default()), None);
    news.quiet_hours = Some(hours("22:00", "07:00"));
    assert_eq!(of(&news, &Layers::default()), news.quiet_hours);
    let mut layers = Layers {
        everything: vec![own(hours("20:00", "09:00"))],
        ..Layers::default()
    };
    assert_eq!(of(&news, &layers), Some(hours("20:00", "09:00")));
    layers.person = vec![own(QuietHours::NONE)];
    assert_eq!(of(&news, &layers), None, "for this topic they want none");
    layers.person.clear();
    news.classification = Some(Classification::Transactional);
    assert_eq!(of(&news, &layers), None);
    assert_eq!(of(&topic(PreferenceStatus::Required), &layers), None);
}

#[test]
fn marketing_needs_consent_and_can_never_be_required() {
    let mut offers = topic(PreferenceStatus::OptedIn);
    offers.classification = Some(Classification::Marketing);
    let mut layers = person(&[says(PreferenceStatus::OptedIn)]);
    assert_eq!(standing(&offers, &layers), Standing::NoConsent);
    layers.consent = ConsentState::Pending;
    assert_eq!(standing(&offers, &layers), Standing::Unconfirmed);
    layers.consent = ConsentState::Given;
    assert_eq!(standing(&offers, &layers), Standing::In);
    layers.tenants = vec![says(PreferenceStatus::Required)];
    layers.person = vec![says(PreferenceStatus::OptedOut)];
    assert_eq!(standing(&offers, &layers), Standing::OptedOut);
}

#[test]
fn nobody_opts_out_of_what_is_transactional() {
    let mut codes = topic(PreferenceStatus::OptedIn);
    codes.classification = Some(Classification::Transactional);
    let mut layers = person(&[says(PreferenceStatus::OptedOut)]);
    layers.call = Some(says(PreferenceStatus::OptedOut));
    let holds = effective(&codes, &layers, Timestamp::from_millis(0));
    assert_eq!(holds.standing, Standing::Required);
    assert_eq!(
        holds.default_status,
        PreferenceStatus::Required,
        "it is shown as locked"
    );
    layers.tenants = vec![says(PreferenceStatus::OptedOut)];
    assert_eq!(
        standing(&codes, &layers),
        Standing::OptedOut,
        "its owner may turn it off"
    );
}

fn any_status() -> impl Strategy<Value = PreferenceStatus> {
    prop_oneof![
        Just(PreferenceStatus::OptedIn),
        Just(PreferenceStatus::OptedOut),
        Just(PreferenceStatus::Required),
    ]
}

prop_compose! {
    fn any_snooze()(start in proptest::option::of(0_i64..20), until in 0_i64..20) -> Snooze {
        Snooze { start: start.map(Timestamp::from_millis), until: Timestamp::from_millis(until) }
    }
}

prop_compose! {
    // Few times, so that both are often alike: that means none.
    fn any_hours()(start in 0_u16..3, end in 0_u16..3) -> QuietHours {
        QuietHours { start: TimeOfDay::from_minutes(start).unwrap(), end: TimeOfDay::from_minutes(end).unwrap() }
    }
}

prop_compose! {
    fn any_topic()(
        default_status in any_status(),
        classification in proptest::option::of(proptest::sample::select(vec![
            Classification::Transactional, Classification::Product, Classification::Marketing,
        ])),
        quiet_hours in proptest::option::of(any_hours()),
        offers_channels in any::<bool>(),
    ) -> Topic {
        Topic { classification, quiet_hours, offers_channels, ..topic(default_status) }
    }
}

prop_compose! {
    fn any_layer()(
        status in proptest::option::of(any_status()),
        has_custom_routing in proptest::option::of(any::<bool>()),
        custom_routing in proptest::sample::subsequence(Channel::ALL.to_vec(), 0..=3),
        snooze in proptest::collection::vec(any_snooze(), 0..3),
        channel_preferences in proptest::sample::subsequence(Channel::ALL.to_vec(), 0..=2),
        digest_schedule_id in proptest::option::of("[ab]"),
        quiet_hours in proptest::option::of(any_hours()),
    ) -> Preference {
        Preference {
            status, has_custom_routing, custom_routing, snooze, channel_preferences, digest_schedule_id, quiet_hours,
        }
    }
}

prop_compose! {
    fn any_layers()(
        tenants in proptest::collection::vec(any_layer(), 0..=4),
        person in proptest::collection::vec(any_layer(), 0..=2),
        everything in proptest::collection::vec(any_layer(), 0..=2),
        call in proptest::option::of(any_layer()),
        consent in proptest::sample::select(vec![ConsentState::None, ConsentState::Pending, ConsentState::Given]),
    ) -> Layers {
        Layers { tenants, person, everything, call, consent }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn layers_behave_like_the_plain_model(topic in any_topic(), layers in any_layers(), now in 0_i64..20) {
        let now = Timestamp::from_millis(now);
        let real = effective(&topic, &layers, now);
        let plain = expected(&topic, &layers, now);
        prop_assert_eq!(real.standing, plain.standing);
        prop_assert_eq!(real.default_status, plain.default_status);
        let chosen = (real.preference.has_custom_routing == Some(true)).then_some(real.preference.custom_routing);
        prop_assert_eq!(chosen, plain.chosen);
        prop_assert_eq!(real.preference.channel_preferences, plain.preferred);
        prop_assert_eq!(real.preference.digest_schedule_id, plain.digest);
        prop_assert_eq!(real.quiet_hours, plain.quiet_hours);
    }

    #[test]
    fn a_silent_layer_changes_nothing(default in any_status(), layers in any_layers(), place in 0_usize..3) {
        let now = Timestamp::from_millis(5);
        let mut more = layers.clone();
        match place {
            0 => more.tenants.push(Preference::default()),
            1 => more.person.push(Preference::default()),
            _ => more.everything.push(Preference::default()),
        }
        prop_assert_eq!(effective(&topic(default), &layers, now), effective(&topic(default), &more, now));
    }
}
