//! `GET /bulk/{job_id}`: how far a bulk job is.

use axum::Json;
use axum::extract::State;
use tidings_wire::bulk::{BulkJob, BulkJobResponse};
use tidings_wire::error::ErrorBody;

use super::not_found;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read how far a bulk job is. Its people are counted when asked.
#[utoipa::path(
    get, path = "/bulk/{job_id}", tag = "bulk",
    params(("job_id" = String, Path)),
    responses((status = 200, body = BulkJobResponse), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_bulk_job(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<BulkJobResponse>> {
    let job = state.services().store.bulk_job(caller.environment, &id).await?;
    let job = job.ok_or_else(|| not_found(&id))?;
    let status = match job.run_at {
        None => "CREATED",
        Some(_) if job.enqueued + job.failures < job.received => "PROCESSING",
        Some(_) if job.received > 0 && job.failures == job.received => "ERROR",
        Some(_) => "COMPLETED",
    };
    Ok(Json(BulkJobResponse {
        job: BulkJob {
            definition: job.definition,
            enqueued: job.enqueued,
            failures: job.failures,
            received: job.received,
            status: status.to_owned(),
        },
    }))
}
