//! `DELETE /tenants/{tenant_id}`: take a tenant away.

use axum::extract::State;
use http::StatusCode;
use serde_json::json;
use tidings_bus::Hint;
use tidings_pipeline::tenants;
use tidings_store::{DocumentKind, JobKey, Lane, NewJob};
use tidings_wire::error::ErrorBody;

use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Take a tenant away. Its people belong to it no more; tenants beneath it stand on their own.
#[utoipa::path(
    delete, path = "/tenants/{tenant_id}", tag = "tenants",
    params(("tenant_id" = String, Path)),
    responses((status = 204, description = "Gone."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn delete_tenant(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    document::find(services, environment, DocumentKind::Tenant, &id).await?;
    // First what takes its people out, so that none is left behind; it waits until the tenant is gone.
    let now = services.clock.now();
    let clear = NewJob {
        name: JobKey::new(environment, tenants::CLEAR, &id),
        lane: Lane::Bulk,
        due: now,
        body: json!({ "tenant": id, "before": now.as_millis() }),
    };
    services.store.enqueue_jobs(vec![clear]).await?;
    document::archive(services, environment, DocumentKind::Tenant, &id).await?;
    services.bus.send(Hint::Jobs);
    Ok(StatusCode::NO_CONTENT)
}
