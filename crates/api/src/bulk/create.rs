//! `POST /bulk`: a new bulk job.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_pipeline::bulk;
use tidings_wire::bulk::{BulkCreate, BulkCreated};
use tidings_wire::error::ErrorBody;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;

/// Make a bulk job. It is sent when it is run.
#[utoipa::path(
    post, path = "/bulk", tag = "bulk",
    request_body = BulkCreate,
    responses((status = 201, body = BulkCreated), (status = 400, body = ErrorBody)),
)]
pub(super) async fn create_bulk_job(
    caller: ApiCaller,
    State(state): State<AppState>,
    JsonBody(request): JsonBody<BulkCreate>,
) -> ApiResult<(StatusCode, Json<BulkCreated>)> {
    let job_id = bulk::create(state.services(), &caller, request.message).await?;
    Ok((StatusCode::CREATED, Json(BulkCreated { job_id })))
}
