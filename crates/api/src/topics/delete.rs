//! `DELETE /preferences/sections/{section_id}/topics/{topic_id}`: take a topic away.

use axum::extract::State;
use http::StatusCode;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;

use super::stored::find;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Take a topic away.
#[utoipa::path(
    delete, path = "/preferences/sections/{section_id}/topics/{topic_id}", tag = "preferences",
    params(("section_id" = String, Path), ("topic_id" = String, Path)),
    responses((status = 204, description = "Gone."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn delete_topic(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((section, id)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    find(services, environment, &section, &id).await?;
    document::archive(services, environment, DocumentKind::Topic, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
