//! The lines that tell who changed what, as they are written for the same changes over REST.

use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use tidings_pipeline::Services;
use tidings_store::{AuditEvent, AuditLine};
use tidings_types::id::new_prefixed_id;

use super::super::Viewer;

/// What does not stand in a part of a path.
const PART: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?');

/// A part of a path.
pub(super) fn part(text: &str) -> String {
    utf8_percent_encode(text, PART).to_string()
}

/// A line of a change that is of a kind such as `tenants:update`, to what a path of the API names.
pub(super) fn line(services: &Arc<Services>, viewer: &Viewer, kind: &'static str, target: String) -> AuditLine {
    let (services, actor) = (Arc::clone(services), viewer.actor().to_owned());
    AuditLine::new(viewer.environment(), move || {
        let now = services.clock.now();
        AuditEvent {
            id: new_prefixed_id("ae_", now, services.random.as_ref()),
            at: now,
            actor: actor.clone(),
            target: target.clone(),
            source: "designer".to_owned(),
            kind: kind.to_owned(),
        }
    })
}
