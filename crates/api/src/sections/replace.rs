//! `PUT /preferences/sections/{section_id}`: replace a section.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;
use tidings_wire::section::{Section, SectionWrite};

use super::stored::{check, with_topics};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Replace a section. Its topics stay.
#[utoipa::path(
    put, path = "/preferences/sections/{section_id}", tag = "preferences",
    params(("section_id" = String, Path)),
    request_body = SectionWrite,
    responses((status = 200, body = Section), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn replace_section(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<SectionWrite>,
) -> ApiResult<Json<Section>> {
    check(&request)?;
    let (services, environment) = (state.services(), caller.environment);
    let found = document::find(services, environment, DocumentKind::Section, &id).await?;
    let change = document::change(services, &found, document::stored(&request)?);
    let written = document::write(services, environment, change).await?;
    Ok(Json(with_topics(services, environment, written).await?))
}
