//! `DELETE /tenants/{tenant_id}/templates/{template_id}`: take a tenant's own version away.

use axum::extract::State;
use http::StatusCode;
use tidings_pipeline::tenant_templates::find;
use tidings_wire::error::ErrorBody;

use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Take a tenant's own version of a template away, with all its versions. The workspace's template holds again.
#[utoipa::path(
    delete, path = "/tenants/{tenant_id}/templates/{template_id}", tag = "tenants",
    params(("tenant_id" = String, Path), ("template_id" = String, Path)),
    responses((status = 204, description = "Gone."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn delete_tenant_template(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((tenant, id)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    let found = find(services, environment, &tenant, &id).await?;
    document::archive(services, environment, found.kind, &found.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
