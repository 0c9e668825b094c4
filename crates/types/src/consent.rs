//! Consent: who agreed to what, when, where and to which words.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, TopicId};

/// What a line of the consent ledger says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentAction {
    /// The person agreed, and has yet to confirm it by mail. Nothing is sent.
    Pending,
    /// The person confirmed by mail what they had agreed to.
    Confirmed,
    /// The person agreed.
    Granted,
    /// The person took it back.
    Withdrawn,
    /// What was said for one tenant counts no more: what was said for everywhere does again.
    Reset,
    /// All that named the person was erased; what is left is proof without a name.
    Erased,
}

impl ConsentAction {
    /// As stored and spelled.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Granted => "granted",
            Self::Withdrawn => "withdrawn",
            Self::Reset => "reset",
            Self::Erased => "erased",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Pending,
            Self::Confirmed,
            Self::Granted,
            Self::Withdrawn,
            Self::Reset,
            Self::Erased,
        ]
        .into_iter()
        .find(|one| one.as_str() == text)
    }

    /// What stands after it was said.
    pub const fn state(self) -> ConsentState {
        match self {
            Self::Granted | Self::Confirmed => ConsentState::Given,
            Self::Pending => ConsentState::Pending,
            Self::Withdrawn | Self::Reset | Self::Erased => ConsentState::None,
        }
    }
}

/// What the lines of a ledger come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ConsentState {
    /// There is no consent.
    #[default]
    None,
    /// The person agreed, and has yet to confirm it.
    Pending,
    /// There is consent.
    Given,
}

/// A line of the consent ledger. It only grows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The topic.
    pub topic_id: TopicId,
    /// For this tenant only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// What was said.
    pub action: ConsentAction,
    /// When.
    pub at: Timestamp,
    /// Where: `page`, `api`, ...
    pub source: String,
    /// Which version of which words the person saw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
    /// The message it began in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
}

impl Consent {
    /// The line that ends what an erased person leaves.
    pub fn erased(at: Timestamp) -> Self {
        Self {
            topic_id: TopicId::from(crate::preference::EVERYTHING),
            tenant_id: None,
            action: ConsentAction::Erased,
            at,
            source: "erasure".to_owned(),
            wording: None,
            message_id: None,
        }
    }
}

/// What lines of a ledger, oldest first, come to for a topic: within the tenant if one is meant, else everywhere. The last
/// word counts, and of a tenant's own words its last.
pub fn state(ledger: &[Consent], topic: &TopicId, tenant: Option<&str>) -> ConsentState {
    decisive(ledger, topic, tenant)
        .map(|line| line.action.state())
        .unwrap_or_default()
}

/// The line that decides.
pub fn decisive<'l>(ledger: &'l [Consent], topic: &TopicId, tenant: Option<&str>) -> Option<&'l Consent> {
    let within = tenant.and_then(|tenant| last(ledger, topic, Some(tenant)));
    within
        .filter(|line| line.action != ConsentAction::Reset)
        .or_else(|| last(ledger, topic, None))
}

/// The last line of a ledger that speaks of a topic: for everywhere, or for one tenant only.
pub fn last<'l>(ledger: &'l [Consent], topic: &TopicId, tenant: Option<&str>) -> Option<&'l Consent> {
    ledger
        .iter()
        .rfind(|line| line.topic_id == *topic && line.tenant_id.as_deref() == tenant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(tenant: Option<&str>, action: ConsentAction) -> Consent {
        Consent {
            topic_id: TopicId::from("offers"),
            tenant_id: tenant.map(str::to_owned),
            action,
            at: Timestamp::default(),
            source: "page".to_owned(),
            wording: None,
            message_id: None,
        }
    }

    #[test]
    fn the_last_word_counts_and_a_tenants_own_before_others() {
        let topic = TopicId::from("offers");
        let mut ledger = Vec::new();
        let of = |ledger: &[Consent], tenant| state(ledger, &topic, tenant);
        assert_eq!(of(&ledger, None), ConsentState::None, "silence is no consent");
        ledger.push(line(None, ConsentAction::Granted));
        assert_eq!(of(&ledger, None), ConsentState::Given);
        assert_eq!(of(&ledger, Some("acme")), ConsentState::Given);
        assert_eq!(state(&ledger, &TopicId::from("other"), None), ConsentState::None);
        ledger.push(line(Some("acme"), ConsentAction::Withdrawn));
        assert_eq!(of(&ledger, None), ConsentState::Given);
        assert_eq!(of(&ledger, Some("acme")), ConsentState::None);
        ledger.push(line(Some("acme"), ConsentAction::Reset));
        assert_eq!(
            of(&ledger, Some("acme")),
            ConsentState::Given,
            "the general word counts again"
        );
        ledger.push(line(None, ConsentAction::Withdrawn));
        assert_eq!(of(&ledger, None), ConsentState::None);
        assert_eq!(of(&ledger, Some("acme")), ConsentState::None);
    }

    #[test]
    fn what_is_not_confirmed_is_no_consent() {
        let topic = TopicId::from("offers");
        let mut ledger = vec![line(None, ConsentAction::Pending)];
        assert_eq!(state(&ledger, &topic, None), ConsentState::Pending);
        ledger.push(line(None, ConsentAction::Confirmed));
        assert_eq!(state(&ledger, &topic, None), ConsentState::Given);
        ledger.push(line(None, ConsentAction::Erased));
        assert_eq!(state(&ledger, &topic, None), ConsentState::None);
    }

    #[test]
    fn every_action_is_read_as_it_is_written() {
        for text in ["pending", "confirmed", "granted", "withdrawn", "reset", "erased"] {
            assert_eq!(ConsentAction::parse(text).map(ConsentAction::as_str), Some(text));
        }
    }
}
