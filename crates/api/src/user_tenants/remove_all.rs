//! `DELETE /users/{user_id}/tenants`: take a person out of all tenants.

use axum::extract::State;
use http::StatusCode;
use tidings_types::UserId;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Take a person out of all tenants.
#[utoipa::path(
    delete, path = "/users/{user_id}/tenants", tag = "tenants",
    params(("user_id" = String, Path)),
    responses((status = 204, description = "Taken out.")),
)]
pub(super) async fn remove_user_tenants(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
) -> ApiResult<StatusCode> {
    state
        .services()
        .store
        .delete_memberships(caller.environment, &user)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
