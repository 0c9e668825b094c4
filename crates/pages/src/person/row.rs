//! One topic on the preference page.

use std::collections::BTreeSet;

use maud::{Markup, html};
use tidings_pipeline::preferences::{ConfirmationWords, TopicView};
use tidings_types::digest::{Digest, Frequency, Schedule, Weekday};
use tidings_types::{Classification, Timestamp};

use super::changes::PAUSES;
use super::form::Form;
use super::shown;
use super::visit::Visit;
use super::words::Words;

/// Draws a topic as it stands, or as the person left it in a form that could not be saved.
pub(super) fn row(visit: &Visit, view: &TopicView, entered: Option<&Form>, now: Timestamp) -> Markup {
    let words = visit.words;
    let topic = &view.topic.topic;
    let id = topic.id.as_str();
    let stands = shown::of(view, now);
    let form = entered.filter(|form| form.says("topic", id)).unwrap_or(&stands);
    let here = visit.claims.topic_id.as_deref() == Some(id);
    let [name, text, about] = ["name", "text", "about"].map(|part| format!("{part}-{id}"));
    let note = note(words, view);
    // What is heard after the name: why it stands first, what it is about, what turning it on means.
    let parts = [
        (here, "brought"),
        (view.topic.description.is_some(), text.as_str()),
        (note.is_some() || may_change(view), about.as_str()),
    ];
    let told = parts.map(|(is, part)| if is { part } else { "" }).join(" ");
    let told = told.trim();
    html! {
        li.topic.here[here] data-topic=(id) {
            @if here { p #brought.brought { (words.from_message) } }
            label.switch for={ "on-" (id) } {
                span {
                    strong id=(name) { bdi { (topic.name) } }
                    @if let Some(description) = &view.topic.description { span.about id=(text) { bdi { (description) } } }
                }
                input #{ "on-" (id) } type="checkbox" role="switch" name="on" value=(id) checked[view.is_locked() || form.says("on", id)]
                      disabled[view.is_locked()] aria-labelledby=(name) aria-describedby=[(!told.is_empty()).then_some(told)];
            }
            @if view.is_locked() { p.locked id=(about) { (lock()) (words.locked) } }
            // The script puts another text in as the switch is moved.
            @else if may_change(view) { p.locked id=(about) { @if let Some(note) = note { (note) } } }
            input type="hidden" name="topic" value=(id);
            input type="hidden" name=(shown::field(id)) value=(stands.encode());
            div.detail {
                @if !view.channels.is_empty() { (ways(words, view, form)) }
                @if let Some(digest) = rhythms(topic.digest.as_ref()) { (rhythm(visit, id, digest, form)) }
                @if view.may_pause() { (pause(visit, view, form, now)) }
            }
        }
    }
}

/// What is to be known of a topic beside what it is about.
pub(super) fn note<'w>(words: &'w Words, view: &TopicView) -> Option<&'w str> {
    if view.is_locked() {
        Some(&words.locked)
    } else if view.awaits_confirmation() {
        Some(&ConfirmationWords::best([words.tag]).awaited)
    } else if may_change(view) && !view.is_on() {
        Some(&words.consent)
    } else {
        None
    }
}

/// Whether a topic's note is another one when its switch is moved.
pub(super) fn may_change(view: &TopicView) -> bool {
    view.topic.topic.class() == Classification::Marketing
}

