//! `POST /profiles/{user_id}`: add to a profile.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::Services;
use tidings_store::ProfileChange;
use tidings_types::{Environment, Result, UserId};
use tidings_wire::error::ErrorBody;
use tidings_wire::profile::{ProfileWrite, StatusResponse};

use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Add to a profile, making it if need be.
///
/// Objects are merged field by field; everything else, lists included, replaces what was there.
#[utoipa::path(
    post, path = "/profiles/{user_id}", tag = "profiles",
    params(("user_id" = String, Path)),
    request_body = ProfileWrite,
    responses((status = 200, body = StatusResponse), (status = 400, body = ErrorBody)),
)]
pub(super) async fn merge_profile(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
    JsonBody(request): JsonBody<ProfileWrite>,
) -> ApiResult<Json<StatusResponse>> {
    merge(state.services(), caller.environment, &user, request).await?;
    Ok(Json(StatusResponse::success()))
}

/// Adds what was written to a profile.
///
/// # Errors
/// When the store refuses it, or fails.
pub(super) async fn merge(
    services: &Services,
    environment: Environment,
    user: &UserId,
    request: ProfileWrite,
) -> Result<()> {
    let change = ProfileChange::Merge(request.profile);
    let (store, now) = (&services.store, services.clock.now());
    store.change_profile(environment, user, change, now).await?;
    Ok(())
}
