//! `GET /broadcasts/{broadcast_id}/content`: what a broadcast says.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::broadcasts::Broadcast;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::Content;

use super::stored::find;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::notifications::content_with_checksums;
use crate::path::Path;

/// Read the content of a broadcast.
#[utoipa::path(
    get, path = "/broadcasts/{broadcast_id}/content", tag = "broadcasts",
    params(("broadcast_id" = String, Path)),
    responses((status = 200, body = Content), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_broadcast_content(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<Content>> {
    let found = find(state.services(), caller.environment, &id).await?;
    Ok(Json(content_with_checksums(Broadcast::read(&found)?.content)))
}
