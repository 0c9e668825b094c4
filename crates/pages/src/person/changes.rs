//! What a form says, as wishes.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tidings_pipeline::preferences::{Choice, Hours, Pause, Routing, TopicView, View};
use tidings_types::preference::Snooze;
use tidings_types::quiet::QuietHours;
use tidings_types::{PreferenceStatus, Timestamp, TopicId};

use super::form::Form;
use super::shown;
use super::words::Words;

/// A day, in milliseconds.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// The lengths of a pause: the form's word, and days.
pub(super) const PAUSES: [(&str, u64); 3] = [("day", 1), ("week", 7), ("month", 30)];

/// Why a form was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// A topic is on, and through no channel.
    NoChannel(String),
    /// The form says what cannot be.
    NotSaved,
}

impl Problem {
    /// In words.
    pub(super) fn told(&self, words: &Words) -> String {
        match self {
            Self::NoChannel(topic) => words.topic(&words.no_channel, topic),
            Self::NotSaved => words.not_saved.clone(),
        }
    }
}

/// What was changed, topic by topic: what differs from what the form showed, and does not hold already. Only topics that
/// the form shows are its business.
pub(super) fn of_topics(form: &Form, view: &View, now: Timestamp) -> Result<Vec<(TopicId, Choice)>, Problem> {
    let mut choices = Vec::new();
    for topic in view.sections.iter().flat_map(|section| &section.topics) {
        let id = &topic.topic.topic.id;
        if !form.says("topic", id.as_str()) {
            continue;
        }
        let choice = of_topic(form, topic, now)?;
        if choice != Choice::default() {
            choices.push((id.clone(), choice));
        }
    }
    Ok(choices)
}

fn of_topic(form: &Form, topic: &TopicView, now: Timestamp) -> Result<Choice, Problem> {
    let id = topic.topic.topic.id.as_str();
    let before = match form.first(&shown::field(id)) {
        Some(text) => Form::parse(text.as_bytes()),
        None => shown::of(topic, now),
    };
    let is_on = |form: &Form| topic.is_locked() || form.says("on", id);
    let on = is_on(form);
    let mut choice = Choice::default();
    if on != is_on(&before) && on != topic.is_on() {
        choice.status = Some(if on {
            PreferenceStatus::OptedIn
        } else {
            PreferenceStatus::OptedOut
        });
    }
    // What is turned off keeps the rest for the day it is turned on again.
    if !on {
        return Ok(choice);
    }
    if !topic.channels.is_empty() {
        let via = format!("via:{id}");
        let ticked = |form: &Form| -> Vec<_> {
            let offered = topic.channels.iter().copied();
            offered.filter(|channel| form.says(&via, channel.as_str())).collect()
        };
        let (wished, holds) = (ticked(form), ticked(&shown::of(topic, now)));
        if wished != ticked(&before) && wished != holds {
            if wished.is_empty() {
                return Err(Problem::NoChannel(topic.topic.topic.name.clone()));
            }
            let all = wished == topic.channels;
            choice.routing = Some(if all { Routing::Any } else { Routing::Only(wished) });
        }
    }
    let changed = |name: String| form.first(&name).filter(|wished| before.first(&name) != Some(*wished));
    if let Some(rhythm) = changed(format!("rhythm:{id}")) {
        let digest = topic.topic.topic.digest.as_ref();
        let chosen = topic.effective.preference.digest_schedule_id.as_deref();
        let holds = digest.and_then(|digest| digest.schedule(chosen));
        if holds.is_none_or(|holds| holds.schedule_id != rhythm) {
            choice.digest_schedule_id = Some(rhythm.to_owned());
        }
    }
    match changed(format!("pause:{id}")) {
        Some("none") if !topic.effective.preference.snooze.is_empty() => choice.snooze = Some(Vec::new()),
        Some(length) => {
            let days = PAUSES.iter().find(|(name, _)| *name == length).map(|(_, days)| *days);
            choice.snooze = days.map(|days| {
                let until = now.plus(days * DAY_MS);
                vec![Snooze { start: None, until }]
            });
        }
        None => {}
    }
    Ok(choice)
}

/// What the form says of everything at once.
pub(super) fn of_everything(form: &Form, zone: &TimeZone, now: Timestamp) -> Option<Pause> {
    match form.first("action")? {
        "resume" => Some(Pause::Over),
        "pause" => {
            // A length, or a day: then until its end on the person's clock.
            let length = form
                .first("for")
                .and_then(|word| PAUSES.iter().find(|(name, _)| *name == word));
            if let Some((_, days)) = length {
                return Some(Pause::Until(now.plus(days * DAY_MS)));
            }
            let day: Date = form.first("until")?.parse().ok()?;
            let end = day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?;
            let until = Timestamp::from(end.timestamp());
            (until > now).then_some(Pause::Until(until))
        }
        _ if !form.says("quiet", "on") => Some(Pause::Hours(Hours::Own(QuietHours::NONE))),
        _ => {
            let hours = QuietHours {
                start: form.first("start")?.parse().ok()?,
                end: form.first("end")?.parse().ok()?,
            };
            Some(Pause::Hours(Hours::Own(hours)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(form: &str) -> Option<Pause> {
        let zone = tidings_domain::window::time_zone("Asia/Tokyo").unwrap();
        of_everything(&Form::parse(form.as_bytes()), &zone, Timestamp::from_millis(0))
    }

    #[test]
    fn a_pause_ends_with_the_chosen_day_where_the_person_is() {
        assert_eq!(
            said("action=pause&until=1970-01-02"),
            Some(Pause::Until(Timestamp::from_millis(140_400_000)))
        );
        assert_eq!(
            said("action=pause&for=week"),
            Some(Pause::Until(Timestamp::from_millis(604_800_000)))
        );
        assert_eq!(said("action=resume"), Some(Pause::Over));
        for nonsense in [
            "action=pause",
            "action=pause&until=x",
            "action=pause&until=1960-01-01",
            "action=pause&for=ever",
        ] {
            assert_eq!(said(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn quiet_hours_are_set_and_turned_off() {
        let hours = QuietHours {
            start: "22:00".parse().unwrap(),
            end: "07:30".parse().unwrap(),
        };
        assert_eq!(
            said("action=quiet&quiet=on&start=22:00&end=07:30"),
            Some(Pause::Hours(Hours::Own(hours)))
        );
        assert_eq!(
            said("action=quiet&start=22:00&end=07:30"),
            Some(Pause::Hours(Hours::Own(QuietHours::NONE)))
        );
        assert_eq!(said("action=quiet&quiet=on&start=25:00&end=07:30"), None);
    }
}
