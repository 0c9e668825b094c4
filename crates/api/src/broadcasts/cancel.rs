//! `POST /broadcasts/{broadcast_id}/cancel`: make a scheduled broadcast a draft again.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::broadcasts;
use tidings_wire::broadcast::Broadcast;
use tidings_wire::error::ErrorBody;

use super::stored::{find, on_the_wire};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Make a scheduled broadcast a draft again.
#[utoipa::path(
    post, path = "/broadcasts/{broadcast_id}/cancel", tag = "broadcasts",
    params(("broadcast_id" = String, Path)),
    responses(
        (status = 200, body = Broadcast),
        (status = 404, body = ErrorBody),
        (status = 409, description = "It is not scheduled.", body = ErrorBody),
    ),
)]
pub(super) async fn cancel_broadcast(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<Broadcast>> {
    let (services, environment) = (state.services(), caller.environment);
    let found = find(services, environment, &id).await?;
    Ok(Json(on_the_wire(
        broadcasts::cancel(services, environment, caller.actor(), &found).await?,
    )?))
}
