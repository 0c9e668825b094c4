//! `DELETE /notifications/{id}`: take a template away.

use axum::extract::State;
use http::StatusCode;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;

use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Archive a template. It is no longer sent or listed, and its alias is free; its published versions can still be read.
#[utoipa::path(
    delete, path = "/notifications/{id}", tag = "notifications",
    params(("id" = String, Path)),
    responses((status = 204, description = "Archived."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn archive_notification(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    document::archive(state.services(), caller.environment, DocumentKind::Notification, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
