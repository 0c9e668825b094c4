//! `PUT /brands/{id}`: replace a brand.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_types::{Error, NO_BRAND};
use tidings_wire::brand::{Brand, BrandWrite};
use tidings_wire::error::ErrorBody;

use super::stored::{checked, on_the_wire};
use crate::auth::{Scoped, WriteBrands};
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Replace a brand, making it if need be.
#[utoipa::path(
    put, path = "/brands/{id}", tag = "brands",
    params(("id" = String, Path)),
    request_body = BrandWrite,
    responses((status = 200, body = Brand), (status = 400, body = ErrorBody)),
)]
pub(super) async fn replace_brand(
    caller: Scoped<WriteBrands>,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<BrandWrite>,
) -> ApiResult<Json<Brand>> {
    let (services, environment) = (state.services(), caller.environment);
    let body = checked(&request)?;
    if id == NO_BRAND {
        return Err(Error::invalid("id: Must not be none, which stands for no brand").into());
    }
    let found = services.store.document(environment, DocumentKind::Brand, &id).await?;
    let written = if let Some(found) = found {
        document::write(services, environment, document::change(services, &found, body)).await?
    } else {
        let new = document::new(services, DocumentKind::Brand, id, body);
        document::create(services, environment, new).await?
    };
    Ok(Json(on_the_wire(written)?))
}
