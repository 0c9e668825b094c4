//! `POST /broadcasts/{broadcast_id}/schedule`: have a broadcast sent at a moment.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::broadcasts;
use tidings_types::Error;
use tidings_wire::broadcast::{Broadcast, BroadcastSchedule};
use tidings_wire::error::ErrorBody;

use super::stored::{find, on_the_wire, schedule};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Have a broadcast sent at a moment. One that was scheduled before is scheduled anew.
#[utoipa::path(
    post, path = "/broadcasts/{broadcast_id}/schedule", tag = "broadcasts",
    params(("broadcast_id" = String, Path)),
    request_body = BroadcastSchedule,
    responses(
        (status = 200, body = Broadcast),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, description = "It is being sent, or was.", body = ErrorBody),
    ),
)]
pub(super) async fn schedule_broadcast(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<BroadcastSchedule>,
) -> ApiResult<Json<Broadcast>> {
    let services = state.services();
    if request.scheduled_to.is_none() {
        return Err(Error::invalid("scheduled_to: Required").into());
    }
    let found = find(services, caller.environment, &id).await?;
    let written = broadcasts::schedule(services, &caller, caller.actor(), &found, schedule(request)?).await?;
    Ok(Json(on_the_wire(written)?))
}
