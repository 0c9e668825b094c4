//! Consent: who agreed to what, when, where and to which words.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, TopicId};

/// What a line of the consent ledger says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentAction {
    /// The person agreed.
    Granted,
    /// The person took it back.
    Withdrawn,
    /// All that named the person was erased; what is left is proof without a name.
    Erased,
}

impl ConsentAction {
    /// As stored and spelled.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Withdrawn => "withdrawn",
            Self::Erased => "erased",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Granted, Self::Withdrawn, Self::Erased]
            .into_iter()
            .find(|one| one.as_str() == text)
    }
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

/// Whether lines of a ledger, oldest first, come to consent for a topic: within the tenant if one is meant, else
/// everywhere. The last word counts, and of a tenant's own words its last.
pub fn holds(ledger: &[Consent], topic: &TopicId, tenant: Option<&str>) -> bool {
    let last = |tenant: Option<&str>| {
        let latest = ledger
            .iter()
            .rfind(|line| line.topic_id == *topic && line.tenant_id.as_deref() == tenant);
        latest.map(|line| line.action == ConsentAction::Granted)
    };
    let within = tenant.and_then(|tenant| last(Some(tenant)));
    within.or_else(|| last(None)).unwrap_or(false)
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
        assert!(!holds(&ledger, &topic, None), "silence is no consent");
        ledger.push(line(None, ConsentAction::Granted));
        assert!(holds(&ledger, &topic, None) && holds(&ledger, &topic, Some("acme")));
        assert!(!holds(&ledger, &TopicId::from("other"), None));
        ledger.push(line(Some("acme"), ConsentAction::Withdrawn));
        assert!(holds(&ledger, &topic, None) && !holds(&ledger, &topic, Some("acme")));
        ledger.push(line(None, ConsentAction::Withdrawn));
        assert!(!holds(&ledger, &topic, None));
    }
}
