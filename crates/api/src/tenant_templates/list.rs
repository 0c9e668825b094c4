//! `GET /tenants/{tenant_id}/templates`: the templates a tenant has of its own.

use axum::Json;
use axum::extract::State;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tidings_pipeline::tenant_templates::must_have_tenant;
use tidings_store::{DocumentKind, Page};
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::LinkedList;
use tidings_wire::tenant_template::TenantTemplate;

use super::stored::shown_latest;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::linked;
use crate::path::Path;
use crate::query::Query;
use crate::tenants::{MAX_PAGE, PAGE};

/// List the templates a tenant has of its own, oldest first.
#[utoipa::path(
    get, path = "/tenants/{tenant_id}/templates", tag = "tenants",
    params(("tenant_id" = String, Path), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = LinkedList<TenantTemplate>), (status = 404, body = ErrorBody)),
)]
pub(super) async fn list_tenant_templates(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(tenant): Path<String>,
    query: Query,
) -> ApiResult<Json<LinkedList<TenantTemplate>>> {
    let (services, environment) = (state.services(), caller.environment);
    let request = query.page(PAGE, MAX_PAGE)?;
    must_have_tenant(services, environment, &tenant).await?;
    let found = services
        .store
        .documents(
            environment,
            DocumentKind::TenantTemplate,
            Some(&tenant),
            request.clone(),
        )
        .await?;
    let mut items = Vec::with_capacity(found.items.len());
    for document in &found.items {
        items.push(shown_latest(services, environment, document, false).await?);
    }
    let page = Page {
        items,
        next: found.next,
    };
    let path = format!("/tenants/{}/templates", utf8_percent_encode(&tenant, NON_ALPHANUMERIC));
    Ok(Json(linked(page, &path, &request)))
}
