//! `PUT /broadcasts/{broadcast_id}`: another name.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::broadcasts::{self, Broadcast};
use tidings_types::Error;
use tidings_wire::broadcast::{Broadcast as OnTheWire, BroadcastRename};
use tidings_wire::error::ErrorBody;

use super::stored::{find, on_the_wire};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, validation};

/// Rename a broadcast.
#[utoipa::path(
    put, path = "/broadcasts/{broadcast_id}", tag = "broadcasts",
    params(("broadcast_id" = String, Path)),
    request_body = BroadcastRename,
    responses((status = 200, body = OnTheWire), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn rename_broadcast(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<BroadcastRename>,
) -> ApiResult<Json<OnTheWire>> {
    validation::no_control_characters("name", &request.name)?;
    if request.name.is_empty() {
        return Err(Error::invalid("name: Must not be empty").into());
    }
    let (services, environment) = (state.services(), caller.environment);
    let found = find(services, environment, &id).await?;
    let broadcast = Broadcast {
        name: request.name,
        ..Broadcast::read(&found)?
    };
    let written = broadcasts::write(services, environment, caller.actor(), &found, &broadcast).await?;
    Ok(Json(on_the_wire(written)?))
}
