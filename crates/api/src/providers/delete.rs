//! `DELETE /providers/{id}`: take a provider's configuration away.

use axum::extract::State;
use http::StatusCode;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;

use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Take a provider's configuration away. Nothing leaves through it any more.
#[utoipa::path(
    delete, path = "/providers/{id}", tag = "providers",
    params(("id" = String, Path)),
    responses((status = 204, description = "Gone."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn delete_provider(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    document::archive(state.services(), caller.environment, DocumentKind::Provider, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