/// The channels: all ticked means any that works.
fn ways(words: &Words, view: &TopicView, form: &Form) -> Markup {
    let name = format!("via:{}", view.topic.topic.id);
    html! {
        fieldset.ways {
            legend { span aria-hidden="true" { (words.how) } span.visually-hidden { (words.topic(&words.how_of, &view.topic.topic.name)) } }
            div.chips {
                @for channel in &view.channels {
                    @let ticked = form.says(&name, channel.as_str());
                    label.chip { input type="checkbox" name=(name) value=(channel) checked[ticked]; span { (words.channel(*channel)) } }
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

fn rhythm(visit: &Visit, id: &str, digest: &Digest, form: &Form) -> Markup {
    let words = visit.words;
    let name = format!("rhythm:{id}");
    let holds = form.first(&name);
    let offered: Vec<_> = digest.schedules.iter().filter(|one| !one.disabled).collect();
    let timed = || {
        let schedules = offered.iter().copied();
        schedules.filter(|one| one.frequency != Frequency::Instant)
    };
    let zones: BTreeSet<_> = timed().map(zone_of).collect();
    // Zones are told beneath, where there is room: one for all once, and the person's own not at all.
    let common = zones.first().copied().filter(|_| zones.len() == 1);
    let with_zone = |schedule: &Schedule| {
        let text = format!("{} ({{zone}})", told(words, schedule));
        words.fill(&text, "zone", zone_of(schedule))
    };
    let option = |schedule: &Schedule| {
        let text = told(words, schedule);
        // Two that differ by nothing else are told apart.
        if offered.iter().filter(|other| told(words, other) == text).count() > 1 && common.is_none() {
            return with_zone(schedule);
        }
        text
    };
    let beneath = match common {
        Some(zone) if visit.zone_name == zone => Vec::new(),
        Some(zone) => vec![words.fill(&words.quiet_zone, "zone", zone)],
        None => timed().map(with_zone).collect(),
    };
    let zone = (!beneath.is_empty()).then(|| format!("zone-{id}"));
    html! {
        label.field { span #{ "often-" (id) } { (words.rhythm) }
            select name=(name) aria-labelledby={ "often-" (id) " name-" (id) } aria-describedby=[&zone] {
                @for schedule in &offered {
                    option value=(schedule.schedule_id) selected[holds == Some(schedule.schedule_id.as_str())] { (option(schedule)) }
                }
            }
            @if let Some(zone) = &zone {
                span.about #(zone) { @for (place, text) in beneath.iter().enumerate() { @if place > 0 { br; } (text) } }
            }
        }
    }
}

fn zone_of(schedule: &Schedule) -> &str {
    schedule.timezone.as_deref().unwrap_or("UTC")
}

fn name_of(names: &[String], day: Weekday) -> &str {
    let place = Weekday::ALL.iter().position(|one| *one == day).unwrap_or(0);
    names.get(place).map_or("", String::as_str)
}

/// A rhythm in words: `Every day at 09:00`.
fn told(words: &Words, schedule: &Schedule) -> String {
    let time = schedule.time.map(|time| time.to_string()).unwrap_or_default();
    let (text, days) = match schedule.frequency {
        Frequency::Instant => return words.at_once.clone(),
        Frequency::Daily => (&words.daily, String::new()),
        Frequency::Weekdays => (&words.every_weekday, String::new()),
        Frequency::Weekly => (
            &words.weekly,
            schedule
                .day_of_week
                .map(|day| name_of(&words.weekdays, day).to_owned())
                .unwrap_or_default(),
        ),
        Frequency::CustomDays => {
            let days = schedule.days_of_week.iter();
            let names = if schedule.days_of_week.len() > 1 {
                &words.weekdays_short
            } else {
                &words.weekdays
            };
            let days: Vec<_> = days.map(|day| name_of(names, *day)).collect();
            (&words.weekly, days.join(words.list.as_str()))
        }
        Frequency::Monthly => (&words.monthly, schedule.day_of_month.unwrap_or(1).to_string()),
    };
    words.fill(&words.fill(text, "time", &time), "day", &days)
}

fn pause(visit: &Visit, view: &TopicView, form: &Form, now: Timestamp) -> Markup {
    let words = visit.words;
    let id = view.topic.topic.id.as_str();
    let name = format!("pause:{id}");
    let wished = form.first(&name);
    let until = shown::paused_until(view, now);
    let lengths = [&words.for_day, &words.for_week, &words.for_month];
    html! {
        label.field { span #{ "rest-" (id) } { (words.pause) }
            select name=(name) aria-labelledby={ "rest-" (id) " name-" (id) } {
                option value="none" { (words.not_paused) }
                @if let Some(until) = until {
                    option value="keep" selected[wished == Some("keep")] { (words.fill(&words.until, "date", &visit.date(until))) }
                }
                @for ((length, _), text) in PAUSES.iter().zip(lengths) { option value=(length) selected[wished == Some(length)] { (text) } }
            }
        }
    }
}

fn lock() -> Markup {
    html! { svg.icon viewBox="0 0 24 24" aria-hidden="true" { path d="M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6Z" {} } }
}
