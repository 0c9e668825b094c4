//! From a choice on the wire to what is stored.

use tidings_store::{Evidence, PreferenceWrite, StoredPreference};
use tidings_types::{Channel, PreferenceStatus, Timestamp};
use tidings_wire::preference::{BulkTopicChoice, StoredChoice};

/// Lays a choice over what was stored: status and routing are replaced, everything else stays.
pub(super) fn lay_over(
    stored: &mut StoredPreference,
    status: PreferenceStatus,
    has_custom_routing: Option<bool>,
    custom_routing: Option<Vec<Channel>>,
) {
    stored.preference.status = Some(status);
    stored.preference.has_custom_routing = has_custom_routing;
    // Channels are chosen only together with the statement that they count.
    stored.preference.custom_routing = if has_custom_routing == Some(true) {
        custom_routing.unwrap_or_default()
    } else {
        Vec::new()
    };
}

/// Whether somebody would opt in, and be reached through no channel at all.
pub(super) fn reaches_nobody(
    status: PreferenceStatus,
    has_custom_routing: Option<bool>,
    custom_routing: Option<&[Channel]>,
) -> bool {
    status == PreferenceStatus::OptedIn
        && has_custom_routing == Some(true)
        && custom_routing.is_none_or(<[Channel]>::is_empty)
}

/// What one entry of several makes of what was stored, if anything was.
pub(super) fn of_bulk(choice: BulkTopicChoice, stored: Option<StoredPreference>) -> StoredPreference {
    let mut stored = stored.unwrap_or_else(|| StoredPreference::silent(choice.topic_id.as_str().into()));
    lay_over(
        &mut stored,
        choice.status,
        choice.has_custom_routing,
        choice.custom_routing,
    );
    stored
}

/// A change made through the API that changes nothing yet.
pub(super) fn write(tenant: Option<&str>, now: Timestamp) -> PreferenceWrite {
    PreferenceWrite {
        tenant_id: tenant.map(str::to_owned),
        set: Vec::new(),
        unset: Vec::new(),
        replace_all: false,
        source: "api".to_owned(),
        evidence: Evidence::default(),
        consents: Vec::new(),
        now,
    }
}

/// A stored choice as bulk calls answer it.
pub(super) fn answer(stored: &StoredPreference, status: PreferenceStatus) -> StoredChoice {
    StoredChoice {
        topic_id: stored.topic_id.to_string(),
        status: stored.preference.status.unwrap_or(status),
        has_custom_routing: stored.preference.has_custom_routing.unwrap_or(false),
        custom_routing: stored.preference.custom_routing.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_count_only_when_it_is_said() {
        let mut stored = StoredPreference::silent("t".into());
        lay_over(&mut stored, PreferenceStatus::OptedIn, None, Some(vec![Channel::Sms]));
        assert!(stored.preference.custom_routing.is_empty());
        lay_over(
            &mut stored,
            PreferenceStatus::OptedIn,
            Some(true),
            Some(vec![Channel::Sms]),
        );
        assert_eq!(stored.preference.custom_routing, [Channel::Sms]);
    }
}
