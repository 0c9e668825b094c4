//! `GET /audit-events/{audit_event_id}`: one change.

use axum::Json;
use axum::extract::State;
use tidings_types::Error;
use tidings_wire::error::ErrorBody;
use tidings_wire::inbound::AuditEvent;

use super::on_the_wire;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read one change.
#[utoipa::path(
    get, path = "/audit-events/{audit_event_id}", tag = "audit",
    params(("audit_event_id" = String, Path)),
    responses((status = 200, body = AuditEvent), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_audit_event(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<AuditEvent>> {
    let found = state.services().store.audit_event(caller.environment, &id).await?;
    match found {
        Some(event) => Ok(Json(on_the_wire(event))),
        None => Err(Error::not_found(format!("Audit event {id} not found")).into()),
    }
}
