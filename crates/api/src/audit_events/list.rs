//! `GET /audit-events`: who changed what, newest first.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::inbound::AuditEvent;
use tidings_wire::paging::Results;

use super::on_the_wire;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::results;
use crate::query::{DEFAULT_PAGE, Query};

/// List who changed what, newest first.
#[utoipa::path(
    get, path = "/audit-events", tag = "audit",
    params(("cursor" = Option<String>, Query)),
    responses((status = 200, body = Results<AuditEvent>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_audit_events(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Results<AuditEvent>>> {
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let found = state.services().store.audit_events(caller.environment, page).await?;
    Ok(Json(results(found.map(on_the_wire))))
}
