//! `POST /digests/schedules/{schedule_id}/trigger`: sending all that is gathered in a rhythm now.

use axum::extract::State;
use http::StatusCode;
use tidings_pipeline::digests;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Send everyone what is gathered for them in a rhythm now.
#[utoipa::path(
    post, path = "/digests/schedules/{schedule_id}/trigger", tag = "preferences",
    params(("schedule_id" = String, Path)),
    responses((status = 204, description = "What is gathered goes now.")),
)]
pub(super) async fn trigger_digest_schedule(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(schedule): Path<String>,
) -> ApiResult<StatusCode> {
    digests::release_all(state.services(), caller.environment, &schedule).await?;
    Ok(StatusCode::NO_CONTENT)
}
