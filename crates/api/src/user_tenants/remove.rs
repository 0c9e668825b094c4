//! `DELETE /users/{user_id}/tenants/{tenant_id}`: take a person out of a tenant.

use axum::extract::State;
use http::StatusCode;
use tidings_types::{Error, UserId};
use tidings_wire::error::ErrorBody;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Take a person out of a tenant.
#[utoipa::path(
    delete, path = "/users/{user_id}/tenants/{tenant_id}", tag = "tenants",
    params(("user_id" = String, Path), ("tenant_id" = String, Path)),
    responses((status = 204, description = "Taken out."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn remove_user_tenant(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((user, tenant)): Path<(UserId, String)>,
) -> ApiResult<StatusCode> {
    let store = &state.services().store;
    if store.delete_membership(caller.environment, &user, &tenant).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::not_found(format!("User {user} does not belong to tenant {tenant}")).into())
    }
}
