//! `GET /notifications/{id}/{submission_id}/checks`: what a submission waits for.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::Checks;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::notifications::submissions;
use crate::path::Path;

/// Read the checks of a submission.
#[utoipa::path(
    get, path = "/notifications/{id}/{submission_id}/checks", tag = "notifications",
    params(("id" = String, Path), ("submission_id" = String, Path)),
    responses((status = 200, body = Checks), (status = 404, body = ErrorBody)),
)]
pub(in crate::notifications) async fn get_checks(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((id, submission_id)): Path<(String, String)>,
) -> ApiResult<Json<Checks>> {
    let (_, stored) = submissions::find(state.services(), caller.environment, &id, &submission_id).await?;
    Ok(Json(Checks { checks: stored.checks }))
}
