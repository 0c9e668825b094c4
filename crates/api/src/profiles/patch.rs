//! `PATCH /profiles/{user_id}`: change parts of a profile (RFC 6902).

use axum::Json;
use axum::extract::State;
use tidings_store::ProfileChange;
use tidings_types::UserId;
use tidings_wire::error::ErrorBody;
use tidings_wire::profile::{PatchRequest, StatusResponse};

use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::patch::operations;
use crate::path::Path;

/// Change parts of a profile, all or none.
#[utoipa::path(
    patch, path = "/profiles/{user_id}", tag = "profiles",
    params(("user_id" = String, Path)),
    request_body = PatchRequest,
    responses(
        (status = 200, body = StatusResponse),
        (status = 400, description = "An operation does not apply; nothing was changed.", body = ErrorBody),
    ),
)]
pub(super) async fn patch_profile(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
    JsonBody(request): JsonBody<PatchRequest>,
) -> ApiResult<Json<StatusResponse>> {
    let services = state.services();
    let change = ProfileChange::Patch(operations(request)?);
    services
        .store
        .change_profile(caller.environment, &user, change, services.clock.now())
        .await?;
    Ok(Json(StatusResponse::success()))
}
