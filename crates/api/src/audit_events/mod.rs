//! Who changed what.

mod get;
pub(crate) mod layer;
mod list;

use tidings_wire::inbound::{AuditActor, AuditEvent};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_audit_events))
        .routes(routes!(get::get_audit_event))
}

/// An event as reads show it.
fn on_the_wire(event: tidings_store::AuditEvent) -> AuditEvent {
    AuditEvent {
        audit_event_id: event.id,
        actor: AuditActor { id: event.actor },
        target: event.target,
        source: event.source,
        timestamp: event.at.to_rfc3339(),
        kind: event.kind,
    }
}
