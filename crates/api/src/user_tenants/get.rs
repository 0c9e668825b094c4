//! `GET /users/{user_id}/tenants/{tenant_id}`: one membership.

use axum::Json;
use axum::extract::State;
use tidings_types::{Error, UserId};
use tidings_wire::error::ErrorBody;
use tidings_wire::tenant::Membership;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::tenants::member;

/// Read a person's membership in a tenant.
#[utoipa::path(
    get, path = "/users/{user_id}/tenants/{tenant_id}", tag = "tenants",
    params(("user_id" = String, Path), ("tenant_id" = String, Path)),
    responses((status = 200, body = Membership), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_user_tenant(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((user, tenant)): Path<(UserId, String)>,
) -> ApiResult<Json<Membership>> {
    let store = &state.services().store;
    match store.membership(caller.environment, &user, &tenant).await? {
        Some(found) => Ok(Json(member(found))),
        None => Err(Error::not_found(format!("User {user} does not belong to tenant {tenant}")).into()),
    }
}
