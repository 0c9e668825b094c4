//! `GET /broadcasts/{broadcast_id}`: one broadcast.

use axum::Json;
use axum::extract::State;
use tidings_wire::broadcast::Broadcast;
use tidings_wire::error::ErrorBody;

use super::stored::{find, on_the_wire};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read a broadcast.
#[utoipa::path(
    get, path = "/broadcasts/{broadcast_id}", tag = "broadcasts",
    params(("broadcast_id" = String, Path)),
    responses((status = 200, body = Broadcast), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_broadcast(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<Broadcast>> {
    Ok(Json(on_the_wire(
        find(state.services(), caller.environment, &id).await?,
    )?))
}
