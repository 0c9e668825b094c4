//! `GET /preferences/sections/{section_id}`: one section.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;
use tidings_wire::section::Section;

use super::stored::with_topics;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Read a section with its topics.
#[utoipa::path(
    get, path = "/preferences/sections/{section_id}", tag = "preferences",
    params(("section_id" = String, Path)),
    responses((status = 200, body = Section), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_section(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<Section>> {
    let services = state.services();
    let found = document::find(services, caller.environment, DocumentKind::Section, &id).await?;
    Ok(Json(with_topics(services, caller.environment, found).await?))
}
