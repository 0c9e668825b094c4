//! Events that the calling application, or Segment, tells of.

mod get;
mod list;
mod segment;
mod track;

use tidings_pipeline::Services;
use tidings_store::{TrackEvent, TrackKind};
use tidings_types::id::new_trace_style_id;
use tidings_types::{Error, Object, Result};
use tidings_wire::inbound::TrackedEvent;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{AppState, validation};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(track::take_track_event))
        .routes(routes!(segment::take_segment_event))
        .routes(routes!(list::list_track_events))
        .routes(routes!(get::get_track_event))
}

/// By what an event is known, as it was written.
struct Ids {
    message_id: Option<String>,
    user_id: Option<String>,
}

/// An event that comes in now.
///
/// # Errors
/// `Invalid`, naming the id that cannot be one.
fn taken(services: &Services, kind: TrackKind, event: String, ids: Ids, properties: Object) -> Result<TrackEvent> {
    for (field, id) in [("messageId", &ids.message_id), ("userId", &ids.user_id)] {
        if let Some(id) = id {
            validation::user_id(field, id)?;
        }
    }
    let now = services.clock.now();
    let own = || new_trace_style_id(now, services.random.as_ref());
    Ok(TrackEvent {
        message_id: ids.message_id.unwrap_or_else(own),
        kind,
        event,
        user_id: ids.user_id,
        properties,
        at: now,
    })
}

/// Refuses what cannot name something that happened.
fn check_name(field: &str, name: &str) -> Result<()> {
    if name.is_empty() {
        return Err(Error::invalid(format!("{field}: Must not be empty")));
    }
    validation::no_control_characters(field, name)
}

/// That an event was taken before.
fn twice(message_id: &str) -> Error {
    Error::conflict(format!("messageId: An event by the id {message_id} was taken before"))
}

/// An event as reads show it.
fn on_the_wire(event: TrackEvent) -> TrackedEvent {
    TrackedEvent {
        message_id: event.message_id,
        event: event.event,
        kind: event.kind.as_str().to_owned(),
        properties: event.properties,
        user_id: event.user_id,
        timestamp: event.at.to_rfc3339(),
    }
}
