//! What the preference page offers for everything at once: a pause, quiet hours, leaving all that may be left.

use jiff::ToSpan as _;
use maud::{Markup, html};
use tidings_pipeline::preferences::View;
use tidings_types::Timestamp;
use tidings_types::quiet::QuietHours;

use super::changes::PAUSES;
use super::visit::Visit;

/// What holds while everything is paused, with the way out of it.
pub(super) fn paused(visit: &Visit, view: &View, now: Timestamp) -> Markup {
    let words = visit.words;
    let until = until(view, now);
    html! {
        @if let Some(until) = until {
            form.notice.waiting method="post" {
                p { (words.fill(&words.paused, "date", &visit.date(until))) }
                input type="hidden" name="action" value="resume";
                button.button.quiet.small type="submit" { (words.resume) }
            }
        }
    }
}

fn until(view: &View, now: Timestamp) -> Option<Timestamp> {
    let everything = view.said.of_everything();
    let ends = everything.preference.snooze.iter().map(|snooze| snooze.until);
    ends.filter(|until| *until > now).max()
}

/// The section at the end of the page.
pub(super) fn all(visit: &Visit, view: &View, draft: bool, now: Timestamp) -> Markup {
    let words = visit.words;
    let mut topics = view.sections.iter().flat_map(|section| &section.topics);
    let may_leave = topics.any(tidings_pipeline::preferences::TopicView::may_be_left);
    let mut topics = view.sections.iter().flat_map(|section| &section.topics);
    let something_on = topics.any(|topic| topic.may_be_left() && topic.is_on());
    html! {
        @if may_leave {
            section.all aria-labelledby="all" {
                h2 #all { (words.all_title) }
                ul.topics {
                    @if until(view, now).is_none() { li { (pause(visit, draft, now)) } }
                    li { (quiet(visit, view, draft)) }
                    @if something_on { li { (leave(visit, draft)) } }
                }
            }
        }
    }
}

fn pause(visit: &Visit, draft: bool, now: Timestamp) -> Markup {
    let words = visit.words;
    let today = visit.zone.to_datetime(now.to_jiff()).date();
    let tomorrow = today.checked_add(1.day()).unwrap_or(today);
    html! {
        form.block method="post" {
            fieldset.plain disabled[draft] {
                legend { (words.pause_title) }
                p.about { (words.pause_about) }
                input type="hidden" name="action" value="pause";
                div.buttons.three {
                    @for ((length, _), text) in PAUSES.iter().zip([&words.for_day, &words.for_week, &words.for_month]) {
                        button.button.quiet name="for" value=(length) { (text) }
                    }
                }
                details {
                    summary { (words.pause_date) }
                    div.line {
                        input type="date" name="until" min=(today) value=(tomorrow) aria-label=(words.pause_date);
                        button.button.quiet type="submit" { (words.pause_do) }
                    }
                }
            }
        }
    }
}

fn quiet(visit: &Visit, view: &View, draft: bool) -> Markup {
    let words = visit.words;
    let own = view.said.of_everything().preference.quiet_hours;
    let held = own.filter(|hours| !hours.is_none());
    let shown = |time: Option<String>, otherwise: &str| time.unwrap_or_else(|| otherwise.to_owned());
    let start = shown(held.map(|hours: QuietHours| hours.start.to_string()), "22:00");
    let end = shown(held.map(|hours: QuietHours| hours.end.to_string()), "07:00");
    html! {
        form.block method="post" autocomplete="off" data-quiet {
            fieldset.plain disabled[draft] {
                legend.visually-hidden { (words.quiet_title) }
                input type="hidden" name="action" value="quiet";
                label.switch {
                    span { strong { (words.quiet_title) } span.about { (words.quiet_about) } }
                    input type="checkbox" role="switch" name="quiet" value="on" checked[held.is_some()] aria-label=(words.quiet_on);
                }
                div.detail.line {
                    label.field { span { (words.quiet_from) } input type="time" name="start" value=(start) required; }
                    label.field { span { (words.quiet_to) } input type="time" name="end" value=(end) required; }
                    p.about { (words.fill(&words.quiet_zone, "zone", &visit.zone_name)) }
                }
                button.button.quiet.keep type="submit" { (words.save) }
            }
        }
    }
}

fn leave(visit: &Visit, draft: bool) -> Markup {
    let words = visit.words;
    html! {
        form.block method="post" {
            fieldset.plain disabled[draft] {
                legend { (words.leave_title) }
                p.about { (words.leave_about) }
                input type="hidden" name="action" value="leave";
                div.buttons { button.button.quiet.danger type="submit" { (words.leave_do) } }
            }
        }
    }
}
