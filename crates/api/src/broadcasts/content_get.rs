//! `GET /broadcasts/{broadcast_id}/content`: what a version of a broadcast says.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::Services;
use tidings_pipeline::broadcasts::{Broadcast, published};
use tidings_pipeline::library::version_label;
use tidings_store::{Document, DocumentKind};
use tidings_types::{Environment, Error, Result, TemplateContent};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::Content;

use super::stored::find;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::notifications::{Which, content_with_checksums};
use crate::path::Path;
use crate::query::Query;
use crate::{AppState, document};

/// Read the content of a broadcast, as it was written last unless another version is asked for.
///
/// Scheduling or sending a broadcast publishes its content as it is then: a version, unless nothing changed since the last.
#[utoipa::path(
    get, path = "/broadcasts/{broadcast_id}/content", tag = "broadcasts",
    params(
        ("broadcast_id" = String, Path),
        ("version" = Option<String>, Query, description = "`draft` (the default), `published` or `v001`."),
    ),
    responses((status = 200, body = Content), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_broadcast_content(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Json<Content>> {
    let which = Which::parse(query.text("version").or(Some("draft")))?;
    let (services, environment) = (state.services(), caller.environment);
    let found = find(services, environment, &id).await?;
    Ok(Json(content_with_checksums(
        content(services, environment, &found, which).await?,
    )))
}

async fn content(
    services: &Services,
    environment: Environment,
    found: &Document,
    which: Which,
) -> Result<TemplateContent> {
    let (kind, id) = (DocumentKind::Broadcast, &found.id);
    let unknown = |version: &str| Error::not_found(format!("Version {version} of broadcast {id} not found"));
    let broadcast = match which {
        Which::Draft => Broadcast::read(found)?,
        Which::Published => published(found)?.ok_or_else(|| unknown("published"))?,
        Which::Number(number) => {
            let version = services.store.version(environment, kind, id, number).await?;
            document::read(version.ok_or_else(|| unknown(&version_label(number)))?.body)?
        }
    };
    Ok(broadcast.content)
}
