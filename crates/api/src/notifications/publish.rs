//! `POST /notifications/{id}/publish`: put a draft, or an older version, in force.

use axum::extract::State;
use http::StatusCode;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::PublishRequest;

use super::submissions;
use super::version::number;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Publish a template's draft, or an older version again. Publishing what is in force already changes nothing.
#[utoipa::path(
    post, path = "/notifications/{id}/publish", tag = "notifications",
    params(("id" = String, Path)),
    request_body = Option<PublishRequest>,
    responses(
        (status = 204, description = "In force."),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
    ),
)]
pub(super) async fn publish_notification(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<PublishRequest>,
) -> ApiResult<StatusCode> {
    let version = request.version.as_deref().map(number).transpose()?;
    submissions::must_not_wait(state.services(), caller.environment, &id).await?;
    document::publish(
        state.services(),
        caller.environment,
        DocumentKind::Notification,
        &id,
        version,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
