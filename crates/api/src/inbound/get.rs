//! `GET /inbound/events/{message_id}`: one event that came in.

use axum::Json;
use axum::extract::State;
use tidings_types::Error;
use tidings_wire::error::ErrorBody;
use tidings_wire::inbound::TrackedEvent;

use super::on_the_wire;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read an event by its id.
#[utoipa::path(
    get, path = "/inbound/events/{message_id}", tag = "inbound",
    params(("message_id" = String, Path)),
    responses((status = 200, body = TrackedEvent), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_track_event(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<TrackedEvent>> {
    let found = state.services().store.track_event(caller.environment, &id).await?;
    let found = found.ok_or_else(|| Error::not_found(format!("Event {id} not found")))?;
    Ok(Json(on_the_wire(found)))
}
