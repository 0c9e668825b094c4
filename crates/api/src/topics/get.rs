//! `GET /preferences/sections/{section_id}/topics/{topic_id}`: one topic.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::topic::Topic;

use super::stored::{find, on_the_wire};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read a topic.
#[utoipa::path(
    get, path = "/preferences/sections/{section_id}/topics/{topic_id}", tag = "preferences",
    params(("section_id" = String, Path), ("topic_id" = String, Path)),
    responses((status = 200, body = Topic), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_topic(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((section, id)): Path<(String, String)>,
) -> ApiResult<Json<Topic>> {
    let found = find(state.services(), caller.environment, &section, &id).await?;
    Ok(Json(on_the_wire(found)?))
}
