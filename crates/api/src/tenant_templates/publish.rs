//! `POST /tenants/{tenant_id}/templates/{template_id}/publish`: put a version in force.

use axum::Json;
use axum::extract::State;
use tidings_types::{Error, ErrorKind, Timestamp};
use tidings_wire::error::ErrorBody;
use tidings_wire::tenant_template::{TenantTemplatePublish, TenantTemplateSaved};

use super::stored::{Which, find, latest, missing};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

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
    let found = find(services, environment, &tenant, &id).await?;
    let number = match which {
        Which::Latest => latest(services, environment, &found).await?,
        Which::Number(number) => number,
        Which::Published => {
            let told = "version: Expected format: latest, v1, v2, etc.";
            return Err(Error::invalid(told).into());
        }
    };
    let now = services.clock.now();
    let put = services
        .store
        .put_in_force(environment, found.kind, &found.id, number, now)
        .await;
    document::announce(services, environment);
    let in_force = match put {
        Ok(in_force) => in_force.ok_or_else(|| missing(&tenant, &id))?,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let told = format!("Version v{number} of template {id} of tenant {tenant} not found");
            return Err(Error::not_found(told).into());
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Json(TenantTemplateSaved {
        id,
        version: format!("v{number}"),
        published_at: in_force.published_at.map(Timestamp::to_rfc3339),
    }))
}
