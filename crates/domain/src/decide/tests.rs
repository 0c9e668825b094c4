//! Decisions by example, and what must hold for all of them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tidings_types::message::{ChannelOptions, ProviderOptions, TimeoutOptions};
use tidings_types::{Address, Preference, Timestamp, Topic, TopicId};

use super::*;
use crate::preference::{Layers, effective};

struct World {
    routing: Routing,
    channels: BTreeMap<String, ChannelOptions>,
    providers: BTreeMap<String, ProviderOptions>,
    candidates: Vec<Candidate>,
    topic: Option<(PreferenceStatus, Preference)>,
}

impl World {
    fn new(routing: serde_json::Value) -> Self {
        Self {
            routing: serde_json::from_value(routing).unwrap(),
            channels: BTreeMap::new(),
            providers: BTreeMap::new(),
            candidates: vec![
                candidate("smtp", Channel::Email, true),
                candidate("sendgrid", Channel::Email, true),
                candidate("twilio", Channel::Sms, true),
            ],
            topic: None,
        }
    }

    fn decide(&self) -> Decision {
        let now = Timestamp::from_millis(0);
        let topic = |(default_status, own): &(PreferenceStatus, Preference)| {
            let topic = Topic::new(TopicId::from("t"), "T", *default_status);
            let layers = Layers {
                person: vec![own.clone()],
                ..Layers::default()
            };
            let effective = effective(&topic, &layers, now);
            (topic, effective)
        };
        decide(&Input {
            now,
            routing: &self.routing,
            routing_source: "test",
            channels: &self.channels,
            providers: &self.providers,
            timeout: &TimeoutOptions::default(),
            preference: self.topic.as_ref().map(topic),
            candidates: &self.candidates,
            catalog: &|name| match name {
                "smtp" | "sendgrid" => Some(Channel::Email),
                "twilio" | "vonage" => Some(Channel::Sms),
                _ => None,
            },
            has_content: &|_, _| true,
            condition: &|value| value.as_bool().ok_or_else(|| "not a boolean".to_owned()),
        })
    }

    fn providers(&self) -> Vec<String> {
        let decision = self.decide();
        let leaves = decision.plan.root.leaves();
        leaves
            .iter()
            .flat_map(|leaf| leaf.targets.iter().map(|target| target.provider.clone()))
            .collect()
    }

    fn verdict(&self) -> (Status, Reason) {
        let verdict = self.decide().plan.verdict.unwrap();
        (verdict.status, verdict.reason)
    }
}

fn candidate(provider: &str, channel: Channel, reachable: bool) -> Candidate {
    let address = if reachable {
        AddressState::Known(vec![Address::User("u".to_owned())])
    } else {
        AddressState::Missing("The profile has none".to_owned())
    };
    Candidate {
        provider: provider.to_owned(),
        account: format!("acc_{provider}"),
        alias: None,
        channel,
        stands_in: false,
        address,
    }
}

#[test]
fn classes_take_every_account_and_keys_pin_one() {
    let world = World::new(serde_json::json!({"method": "single", "channels": ["email", "sms"]}));
    assert_eq!(world.providers(), ["smtp", "sendgrid", "twilio"]);
    let world = World::new(serde_json::json!({"method": "single", "channels": ["sendgrid"]}));
    assert_eq!(world.providers(), ["sendgrid"]);
}

#[test]
fn allowed_providers_set_the_order() {
    let mut world = World::new(serde_json::json!({"method": "single", "channels": ["email"]}));
    let options = ChannelOptions {
        providers: vec!["sendgrid".into(), "absent".into(), "smtp".into()],
        ..Default::default()
    };
    world.channels.insert("email".to_owned(), options);
    assert_eq!(world.providers(), ["sendgrid", "smtp"]);
}

#[test]
fn a_pinned_provider_that_is_not_allowed_is_an_error() {
    let mut world = World::new(serde_json::json!({"method": "single", "channels": ["smtp"]}));
    let options = ChannelOptions {
        providers: vec!["sendgrid".into()],
        ..Default::default()
    };
    world.channels.insert("email".to_owned(), options);
    assert_eq!(world.verdict(), (Status::Unroutable, Reason::ProviderError));
    let verdict = world.decide().plan.verdict.unwrap();
    assert_eq!(
        verdict.error,
        "No provider(s) smtp in the list of message channel provider(s): sendgrid."
    );
}

#[test]
fn verdicts_name_the_most_telling_reason() {
    let world = World::new(serde_json::json!({"method": "single", "channels": []}));
    assert_eq!(world.verdict(), (Status::Unroutable, Reason::NoChannels));

    let world = World::new(serde_json::json!({"method": "single", "channels": ["push"]}));
    assert_eq!(world.verdict(), (Status::Unroutable, Reason::NoProviders));

    let mut world = World::new(serde_json::json!({"method": "single", "channels": ["sms"]}));
    world.candidates = vec![candidate("twilio", Channel::Sms, false)];
    assert_eq!(world.verdict(), (Status::Undeliverable, Reason::NoChannels));

    let world = World::new(serde_json::json!({"channels": [{"channel": "email", "if": false}]}));
    assert_eq!(world.verdict(), (Status::Filtered, Reason::Filtered));
}

