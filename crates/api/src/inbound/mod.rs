//! Events that the calling application tells of.

mod get;
mod list;
mod track;

use tidings_store::TrackEvent;
use tidings_wire::inbound::TrackedEvent;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(track::take_track_event))
        .routes(routes!(list::list_track_events))
        .routes(routes!(get::get_track_event))
}

/// An event as reads show it.
fn on_the_wire(event: TrackEvent) -> TrackedEvent {
    TrackedEvent {
        message_id: event.message_id,
        event: event.event,
        kind: "track".to_owned(),
        properties: event.properties,
        user_id: event.user_id,
        timestamp: event.at.to_rfc3339(),
    }
}
