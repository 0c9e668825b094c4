//! `POST /brands`: a new brand.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_types::{Error, NO_BRAND, Result};
use tidings_wire::brand::{Brand, BrandCreate, BrandWrite};
use tidings_wire::error::ErrorBody;

use super::stored::{checked, on_the_wire};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::sections::new_id;
use crate::validation::no_control_characters;
use crate::{AppState, document};

/// Make a brand.
#[utoipa::path(
    post, path = "/brands", tag = "brands",
    request_body = BrandCreate,
    responses(
        (status = 200, body = Brand),
        (status = 400, body = ErrorBody),
        (status = 409, description = "The id is taken.", body = ErrorBody),
    ),
)]
pub(super) async fn create_brand(
    caller: ApiCaller,
    State(state): State<AppState>,
    JsonBody(request): JsonBody<BrandCreate>,
) -> ApiResult<Json<Brand>> {
    let services = state.services();
    let BrandCreate {
        id,
        name,
        settings,
        snippets,
    } = request;
    let body = checked(&BrandWrite {
        name,
        settings,
        snippets,
    })?;
    let id = match id {
        Some(id) => usable(id)?,
        None => new_id(services),
    };
    let new = document::new(services, DocumentKind::Brand, id, body);
    let made = document::create(services, caller.environment, new).await?;
    Ok(Json(on_the_wire(made)?))
}

fn usable(id: String) -> Result<String> {
    no_control_characters("id", &id)?;
    if id.is_empty() {
        return Err(Error::invalid("id: Must not be empty"));
    }
    if id == NO_BRAND {
        return Err(Error::invalid("id: Must not be none, which stands for no brand"));
    }
    Ok(id)
}
