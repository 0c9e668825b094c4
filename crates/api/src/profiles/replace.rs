//! `PUT /profiles/{user_id}`: replace a profile.

use axum::Json;
use axum::extract::State;
use tidings_store::ProfileChange;
use tidings_types::UserId;
use tidings_wire::error::ErrorBody;
use tidings_wire::profile::{ProfileWrite, StatusResponse};

use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Replace a profile, making it if need be.
#[utoipa::path(
    put, path = "/profiles/{user_id}", tag = "profiles",
    params(("user_id" = String, Path)),
    request_body = ProfileWrite,
    responses((status = 200, body = StatusResponse), (status = 400, body = ErrorBody)),
)]
pub(super) async fn replace_profile(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
    JsonBody(request): JsonBody<ProfileWrite>,
) -> ApiResult<Json<StatusResponse>> {
    let services = state.services();
    let change = ProfileChange::Replace(request.profile);
    services
        .store
        .change_profile(caller.environment, &user, change, services.clock.now())
        .await?;
    Ok(Json(StatusResponse::success()))
}
