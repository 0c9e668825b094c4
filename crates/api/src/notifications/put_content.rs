//! `PUT /notifications/{id}/content`: replace what a template says.

use axum::Json;
use axum::extract::State;
use tidings_store::{DocumentKind, DocumentWrite};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{ContentPut, Mutation};

use super::checksum::flattened;
use super::stored::StoredNotification;
use super::written::{checked_content, mode};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Replace the content of a template's draft, or publish the draft with it at once. Everything else stays.
#[utoipa::path(
    put, path = "/notifications/{id}/content", tag = "notifications",
    params(("id" = String, Path)),
    request_body = ContentPut,
    responses((status = 200, body = Mutation), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn put_content(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<ContentPut>,
) -> ApiResult<Json<Mutation>> {
    let (services, environment) = (state.services(), caller.environment);
    let (mode, shown_as) = mode(request.state.as_deref())?;
    let found = document::find(services, environment, DocumentKind::Notification, &id).await?;
    let content = checked_content(services, "content", request.content, false)?;
    let answer = Mutation {
        id,
        version: content.version.clone().unwrap_or_default(),
        elements: flattened(content.elements.as_deref().unwrap_or_default()),
        state: shown_as,
    };
    let before: StoredNotification = document::read(found.body.clone())?;
    let stored = StoredNotification { content, ..before }.without_idle_headers(services);
    let change = DocumentWrite {
        mode,
        ..document::change(services, &found, document::stored(&stored)?)
    };
    document::write(services, environment, change).await?;
    Ok(Json(answer))
}
