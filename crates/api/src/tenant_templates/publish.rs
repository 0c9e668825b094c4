//! `POST /tenants/{tenant_id}/templates/{template_id}/publish`: put a version in force.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::tenant_templates::{Which, publish};
use tidings_types::Timestamp;
use tidings_wire::error::ErrorBody;
use tidings_wire::tenant_template::{TenantTemplatePublish, TenantTemplateSaved};

use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Put a version of a tenant's own template in force: the one saved last, unless another is named.
#[utoipa::path(
    post, path = "/tenants/{tenant_id}/templates/{template_id}/publish", tag = "tenants",
    params(("tenant_id" = String, Path), ("template_id" = String, Path)),
    request_body = Option<TenantTemplatePublish>,
    responses(
        (status = 200, body = TenantTemplateSaved),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
    ),
)]
pub(super) async fn publish_tenant_template(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((tenant, id)): Path<(String, String)>,
    JsonBody(request): JsonBody<TenantTemplatePublish>,
) -> ApiResult<Json<TenantTemplateSaved>> {
    let (services, environment) = (state.services(), caller.environment);
    let which = request.version.as_deref().map_or(Ok(Which::Latest), Which::parse)?;
    let (in_force, number) = publish(services, environment, &tenant, &id, which).await?;
    Ok(Json(TenantTemplateSaved {
        id,
        version: format!("v{number}"),
        published_at: in_force.published_at.map(Timestamp::to_rfc3339),
    }))
}
