//! What a caller asks to be sent: the `message` of a send, apart from its recipients.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::{Method, Object, Routing, TemplateContent};

/// The `message` object of a send without `to`. Unknown fields are ignored, as the public API does; JSON null counts
/// as absent everywhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MessageSpec {
    /// A template's id, alias or mapped event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// A version of the template, such as `v002`, in place of the one in force. Only test sends have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_version: Option<String>,
    /// Inline content; wins over `template`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<TemplateContent>,
    /// Variables for the content.
    #[serde(deserialize_with = "null_default")]
    pub data: Object,
    /// The brand to render with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_id: Option<String>,
    /// Settings per channel.
    #[serde(deserialize_with = "null_default")]
    pub channels: BTreeMap<String, ChannelOptions>,
    /// Settings per provider.
    #[serde(deserialize_with = "null_default")]
    pub providers: BTreeMap<String, ProviderOptions>,
    /// Which channels, overriding the template's strategy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing: Option<Routing>,
    /// Time limits. `timeouts` is the older spelling.
    #[serde(alias = "timeouts", deserialize_with = "null_default")]
    pub timeout: TimeoutOptions,
    /// Tags, event name, correlation id, UTM.
    #[serde(deserialize_with = "null_default")]
    pub metadata: Metadata,
    /// Overrides the template's topic.
    #[serde(deserialize_with = "null_default")]
    pub preferences: PreferenceOptions,
    /// The tenant on whose behalf it is sent.
    #[serde(deserialize_with = "null_default")]
    pub context: Context,
    /// When to send.
    #[serde(deserialize_with = "null_default")]
    pub delay: Delay,
    /// When it disappears from the feed.
    #[serde(deserialize_with = "null_default")]
    pub expiry: Expiry,
    /// The gathering it is the digest of: it is sent, and not gathered in turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest_instance: Option<String>,
    /// The broadcast it is a message of, which the log names in place of a template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broadcast_id: Option<String>,
}

/// `message.channels.<channel>`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChannelOptions {
    /// The brand for this channel only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_id: Option<String>,
    /// When false, the channel is not used.
    #[serde(rename = "if", skip_serializing_if = "Option::is_none")]
    pub condition: Option<Value>,
    /// UTM for this channel.
    #[serde(deserialize_with = "null_default")]
    pub metadata: UtmHolder,
    /// Replaces rendered values; its shape depends on the channel.
    #[serde(rename = "override", deserialize_with = "null_default")]
    pub overrides: Object,
    /// The providers allowed, in order of failover.
    #[serde(deserialize_with = "null_default")]
    pub providers: Vec<String>,
    /// Whether one of its providers is used, or all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing_method: Option<Method>,
    /// Time limits of this channel, in milliseconds.
    #[serde(deserialize_with = "null_default")]
    pub timeouts: ChannelTimeouts,
    /// Older spelling of `timeouts.channel`, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
}

/// `message.channels.<channel>.timeouts`, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChannelTimeouts {
    /// For each of its providers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<u64>,
    /// For the channel as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<u64>,
}

/// `message.providers.<provider>`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProviderOptions {
    /// When false, the provider is not used.
    #[serde(rename = "if", skip_serializing_if = "Option::is_none")]
    pub condition: Option<Value>,
    /// Replaces parts of the call: `body`, `config`, `headers`, `method`, `url`.
    #[serde(rename = "override", deserialize_with = "null_default")]
    pub overrides: Object,
    /// UTM for this provider.
    #[serde(deserialize_with = "null_default")]
    pub metadata: UtmHolder,
    /// Time limit in milliseconds. `timeout` is the older spelling.
    #[serde(alias = "timeout", skip_serializing_if = "Option::is_none")]
    pub timeouts: Option<u64>,
}

/// An object that holds only UTM values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UtmHolder {
    /// `source`, `medium`, `campaign`, `term`, `content`.
    #[serde(deserialize_with = "null_default")]
    pub utm: Object,
}