#[test]
fn custom_routing_narrows_and_overrules_channel_conditions() {
    let mut world = World::new(serde_json::json!({"method": "all", "channels": ["email", "sms"]}));
    let never = ChannelOptions {
        condition: Some(serde_json::json!(false)),
        ..Default::default()
    };
    world.channels.insert("sms".to_owned(), never);
    assert_eq!(world.providers(), ["smtp", "sendgrid"]);
    let own = Preference {
        status: Some(PreferenceStatus::OptedIn),
        has_custom_routing: Some(true),
        custom_routing: vec![Channel::Sms],
        ..Preference::default()
    };
    world.topic = Some((PreferenceStatus::OptedIn, own.clone()));
    assert_eq!(world.providers(), ["twilio"]);
    world.topic = Some((
        PreferenceStatus::OptedIn,
        Preference {
            custom_routing: vec![Channel::Push],
            ..own
        },
    ));
    assert_eq!(world.verdict(), (Status::Filtered, Reason::Filtered));
}

#[test]
fn choosing_channels_is_no_way_out_of_what_is_required() {
    let mut world = World::new(serde_json::json!({"method": "single", "channels": ["email", "sms"]}));
    let own = |custom_routing| Preference {
        has_custom_routing: Some(true),
        custom_routing,
        ..Preference::default()
    };
    world.topic = Some((PreferenceStatus::Required, own(vec![Channel::Sms])));
    assert_eq!(world.providers(), ["twilio"], "a choice among what is there counts");
    for nowhere in [vec![Channel::Push], Vec::new()] {
        world.topic = Some((PreferenceStatus::Required, own(nowhere)));
        assert_eq!(world.providers(), ["smtp", "sendgrid", "twilio"]);
    }
}

#[test]
fn a_stand_in_serves_whatever_is_pinned() {
    let mut world = World::new(serde_json::json!({"method": "single", "channels": ["vonage"]}));
    world.candidates = vec![Candidate {
        stands_in: true,
        ..candidate("outbox", Channel::Sms, true)
    }];
    assert_eq!(world.providers(), ["outbox"]);
}

#[test]
fn preferred_channels_come_first() {
    let mut world = World::new(serde_json::json!({"method": "single", "channels": ["email", "sms"]}));
    let own = Preference {
        channel_preferences: vec![Channel::Sms],
        ..Preference::default()
    };
    world.topic = Some((PreferenceStatus::OptedIn, own));
    assert_eq!(world.providers(), ["twilio", "smtp", "sendgrid"]);
}

fn any_entry() -> impl Strategy<Value = serde_json::Value> {
    let names = ["email", "sms", "push", "smtp", "twilio", "vonage", "nonsense"];
    let leaf = proptest::sample::select(names.to_vec()).prop_map(|name| serde_json::json!(name));
    leaf.prop_recursive(3, 12, 4, |inner| {
        (any::<bool>(), proptest::collection::vec(inner, 0..4)).prop_map(
            |(all, channels)| serde_json::json!({"method": if all { "all" } else { "single" }, "channels": channels}),
        )
    })
}

proptest! {
    /// Whatever the tree: nothing forbidden or unreachable is planned, an opt-out plans nothing, and there is either
    /// something to try or a verdict, never both and never neither.
    #[test]
    fn plans_hold_only_what_may_be_used(
        entries in proptest::collection::vec(any_entry(), 0..5),
        out in any::<bool>(),
        required in any::<bool>(),
        chosen in proptest::collection::vec(proptest::sample::select(vec![Channel::Email, Channel::Sms]), 0..2),
        reachable in any::<bool>(),
    ) {
        let mut world = World::new(serde_json::json!({"method": "all", "channels": entries}));
        world.candidates = vec![candidate("smtp", Channel::Email, reachable), candidate("twilio", Channel::Sms, true)];
        let own = Preference {
            status: Some(if out { PreferenceStatus::OptedOut } else { PreferenceStatus::OptedIn }),
            has_custom_routing: Some(!chosen.is_empty()),
            custom_routing: chosen.clone(),
            ..Preference::default()
        };
        let default = if required { PreferenceStatus::Required } else { PreferenceStatus::OptedIn };
        world.topic = Some((default, own));
        let decision = world.decide();
        let leaves = decision.plan.root.leaves();
        prop_assert_eq!(leaves.is_empty(), decision.plan.verdict.is_some());
        prop_assert!(!out || required || leaves.is_empty());
        for leaf in leaves {
            prop_assert!(!leaf.targets.is_empty());
            prop_assert!(required || chosen.is_empty() || chosen.contains(&leaf.channel));
            prop_assert!(leaf.channel != Channel::Email || reachable);
        }
        prop_assert_eq!(world.decide(), decision);
    }
}
