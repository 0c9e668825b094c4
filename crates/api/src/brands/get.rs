//! `GET /brands/{id}`: one brand.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_wire::brand::Brand;
use tidings_wire::error::ErrorBody;

use super::stored::on_the_wire;
use crate::auth::{ReadBrands, Scoped};
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Read a brand.
#[utoipa::path(
    get, path = "/brands/{id}", tag = "brands",
    params(("id" = String, Path)),
    responses((status = 200, body = Brand), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_brand(
    caller: Scoped<ReadBrands>,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<Brand>> {
    let found = document::find(state.services(), caller.environment, DocumentKind::Brand, &id).await?;
    Ok(Json(on_the_wire(found)?))
}
