//! One topic on the preference page.

use maud::{Markup, html};
use tidings_domain::preference::Standing;
use tidings_pipeline::preferences::TopicView;
use tidings_types::digest::{Digest, Frequency, Schedule, Weekday};
use tidings_types::{Classification, Timestamp};

use super::changes::PAUSES;
use super::visit::Visit;
use super::words::Words;

pub(super) fn row(visit: &Visit, view: &TopicView, now: Timestamp) -> Markup {
    let words = visit.words;
    let topic = &view.topic.topic;
    let id = topic.id.as_str();
    let here = visit.claims.topic_id.as_deref() == Some(id);
    let about = format!("about-{id}");
    let asks_consent = topic.class() == Classification::Marketing && !view.is_on();
    html! {
        li.topic.here[here] data-topic=(id) {
            @if here { p.brought { (words.from_message) } }
            label.switch for={ "on-" (id) } {
                span {
                    strong { bdi { (topic.name) } }
                    @if let Some(text) = &view.topic.description { span.about { bdi { (text) } } }
                }
                input #{ "on-" (id) } type="checkbox" role="switch" name="on" value=(id) checked[view.is_on()]
                      disabled[view.is_locked()] aria-describedby=[(view.is_locked() || asks_consent).then_some(&about)];
            }
            @if view.is_locked() { p.locked id=(about) { (lock()) (words.locked) } }
            @if asks_consent { p.locked.consent id=(about) { (words.consent) } }
            input type="hidden" name="topic" value=(id);
            div.detail {
                @if !view.channels.is_empty() { (ways(words, view)) }
                @if let Some(digest) = rhythms(topic.digest.as_ref()) { (rhythm(words, view, digest)) }
                @if may_pause(view) { (pause(visit, view, now)) }
            }
        }
    }
}

fn may_pause(view: &TopicView) -> bool {
    !view.is_locked() && view.topic.allowed_preferences.iter().any(|one| one == "snooze")
}

/// The channels: all ticked means any that works.
fn ways(words: &Words, view: &TopicView) -> Markup {
    let id = view.topic.topic.id.as_str();
    let chosen = view.chosen();
    html! {
        fieldset.ways {
            legend { span aria-hidden="true" { (words.how) } span.visually-hidden { (words.topic(&words.how_of, &view.topic.topic.name)) } }
            div.chips {
                @for channel in &view.channels {
                    @let ticked = chosen.as_ref().is_none_or(|chosen| chosen.contains(channel));
                    label.chip { input type="checkbox" name={ "via:" (id) } value=(channel) checked[ticked]; span { (words.channel(*channel)) } }
                }
            }
        }
    }
}

/// A digest among whose rhythms there is something to choose or to know.
fn rhythms(digest: Option<&Digest>) -> Option<&Digest> {
    digest.filter(|digest| {
        let mut offered = digest.schedules.iter().filter(|one| !one.disabled);
        offered.any(|one| one.frequency != Frequency::Instant)
    })
}

fn rhythm(words: &Words, view: &TopicView, digest: &Digest) -> Markup {
    let id = view.topic.topic.id.as_str();
    let chosen = view.effective.preference.digest_schedule_id.as_deref();
    let holds = digest.schedule(chosen).map(|schedule| schedule.schedule_id.as_str());
    html! {
        label.field { span { (words.rhythm) }
            select name={ "rhythm:" (id) } {
                @for schedule in digest.schedules.iter().filter(|one| !one.disabled) {
                    option value=(schedule.schedule_id) selected[holds == Some(&schedule.schedule_id)] { (told(words, schedule)) }
                }
            }
        }
    }
}

/// A rhythm in words: `Every day at 09:00 (Europe/Berlin)`.
fn told(words: &Words, schedule: &Schedule) -> String {
    let time = schedule.time.map(|time| time.to_string()).unwrap_or_default();
    let day = |day: Weekday| {
        let place = Weekday::ALL.iter().position(|one| *one == day).unwrap_or(0);
        words.weekdays.get(place).map_or("", String::as_str)
    };
    let (text, days) = match schedule.frequency {
        Frequency::Instant => return words.at_once.clone(),
        Frequency::Daily => (&words.daily, String::new()),
        Frequency::Weekdays => (&words.every_weekday, String::new()),
        Frequency::Weekly => (
            &words.weekly,
            schedule.day_of_week.map(day).unwrap_or_default().to_owned(),
        ),
        Frequency::CustomDays => {
            let days: Vec<_> = schedule.days_of_week.iter().copied().map(day).collect();
            (&words.weekly, days.join(", "))
        }
        Frequency::Monthly => (&words.monthly, schedule.day_of_month.unwrap_or(1).to_string()),
    };
    let text = words.fill(&words.fill(text, "time", &time), "day", &days);
    match &schedule.timezone {
        Some(zone) => format!("{text} ({zone})"),
        None => format!("{text} (UTC)"),
    }
}

fn pause(visit: &Visit, view: &TopicView, now: Timestamp) -> Markup {
    let words = visit.words;
    let id = view.topic.topic.id.as_str();
    let own = view.effective.preference.snooze.iter().map(|snooze| snooze.until).max();
    let until = own.filter(|until| *until > now && matches!(view.effective.standing, Standing::Snoozed { .. }));
    let lengths = [&words.for_day, &words.for_week, &words.for_month];
    html! {
        label.field { span { (words.pause) }
            select name={ "pause:" (id) } {
                option value="none" selected[until.is_none()] { (words.not_paused) }
                @if let Some(until) = until {
                    option value="keep" selected { (words.fill(&words.until, "date", &visit.date(until))) }
                }
                @for ((length, _), text) in PAUSES.iter().zip(lengths) { option value=(length) { (text) } }
            }
        }
    }
}

fn lock() -> Markup {
    html! { svg.icon viewBox="0 0 24 24" aria-hidden="true" { path d="M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6Z" {} } }
}
