//! `PUT /tenants/{tenant_id}`: make or replace a tenant.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::tenant::{Tenant, TenantWrite};

use super::stored::{check, on_the_wire, put};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Make a tenant, or replace it.
#[utoipa::path(
    put, path = "/tenants/{tenant_id}", tag = "tenants",
    params(("tenant_id" = String, Path)),
    request_body = TenantWrite,
    responses(
        (status = 200, body = Tenant),
        (status = 400, description = "Such as a tenant beneath itself, or a fifth level.", body = ErrorBody),
    ),
)]
pub(super) async fn put_tenant(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<TenantWrite>,
) -> ApiResult<Json<Tenant>> {
    let (services, environment) = (state.services(), caller.environment);
    check(services, environment, &id, &request).await?;
    Ok(Json(on_the_wire(put(services, environment, &id, request).await?)?))
}
