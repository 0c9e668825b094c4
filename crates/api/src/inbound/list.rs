//! `GET /inbound/events`: what was told of, newest first.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::inbound::TrackedEvent;
use tidings_wire::paging::Results;

use super::on_the_wire;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::results;
use crate::query::{DEFAULT_PAGE, Query};

/// List the events that came in, newest first.
#[utoipa::path(
    get, path = "/inbound/events", tag = "inbound",
    params(("cursor" = Option<String>, Query)),
    responses((status = 200, body = Results<TrackedEvent>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_track_events(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Results<TrackedEvent>>> {
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let found = state.services().store.track_events(caller.environment, page).await?;
    Ok(Json(results(found.map(on_the_wire))))
}
