//! Settings of a send laid over those of a routing strategy, and what holds when neither says anything.

use std::collections::BTreeMap;

use serde_json::Value;
use tidings_domain::decide::{AddressState, Candidate};
use tidings_types::message::{ChannelOptions, ProviderOptions};
use tidings_types::{Channel, Method, Object, Preference, PreferenceStatus, Routing, RoutingEntry};

use super::candidates::stand_in_address;
use crate::preferences;

/// Field by field, the send's over the strategy's.
pub(super) fn merge_channels(
    below: &BTreeMap<String, ChannelOptions>,
    above: &BTreeMap<String, ChannelOptions>,
) -> BTreeMap<String, ChannelOptions> {
    let mut merged = below.clone();
    for (name, own) in above {
        let into = merged.entry(name.clone()).or_default();
        take(&mut into.brand_id, own.brand_id.as_ref());
        take(&mut into.condition, own.condition.as_ref());
        take(&mut into.routing_method, own.routing_method.as_ref());
        take(&mut into.timeouts.provider, own.timeouts.provider.as_ref());
        take(&mut into.timeouts.channel, own.timeouts.channel.as_ref());
        take(&mut into.timeout, own.timeout.as_ref());
        if !own.providers.is_empty() {
            into.providers.clone_from(&own.providers);
        }
        into.overrides.extend(own.overrides.clone());
        into.metadata.utm.extend(own.metadata.utm.clone());
    }
    merged
}

/// Field by field, the send's over the strategy's.
pub(super) fn merge_providers(
    below: &BTreeMap<String, ProviderOptions>,
    above: &BTreeMap<String, ProviderOptions>,
) -> BTreeMap<String, ProviderOptions> {
    let mut merged = below.clone();
    for (name, own) in above {
        let into = merged.entry(name.clone()).or_default();
        take(&mut into.condition, own.condition.as_ref());
        take(&mut into.timeouts, own.timeouts.as_ref());
        into.overrides.extend(own.overrides.clone());
        into.metadata.utm.extend(own.metadata.utm.clone());
    }
    merged
}

fn take<T: Clone>(into: &mut Option<T>, own: Option<&T>) {
    if let Some(own) = own {
        *into = Some(own.clone());
    }
}

/// The first channel that works, of those that have content and at which the person can be reached. When there is
/// none, all that could be used, so that the decision can say what is missing.
pub(super) fn default_routing(
    candidates: &[Candidate],
    profile: &Object,
    user: Option<&str>,
    has_content: impl Fn(Channel) -> bool,
) -> Routing {
    let reachable = |channel: Channel| {
        let mut of_channel = candidates.iter().filter(|one| one.channel == channel).peekable();
        if of_channel.peek().is_none() {
            return matches!(
                stand_in_address(channel, profile, user, &[], "US"),
                AddressState::Known(_)
            );
        }
        of_channel.any(|one| !matches!(one.address, AddressState::Missing(_)))
    };
    let with_content: Vec<_> = Channel::ALL
        .into_iter()
        .filter(|channel| has_content(*channel))
        .collect();
    let mut chosen: Vec<_> = with_content
        .iter()
        .copied()
        .filter(|channel| reachable(*channel))
        .collect();
    if chosen.is_empty() {
        chosen = with_content;
    }
    let channels = chosen
        .into_iter()
        .map(|channel| RoutingEntry::named(channel.as_str()))
        .collect();
    Routing {
        method: Method::Single,
        channels,
    }
}

/// What `to.preferences` says of a topic (`categories`) or of the template (`notifications`).
pub(super) fn inline_preference(to: &Object, topic: &str, template: Option<&str>) -> Option<Preference> {
    said_of(to.get("preferences")?, topic, template)
}

/// What the list and its subscriber said, of a message that is sent to a list.
pub(super) fn list_preference(to: &Object, topic: &str, template: Option<&str>) -> Option<Preference> {
    said_of(to.get(crate::expand::LIST_PREFERENCES)?, topic, template)
}

/// Whether the list or its subscriber said that this template is not wanted, for a message that no topic decides about.
pub(super) fn is_out_of_list(to: &Object, template: Option<&str>) -> bool {
    let said = list_preference(to, "", template);
    said.is_some_and(|said| said.status == Some(PreferenceStatus::OptedOut))
}

/// What `{notifications, categories}` says of a topic or a template.
fn said_of(said: &Value, topic: &str, template: Option<&str>) -> Option<Preference> {
    let of_topic = said.get("categories").and_then(|all| all.get(topic));
    let of_template = template.and_then(|id| said.get("notifications")?.get(id));
    of_template.or(of_topic).map(preferences::read_of_list)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_send_overrides_the_strategy_field_by_field() {
        let of = |value| serde_json::from_value::<BTreeMap<String, ChannelOptions>>(value).unwrap();
        let below = of(json!({"email": {"providers": ["a"], "timeouts": {"provider": 5}, "override": {"x": 1}}}));
        let above = of(json!({"email": {"timeouts": {"channel": 7}, "override": {"y": 2}}, "sms": {"if": "false"}}));
        let merged = merge_channels(&below, &above);
        let email = &merged["email"];
        assert_eq!(email.providers, ["a"]);
        assert_eq!((email.timeouts.provider, email.timeouts.channel), (Some(5), Some(7)));
        assert_eq!(email.overrides.len(), 2);
        assert!(merged["sms"].condition.is_some());
    }

    #[test]
    fn inline_preferences_are_read() {
        let to = json!({"preferences": {
            "categories": {"t": {"status": "OPTED_OUT"}},
            "notifications": {"nt": {"rules": [{"until": "2030-01-01"}], "channel_preferences": [{"channel": "sms"}]}}
        }});
        let to = to.as_object().unwrap();
        let of_topic = inline_preference(to, "t", None).unwrap();
        assert_eq!(of_topic.status, Some(PreferenceStatus::OptedOut));
        let of_template = inline_preference(to, "t", Some("nt")).unwrap();
        assert_eq!(
            (of_template.snooze.len(), of_template.channel_preferences),
            (1, vec![Channel::Sms])
        );
        assert_eq!(inline_preference(to, "other", None), None);
    }
}
