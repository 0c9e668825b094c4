//! The older form of preferences, and what is stored.

use tidings_store::StoredPreference;
use tidings_types::preference::{EVERYTHING, OF_TEMPLATE, Snooze};
use tidings_types::{Error, Preference, Result, TopicId};
use tidings_wire::recipient_preferences::{OlderChannel, OlderPreference, OlderRule, RecipientPreferences};

use crate::moment;

/// What is stored, in the older form; none when nothing was said of any topic or template.
pub(crate) fn shown(stored: Vec<StoredPreference>) -> Option<RecipientPreferences> {
    let mut all = RecipientPreferences::default();
    for one in stored {
        let id = one.topic_id.as_str();
        match id.strip_prefix(OF_TEMPLATE) {
            Some(template) => drop(all.notifications.insert(template.to_owned(), older(&one.preference))),
            None if id == EVERYTHING => {}
            None => drop(all.categories.insert(id.to_owned(), older(&one.preference))),
        }
    }
    (all != RecipientPreferences::default()).then_some(all)
}

fn older(said: &Preference) -> OlderPreference {
    let rule = |snooze: &Snooze| OlderRule {
        start: snooze.start.map(tidings_types::Timestamp::to_rfc3339),
        until: snooze.until.to_rfc3339(),
    };
    // Channels that were chosen are preferred ones to who knows only these.
    let channels = if said.has_custom_routing == Some(true) {
        &said.custom_routing
    } else {
        &said.channel_preferences
    };
    let some = |list: Vec<OlderChannel>| (!list.is_empty()).then_some(list);
    OlderPreference {
        status: said.status,
        rules: (!said.snooze.is_empty()).then(|| said.snooze.iter().map(rule).collect()),
        channel_preferences: some(
            channels
                .iter()
                .map(|channel| OlderChannel { channel: *channel })
                .collect(),
        ),
    }
}

/// Lays what is written over what is stored. Without `before`, it stands alone.
///
/// # Errors
/// `Invalid`, naming the field, for a rule whose moment cannot be read.
pub(super) fn stored(
    written: RecipientPreferences,
    before: &[StoredPreference],
) -> Result<Vec<(TopicId, StoredPreference)>> {
    let categories = written
        .categories
        .into_iter()
        .map(|(id, one)| ("categories", id.clone(), id, one));
    let notifications = written
        .notifications
        .into_iter()
        .map(|(id, one)| ("notifications", id.clone(), format!("{OF_TEMPLATE}{id}"), one));
    let mut all = Vec::new();
    for (field, id, key, one) in categories.chain(notifications) {
        crate::validation::no_control_characters(&format!("{field}.{id}"), &id)?;
        let topic = TopicId::from(key);
        let known = before.iter().find(|known| known.topic_id == topic);
        let mut stored = known
            .cloned()
            .unwrap_or_else(|| StoredPreference::silent(topic.clone()));
        lay_over(&mut stored.preference, one, &format!("{field}.{id}"))?;
        all.push((topic, stored));
    }
    Ok(all)
}

fn lay_over(said: &mut Preference, one: OlderPreference, field: &str) -> Result<()> {
    if one.status.is_some() {
        said.status = one.status;
    }
    if let Some(rules) = one.rules {
        let read = |(index, rule): (usize, OlderRule)| {
            let moment = |name: &str, text: &str| {
                moment::parse(text)
                    .ok_or_else(|| Error::invalid(format!("{field}.rules.{index}.{name}: Expected an ISO 8601 moment")))
            };
            Ok(Snooze {
                start: rule.start.as_deref().map(|start| moment("start", start)).transpose()?,
                until: moment("until", &rule.until)?,
            })
        };
        said.snooze = rules.into_iter().enumerate().map(read).collect::<Result<_>>()?;
    }
    if let Some(channels) = one.channel_preferences {
        said.channel_preferences = channels.into_iter().map(|one| one.channel).collect();
    }
    Ok(())
}
