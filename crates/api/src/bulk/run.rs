//! `POST /bulk/{job_id}/run`: set a bulk job going.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde_json::{Value, json};
use tidings_pipeline::bulk;
use tidings_wire::error::ErrorBody;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Set a bulk job going.
#[utoipa::path(
    post, path = "/bulk/{job_id}/run", tag = "bulk",
    params(("job_id" = String, Path)),
    responses(
        (status = 202, description = "It is going.", body = Object),
        (status = 404, body = ErrorBody),
        (status = 409, description = "It was run already.", body = ErrorBody),
    ),
)]
pub(super) async fn run_bulk_job(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    bulk::run(state.services(), &caller, &id).await?;
    // The published clients read a JSON object.
    Ok((StatusCode::ACCEPTED, Json(json!({}))))
}
