//! `GET /tenants/{tenant_id}/templates/{template_id}`: what a tenant has of its own.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::tenant_templates::find;
use tidings_wire::error::ErrorBody;
use tidings_wire::tenant_template::TenantTemplate;

use super::stored::shown_latest;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read a tenant's own version of a template, as it was saved last.
#[utoipa::path(
    get, path = "/tenants/{tenant_id}/templates/{template_id}", tag = "tenants",
    params(("tenant_id" = String, Path), ("template_id" = String, Path)),
    responses((status = 200, body = TenantTemplate), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_tenant_template(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((tenant, id)): Path<(String, String)>,
) -> ApiResult<Json<TenantTemplate>> {
    let (services, environment) = (state.services(), caller.environment);
    let found = find(services, environment, &tenant, &id).await?;
    Ok(Json(shown_latest(services, environment, &found, true).await?))
}
