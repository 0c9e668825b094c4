//! `PUT /users/{user_id}/tenants/{tenant_id}`: add a person to a tenant.

use axum::extract::State;
use http::StatusCode;
use tidings_store::{DocumentKind, NewMembership};
use tidings_types::UserId;
use tidings_wire::error::ErrorBody;
use tidings_wire::tenant::MembershipWrite;

use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Add a person to a tenant, or change their profile there.
#[utoipa::path(
    put, path = "/users/{user_id}/tenants/{tenant_id}", tag = "tenants",
    params(("user_id" = String, Path), ("tenant_id" = String, Path)),
    request_body = MembershipWrite,
    responses((status = 204, description = "Added."), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn add_user_tenant(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((user, tenant)): Path<(UserId, String)>,
    JsonBody(request): JsonBody<MembershipWrite>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    document::find(services, environment, DocumentKind::Tenant, &tenant).await?;
    let new = NewMembership {
        user_id: user,
        tenant_id: tenant,
        profile: request.profile,
    };
    services
        .store
        .put_memberships(environment, vec![new], services.clock.now())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
