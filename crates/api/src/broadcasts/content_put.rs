//! `PUT /broadcasts/{broadcast_id}/content`: write what a broadcast says.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::broadcasts::{self, Broadcast};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{ContentPut, Mutation, NotificationState};

use super::stored::{find, must_be_draft};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::notifications::{checked_content, flattened};
use crate::path::Path;

/// Write the content of a draft.
#[utoipa::path(
    put, path = "/broadcasts/{broadcast_id}/content", tag = "broadcasts",
    params(("broadcast_id" = String, Path)),
    request_body = ContentPut,
    responses(
        (status = 200, body = Mutation),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, description = "It is no draft.", body = ErrorBody),
    ),
)]
pub(super) async fn put_broadcast_content(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<ContentPut>,
) -> ApiResult<Json<Mutation>> {
    let (services, environment) = (state.services(), caller.environment);
    let found = find(services, environment, &id).await?;
    let before = Broadcast::read(&found)?;
    must_be_draft(&before)?;
    let content = checked_content(services, "content", request.content, false)?;
    let answer = Mutation {
        id,
        version: content.version.clone().unwrap_or_default(),
        elements: flattened(content.elements.as_deref().unwrap_or_default()),
        state: NotificationState::Draft,
    };
    let broadcast = Broadcast { content, ..before };
    broadcasts::write(services, environment, caller.actor(), &found, &broadcast).await?;
    Ok(Json(answer))
}
