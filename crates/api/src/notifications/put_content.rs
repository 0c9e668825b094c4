//! `PUT /notifications/{id}/content`: replace what a template says.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{ContentPut, Mutation};

use super::change::{Then, replace_content};
use super::written::checked_content;
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
    let then = Then::of(request.state.as_deref())?;
    let found = document::find(services, environment, DocumentKind::Notification, &id).await?;
    let content = checked_content(services, "content", request.content, false)?;
    let before = document::read(found.body.clone())?;
    Ok(Json(
        replace_content(services, environment, found, before, content, then).await?,
    ))
}
