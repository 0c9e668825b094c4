//! What the form of a topic shows, as the form itself would say it.
//!
//! It travels with the form: what a person changed is what differs from what they saw, not from what holds by the time it
//! is sent. So a page that stood open while something was changed elsewhere takes none of that back.

use tidings_domain::preference::Standing;
use tidings_pipeline::preferences::TopicView;
use tidings_types::Timestamp;

use super::form::Form;

/// The name of the hidden field that holds it.
pub(super) fn field(topic: &str) -> String {
    format!("was:{topic}")
}

/// What the form of a topic says when nothing was touched.
pub(super) fn of(view: &TopicView, now: Timestamp) -> Form {
    let id = view.topic.topic.id.as_str();
    let mut form = Form::default();
    if view.is_on() {
        form.add("on", id);
    }
    for channel in ticked(view) {
        form.add(format!("via:{id}"), channel);
    }
    let digest = view.topic.topic.digest.as_ref();
    let chosen = view.effective.preference.digest_schedule_id.as_deref();
    if let Some(schedule) = digest.and_then(|digest| digest.schedule(chosen)) {
        form.add(format!("rhythm:{id}"), schedule.schedule_id.as_str());
    }
    let pause = paused_until(view, now).map_or("none", |_| "keep");
    form.add(format!("pause:{id}"), pause);
    form
}

/// The channels that are ticked: all where none in particular were chosen.
fn ticked(view: &TopicView) -> Vec<&'static str> {
    let channels = view.chosen().unwrap_or_else(|| view.channels.clone());
    channels.into_iter().map(tidings_types::Channel::as_str).collect()
}

/// Until when the topic is paused.
pub(super) fn paused_until(view: &TopicView, now: Timestamp) -> Option<Timestamp> {
    let own = view.effective.preference.snooze.iter().map(|snooze| snooze.until).max();
    own.filter(|until| *until > now && matches!(view.effective.standing, Standing::Snoozed { .. }))
}
