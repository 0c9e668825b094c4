//! From a choice on the wire to what is stored.

use tidings_pipeline::preferences::{Change, Hours, Said};
use tidings_store::StoredPreference;
use tidings_types::preference::Snooze;
use tidings_types::quiet::QuietHours;
use tidings_types::{Channel, Error, PreferenceStatus, Result, Timestamp};
use tidings_wire::preference::{BulkTopicChoice, StoredChoice};

use crate::moment;

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

/// What several entries make of what was said.
pub(super) fn of_bulk(choices: &[BulkTopicChoice], said: &Said) -> Change {
    let mut change = Change::default();
    for choice in choices {
        let mut stored = said.written(&choice.topic_id.as_str().into());
        lay_over(
            &mut stored,
            choice.status,
            choice.has_custom_routing,
            choice.custom_routing.clone(),
        );
        change.spoken.push(stored.topic_id.clone());
        change.set.push(stored);
    }
    change
}

/// A pause as a caller writes it: until a moment that is to come, or none any more.
///
/// # Errors
/// `Invalid`, naming the field.
#[expect(
    clippy::option_option,
    reason = "absent, null and a moment are three different wishes"
)]
pub(crate) fn pause(field: &str, until: Option<Option<String>>, now: Timestamp) -> Result<Option<Vec<Snooze>>> {
    let Some(until) = until else { return Ok(None) };
    let Some(text) = until else { return Ok(Some(Vec::new())) };
    let until = moment::parse(&text).filter(|until| *until > now);
    let until = until.ok_or_else(|| Error::invalid(format!("{field}: Expected an ISO 8601 moment that is to come")))?;
    Ok(Some(vec![Snooze { start: None, until }]))
}

/// Quiet hours as a caller writes them.
pub(crate) fn hours(hours: Option<QuietHours>) -> Hours {
    hours.map_or(Hours::Default, Hours::Own)
}

/// A choice as bulk calls answer it.
pub(super) fn answer(choice: &BulkTopicChoice) -> StoredChoice {
    let chosen = choice.has_custom_routing.unwrap_or(false);
    StoredChoice {
        topic_id: choice.topic_id.clone(),
        status: choice.status,
        has_custom_routing: chosen,
        custom_routing: choice.custom_routing.clone().filter(|_| chosen).unwrap_or_default(),
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
