//! `GET /notifications/{id}/draft/content`: what a template's draft says.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::Content;

use super::get_content::content;
use super::version::Which;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read the content of a template's draft. Older clients ask for it so.
#[utoipa::path(
    get, path = "/notifications/{id}/draft/content", tag = "notifications",
    params(("id" = String, Path)),
    responses((status = 200, body = Content), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_draft_content(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<Content>> {
    Ok(Json(
        content(state.services(), caller.environment, &id, Which::Draft).await?,
    ))
}
