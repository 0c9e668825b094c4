//! `GET /tenants/{tenant_id}`: one tenant.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;
use tidings_wire::tenant::Tenant;

use super::stored::on_the_wire;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Read a tenant, without what it inherits.
#[utoipa::path(
    get, path = "/tenants/{tenant_id}", tag = "tenants",
    params(("tenant_id" = String, Path)),
    responses((status = 200, body = Tenant), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_tenant(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<Tenant>> {
    let found = document::find(state.services(), caller.environment, DocumentKind::Tenant, &id).await?;
    Ok(Json(on_the_wire(found)?))
}
