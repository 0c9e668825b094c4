//! `POST /bulk/{job_id}`: hand people in.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::bulk;
use tidings_types::Error;
use tidings_wire::bulk::{BulkUserError, BulkUsersAdded, BulkUsersWrite};
use tidings_wire::error::ErrorBody;

use super::not_found;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// How many people one call may hand in.
const MAX_USERS: usize = 1000;

/// Hand people in. Who cannot be taken is told; the others are.
#[utoipa::path(
    post, path = "/bulk/{job_id}", tag = "bulk",
    params(("job_id" = String, Path)),
    request_body = BulkUsersWrite,
    responses(
        (status = 200, body = BulkUsersAdded),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, description = "It was run already.", body = ErrorBody),
    ),
)]
pub(super) async fn add_bulk_users(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<BulkUsersWrite>,
) -> ApiResult<Json<BulkUsersAdded>> {
    let count = request.users.len();
    if count > MAX_USERS {
        return Err(Error::invalid(format!("users: {count} users. Max is {MAX_USERS}")).into());
    }
    let refused = bulk::add(state.services(), &caller, &id, request.users)
        .await?
        .ok_or_else(|| not_found(&id))?;
    let errors: Vec<_> = refused
        .into_iter()
        .map(|one| BulkUserError {
            error: one.error,
            user: one.user,
        })
        .collect();
    Ok(Json(BulkUsersAdded {
        total: count.saturating_sub(errors.len()),
        errors,
    }))
}
