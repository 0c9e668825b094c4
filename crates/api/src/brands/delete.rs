//! `DELETE /brands/{id}`: take a brand away.

use axum::extract::State;
use http::StatusCode;
use tidings_store::DocumentKind;
use tidings_types::Error;
use tidings_wire::error::ErrorBody;

use crate::auth::{Scoped, WriteBrands};
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Take a brand away. Templates that name it look like the default brand from now on.
#[utoipa::path(
    delete, path = "/brands/{id}", tag = "brands",
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "Gone."),
        (status = 404, body = ErrorBody),
        (status = 409, description = "It is the default brand.", body = ErrorBody),
    ),
)]
pub(super) async fn delete_brand(
    caller: Scoped<WriteBrands>,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let default = state
        .services()
        .documents()
        .default_brand_id(caller.environment)
        .await?;
    document::find(state.services(), caller.environment, DocumentKind::Brand, &id).await?;
    if id == default {
        return Err(Error::conflict("The default brand cannot be taken away").into());
    }
    document::archive(state.services(), caller.environment, DocumentKind::Brand, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
