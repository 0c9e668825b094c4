//! `DELETE /brands/{id}`: take a brand away.

use axum::extract::State;
use http::StatusCode;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;

use crate::auth::{Scoped, WriteBrands};
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Take a brand away. Templates that name it look plain from now on.
#[utoipa::path(
    delete, path = "/brands/{id}", tag = "brands",
    params(("id" = String, Path)),
    responses((status = 204, description = "Gone."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn delete_brand(
    caller: Scoped<WriteBrands>,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    document::archive(state.services(), caller.environment, DocumentKind::Brand, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
