//! `GET /notifications/{id}/content`: what a version of a template says.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::Services;
use tidings_types::{Environment, Result, TemplateContent};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::Content;

use super::checksum::with_checksums;
use super::shown::Shown;
use super::version::Which;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::query::Query;

/// Read a template's content, as it is published unless another version is asked for.
#[utoipa::path(
    get, path = "/notifications/{id}/content", tag = "notifications",
    params(
        ("id" = String, Path),
        ("version" = Option<String>, Query, description = "`published` (the default), `draft` or `v001`."),
    ),
    responses((status = 200, body = Content), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_content(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Json<Content>> {
    let which = Which::parse(query.text("version"))?;
    Ok(Json(content(state.services(), caller.environment, &id, which).await?))
}

/// The content of a version.
///
/// # Errors
/// `NotFound` when there is no such notification or version.
pub(super) async fn content(services: &Services, environment: Environment, id: &str, which: Which) -> Result<Content> {
    let content = Shown::find(services, environment, id, which).await?.stored.content;
    Ok(content_with_checksums(content))
}

/// Content as reads show it.
pub(crate) fn content_with_checksums(content: TemplateContent) -> Content {
    Content {
        version: content.version.unwrap_or_default(),
        elements: with_checksums(&content.elements.unwrap_or_default()),
    }
}
