//! `GET /tenants/{tenant_id}/templates/{template_id}/versions/{version}`: one version of it.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::tenant_templates::{Which, find, latest};
use tidings_types::Error;
use tidings_wire::error::ErrorBody;
use tidings_wire::tenant_template::TenantTemplate;

use super::stored::shown;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read a version of a tenant's own template.
#[utoipa::path(
    get, path = "/tenants/{tenant_id}/templates/{template_id}/versions/{version}", tag = "tenants",
    params(
        ("tenant_id" = String, Path), ("template_id" = String, Path),
        ("version" = String, Path, description = "`latest`, `published` or `v1`."),
    ),
    responses((status = 200, body = TenantTemplate), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_tenant_template_version(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((tenant, id, version)): Path<(String, String, String)>,
) -> ApiResult<Json<TenantTemplate>> {
    let (services, environment) = (state.services(), caller.environment);
    let which = Which::parse(&version)?;
    let found = find(services, environment, &tenant, &id).await?;
    let missing = || {
        Error::not_found(format!(
            "Version {version} of template {id} of tenant {tenant} not found"
        ))
    };
    let number = match which {
        Which::Latest => latest(services, environment, &found).await?,
        Which::Published => found.published_version.ok_or_else(missing)?,
        Which::Number(number) => number,
    };
    let kept = services
        .store
        .version(environment, found.kind, &found.id, number)
        .await?;
    let kept = kept.ok_or_else(missing)?;
    Ok(Json(shown(&found, &kept.body, kept.number, kept.created, true)?))
}