/// `message.timeout`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TimeoutOptions {
    /// For the whole message, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<u64>,
    /// For each channel, or per channel.
    #[serde(deserialize_with = "null_default")]
    pub channel: Limits,
    /// For each provider, or per provider.
    #[serde(deserialize_with = "null_default")]
    pub provider: Limits,
    /// How long to wait for `criteria` before the next channel, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalation: Option<u64>,
    /// What must have happened for a channel to count as enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criteria: Option<Criteria>,
}

/// What must have happened for a channel to count as enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Criteria {
    /// Handed over is enough.
    NoEscalation,
    /// The provider confirmed delivery.
    Delivered,
    /// It was opened.
    Viewed,
    /// Something in it was clicked.
    Engaged,
}

/// Time limits in milliseconds: one for all, or one per name.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Limits {
    /// The same for all.
    All(u64),
    /// By channel or provider.
    Each(BTreeMap<String, u64>),
}

impl Default for Limits {
    fn default() -> Self {
        Self::Each(BTreeMap::new())
    }
}

impl Limits {
    /// The limit for a name.
    pub fn get(&self, name: &str) -> Option<u64> {
        match self {
            Self::All(limit) => Some(*limit),
            Self::Each(map) => map.get(name).copied(),
        }
    }
}

impl<'de> Deserialize<'de> for Limits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Number(number) => number
                .as_u64()
                .map(Self::All)
                .ok_or_else(|| D::Error::custom("Expected milliseconds, 0 or more")),
            Value::Object(map) => {
                let mut limits = BTreeMap::new();
                for (name, value) in map {
                    let Some(limit) = value.as_u64() else {
                        return Err(D::Error::custom(format!("{name}: Expected milliseconds, 0 or more")));
                    };
                    limits.insert(name, limit);
                }
                Ok(Self::Each(limits))
            }
            other => Err(D::Error::custom(format!(
                "Expected number or object, received {}",
                crate::routing::kind_of(&other)
            ))),
        }
    }
}

/// `message.metadata`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// Reported as the message's `event`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// At most nine, each at most thirty characters.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// A free correlation string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// `source`, `medium`, `campaign`, `term`, `content`.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "Object::is_empty")]
    pub utm: Object,
}

/// The tag that makes any message a one-time message.
pub const ONE_TIME_TAG: &str = "otp";

impl Metadata {
    /// Whether the caller marked the message as one-time.
    pub fn is_tagged_one_time(&self) -> bool {
        self.tags.iter().any(|tag| tag == ONE_TIME_TAG)
    }
}

/// `message.preferences`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PreferenceOptions {
    /// The topic whose preferences decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription_topic_id: Option<String>,
}

/// `message.context`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// The tenant on whose behalf it is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
}

/// `message.delay`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Delay {
    /// Milliseconds from now; rounded up to whole minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
    /// A moment, or opening hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The zone in which opening hours are read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// `message.expiry`. Only the feed honours it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Expiry {
    /// Milliseconds, or an ISO 8601 duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<Value>,
    /// Epoch milliseconds, or an ISO 8601 moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Value>,
}

fn null_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_count_as_absent() {
        let spec: MessageSpec = serde_json::from_value(serde_json::json!({
            "data": null, "channels": null, "timeout": null, "metadata": null, "template": null, "surprise": 1
        }))
        .unwrap();
        assert_eq!(spec, MessageSpec::default());
    }

    #[test]
    fn limits_are_numbers_or_maps() {
        let spec: MessageSpec =
            serde_json::from_value(serde_json::json!({"timeouts": {"channel": 5, "provider": {"smtp": 7}}})).unwrap();
        assert_eq!(spec.timeout.channel.get("email"), Some(5));
        assert_eq!(spec.timeout.provider.get("smtp"), Some(7));
        assert_eq!(spec.timeout.provider.get("sendgrid"), None);
    }
}
