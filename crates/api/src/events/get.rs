//! `GET /events/{event_id}`: what a name stands for.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_types::Error;
use tidings_wire::error::ErrorBody;
use tidings_wire::event::EventMap;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read which template an event stands for.
#[utoipa::path(
    get, path = "/events/{event_id}", tag = "notifications",
    params(("event_id" = String, Path)),
    responses((status = 200, body = EventMap), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_event(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(event): Path<String>,
) -> ApiResult<Json<EventMap>> {
    let (store, kind) = (&state.services().store, DocumentKind::Notification);
    let found = store.document_by_name(caller.environment, kind, &event).await?;
    let found = found.ok_or_else(|| Error::not_found(format!("Event {event} not found")))?;
    Ok(Json(EventMap {
        id: found.id,
        kind: "notification".to_owned(),
    }))
}
