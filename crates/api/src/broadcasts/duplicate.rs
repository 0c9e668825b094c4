//! `POST /broadcasts/{broadcast_id}/duplicate`: the same again, as a draft.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::broadcasts::{Broadcast, BroadcastStatus};
use tidings_wire::broadcast::Broadcast as OnTheWire;
use tidings_wire::error::ErrorBody;

use super::stored::{create, find, on_the_wire};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Make a draft with the content of a broadcast.
#[utoipa::path(
    post, path = "/broadcasts/{broadcast_id}/duplicate", tag = "broadcasts",
    params(("broadcast_id" = String, Path)),
    responses((status = 200, body = OnTheWire), (status = 404, body = ErrorBody)),
)]
pub(super) async fn duplicate_broadcast(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<OnTheWire>> {
    let (services, environment) = (state.services(), caller.environment);
    let found = Broadcast::read(&find(services, environment, &id).await?)?;
    let copy = Broadcast {
        name: format!("{} (copy)", found.name),
        status: BroadcastStatus::Draft,
        schedule: None,
        request_id: None,
        ..found
    };
    Ok(Json(on_the_wire(create(services, &caller, &copy).await?)?))
}
