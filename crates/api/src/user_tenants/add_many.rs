//! `PUT /users/{user_id}/tenants`: add a person to tenants.

use axum::extract::State;
use http::StatusCode;
use tidings_store::{DocumentKind, NewMembership};
use tidings_types::{Error, UserId};
use tidings_wire::error::ErrorBody;
use tidings_wire::tenant::MembershipsWrite;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// How many tenants one call may name.
const MAX_TENANTS: usize = 1000;

/// Add a person to tenants, all or none. The person stays in those they belong to already.
#[utoipa::path(
    put, path = "/users/{user_id}/tenants", tag = "tenants",
    params(("user_id" = String, Path)),
    request_body = MembershipsWrite,
    responses((status = 204, description = "Added."), (status = 400, body = ErrorBody)),
)]
pub(super) async fn add_user_tenants(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(user): Path<UserId>,
    JsonBody(request): JsonBody<MembershipsWrite>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    let count = request.tenants.len();
    if count > MAX_TENANTS {
        return Err(Error::invalid(format!("tenants: {count} tenants. Max is {MAX_TENANTS}")).into());
    }
    let mut new = Vec::with_capacity(count);
    for (index, tenant) in request.tenants.into_iter().enumerate() {
        let known = services
            .documents()
            .document(environment, DocumentKind::Tenant, &tenant.tenant_id)
            .await?;
        if known.is_none() {
            let told = format!("tenants.{index}.tenant_id: Tenant {} not found", tenant.tenant_id);
            return Err(Error::invalid(told).into());
        }
        new.push(NewMembership {
            user_id: user.clone(),
            tenant_id: tenant.tenant_id,
            profile: tenant.profile,
        });
    }
    services
        .store
        .put_memberships(environment, new, services.clock.now())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
